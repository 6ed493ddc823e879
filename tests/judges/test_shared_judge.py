"""A judge at several endpoints is broken off and closed at all of them."""

from __future__ import annotations

from judgemark.judges.shared_judge import SharedJudge, first_of
from judgemark.records import Reply
from tests.support.asking import ScriptedJudge
from tests.support.questions import question


class Closing(ScriptedJudge):
    """Counts how often it is closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_what_is_said_to_it_is_said_to_all_but_a_question() -> None:
    one, other = (Closing(lambda *_: "7") for _ in range(2))
    shared = SharedJudge([one, other], ["http://a", "http://b"])
    assert shared.ask(question()) == Reply("7", "stop")
    shared.enter_thread()
    shared.interrupt()
    shared.close()
    assert (one.interrupted, other.interrupted) == (1, 1)
    assert (one.closed, other.closed) == (1, 1)
    assert (sum(one.asked.values()), sum(other.asked.values())) == (1, 0)
    assert shared.configuration == one.configuration
    assert first_of(shared) is one and first_of(other) is other
