"""What a journal tells of how its run was asked."""

from __future__ import annotations

from judgemark.records import Reply, Sample, Usage
from judgemark.run.asking_facts import asking_facts
from judgemark.run.journal_entry import JournalEntry
from tests.support.entries import entry


def came(name: str, *adapted: str, minute: int = 0, **more: object) -> JournalEntry:
    time = f"2026-01-01T00:{minute:02}:00+00:00"
    return entry(name, reply=Reply("Wit: 7", adapted=adapted), time=time, **more)


def test_a_field_that_was_left_out_of_some_replies_is_counted_from_when_on() -> None:
    entries = [
        came("a"),
        came("b", "temperature", minute=9),
        came("c", "temperature", minute=7),
        came("d", "max_tokens"),
        entry("e", reply=None),
    ]
    (found,) = asking_facts(entries, ()).adaptations
    assert (found.field, found.most, found.replies, found.of) == ("temperature", None, 2, 4)
    assert found.since == "2026-01-01T00:07:00+00:00"
    assert str(found) == (
        "the endpoint does not take temperature: left out of 2 of 4 replies, from "
        "2026-01-01T00:07:00+00:00 on; these figures mix two settings"
    )


def test_a_field_that_no_reply_was_asked_with_mixes_nothing() -> None:
    facts = asking_facts([came("a", "temperature"), came("b", "temperature")], ())
    assert [str(a) for a in facts.adaptations] == [
        "the endpoint does not take temperature: left out of all 2 replies"
    ]


def test_lowered_figures_count_as_one_adaptation_with_the_lowest() -> None:
    entries = [came("a", "max_tokens<=4096 for all"), came("b", "max_tokens<=900"), came("c")]
    (found,) = asking_facts(entries, ()).adaptations
    assert (found.field, found.most, found.replies, found.of) == ("max_tokens", 900, 2, 3)


def test_the_limits_other_name_is_no_loss_and_lent_verdicts_tell_of_another_run() -> None:
    entries = [came("a", "max_tokens"), came("b", "temperature", lent="other")]
    assert asking_facts(entries, ()).adaptations == ()


def test_prompts_are_counted_by_the_pieces_in_them() -> None:
    samples = [Sample("ann", "1", str(n), "x" * n) for n in (9_000, 12_000, 15_000)]
    entries = [
        came(str(n), texts={"piece": sample.sha256}, attempts=1, usage=Usage(2_048, 5))
        for n, sample in enumerate(samples)
    ]
    cut = asking_facts(entries, samples).cut_prompts
    assert cut is not None
    assert (cut.constant, cut.tokens, cut.shortest, cut.longest) == (True, 2_048, 9_000, 15_000)
    # Short pieces in long prompts: the prompt's own length counts where the journal tells it.
    short = [
        came(str(n), attempts=1, usage=Usage(100), prompt_characters=4_870 + n) for n in range(3)
    ]
    below = asking_facts(short, ()).cut_prompts
    assert below is not None
    assert (below.constant, below.longest, below.tokens) == (False, 4_872, 100)
    # Sums over several attempts say nothing.
    twice = [came(str(n), attempts=2, usage=Usage(2_048)) for n in range(3)]
    assert asking_facts(twice, samples).cut_prompts is None
