"""A book club's questions: who is asked what, in which order, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from judgemark.inputs.club_prompts import (
    LONGEST_WORDS,
    ClubPrompts,
    Contribution,
    read_club_prompts,
)
from judgemark.inputs.prompts import PromptSet
from judgemark.protocols.book_club import BookClubProtocol, ClubRules, Earlier, turn_order
from judgemark.protocols.discussion_words import discussion_outcome
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.records import (
    Class,
    Failure,
    Outcome,
    Question,
    QuestionKey,
    Reply,
    Rubric,
    Sample,
    Verdict,
)

PROMPTS = ClubPrompts(
    "<JUDGE> of <JUDGES>, merits: <DISCUSSION>", "propose: <DISCUSSION>", "final: <DISCUSSION>", "-"
)
SAMPLES = tuple(Sample("ann", "1", item, f"piece {item}") for item in ("x", "y"))
SCORED = "\n".join(f"{name}: 5" for name in ("Plot", "Voice", "Pace", "Wit", "Depth"))


class Shown(PromptSet):
    """Prompts that are the piece itself."""

    def __init__(self) -> None:
        object.__setattr__(self, "system", None)

    def render(self, item: str, piece: str) -> str:
        """Name the piece."""
        del item
        return f"judge {piece}"


def club(*, merits: int = 1, scorings: int = 1, judges: int = 2) -> BookClubProtocol:
    names = [{"kind": "endpoint", "name": f"j{n}"} for n in range(judges)]
    members = tuple(RubricProtocol(name, SAMPLES, Shown(), Rubric(0, 10)) for name in names)
    return BookClubProtocol(members, tuple(names), ClubRules(merits, scorings, 0), PROMPTS)


def held(
    protocol: BookClubProtocol,
    fails: Mapping[tuple[str, int], int] | None = None,
    earlier: Earlier | None = None,
) -> list[list[Question]]:
    """The waves of a whole run; a question fails whose (stage, member) is in `fails`."""
    waves: list[list[Question]] = []
    plan = protocol.plan(earlier)
    try:
        wave = next(plan)
        while True:
            waves.append(list(wave))
            wave = plan.send({q.key: outcome(protocol, q, fails or {}) for q in wave})
    except StopIteration:
        return waves


def outcome(
    protocol: BookClubProtocol, q: Question, fails: Mapping[tuple[str, int], int]
) -> Outcome:
    slot = q.key.slot
    if (slot.stage, slot.member) in fails:
        return Failure(Class.ERROR, "no")
    text = SCORED if slot.stage in ("score", "final") else f"words of {slot.member}"
    return protocol.read(q, Reply(f"<think>hm</think>{text}", "stop"))


def keys(waves: list[list[Question]]) -> list[set[QuestionKey]]:
    return [{q.key for q in wave} for wave in waves]


def test_the_stages_follow_each_other_and_everyone_speaks_once_a_round() -> None:
    waves = held(club(merits=2, scorings=1, judges=3))
    stages = [{q.key.slot.stage for q in wave} for wave in waves]
    discussed = [f"{name}" for name in ("merit-1", "merit-2", "proposal-1") for _ in range(3)]
    assert stages == [{"score"}, *({stage} for stage in discussed), {"final"}]
    assert [len(wave) for wave in waves] == [6, *[2] * 9, 6]
    assert sum(map(len, waves)) == club(merits=2, scorings=1, judges=3).questions
    for item in ("x", "y"):
        spoke = [q.key.slot.member for wave in waves[1:4] for q in wave if q.item == item]
        assert tuple(spoke) == turn_order(0, item, 0, 3)


def test_a_later_speaker_sees_the_earlier_ones_and_its_own_first_impression() -> None:
    waves = held(club())
    first, second = (next(q for q in wave if q.item == "x") for wave in waves[1:3])
    assert [m.role for m in first.messages] == ["user", "assistant", "user"]
    assert first.messages[0].content == "judge piece x"
    assert first.messages[1].content == SCORED  # without its hidden reasoning
    number = first.key.slot.member
    assert first.messages[2].content == f"{number + 1} of 2, merits: -"
    other = second.key.slot.member
    assert second.messages[2].content == (
        f"{other + 1} of 2, merits: Judge {number + 1}: words of {number}"
    )
    final = next(q for q in waves[-1] if q.item == "x")
    assert final.messages[2].content.count("words of") == 4


def test_first_impressions_are_the_questions_of_a_plain_ensemble() -> None:
    protocol = club()
    alone = [q.key.question for m in protocol.members for q in next(m.plan())]
    assert sorted(q.key.question for q in held(protocol)[0]) == sorted(alone)


def test_a_failed_turn_is_left_out_and_the_talk_goes_on() -> None:
    waves = held(club(), {("merit-1", 0): 1})
    final = next(q for q in waves[-1] if q.item == "x")
    # Of four turns one failed.
    assert final.messages[2].content.count("words of") == 3
    assert final.messages[2].content.count("words of 0") == 1


def test_a_judge_without_a_first_impression_is_asked_in_one_message() -> None:
    waves = held(club(), {("score", 1): 1})
    turn = next(q for w in waves[1:3] for q in w if q.item == "x" and q.key.slot.member == 1)
    assert [m.role for m in turn.messages] == ["user"]
    assert turn.messages[0].content.startswith("judge piece x\n\n2 of 2, merits:")


def test_the_same_answers_give_the_same_questions() -> None:
    assert keys(held(club())) == keys(held(club()))


def test_what_failed_before_and_was_talked_over_is_not_asked_again() -> None:
    protocol = club()
    fails = {("merit-1", 0): 1, ("final", 1): 1}
    waves = held(protocol, fails)
    failed = {q.key for w in waves for q in w if (q.key.slot.stage, q.key.slot.member) in fails}
    reached = {("x", SAMPLES[0].sha256, 0): protocol.steps - 1}
    reached |= {("y", SAMPLES[1].sha256, 0): protocol.steps - 1}
    again = held(protocol, {}, Earlier(failed, reached))
    asked = {q.key for wave in again for q in wave}
    # The turn is settled, the final scores are asked for again, and nothing else has changed.
    assert {key.slot.stage for key in failed - asked} == {"merit-1"}
    assert keys(again)[-1] == keys(waves)[-1]
    # Where the discussion had not gone on, the turn is asked for again.
    steps = {
        table: protocol.step_of(next(iter(failed - asked)).slot, table[0]) for table in reached
    }
    not_on = held(protocol, {}, Earlier(failed, steps))
    assert failed - asked <= {q.key for wave in not_on for q in wave}


def test_steps_are_those_of_the_turn_order() -> None:
    protocol = club(merits=1, scorings=2, judges=3)
    waves = held(protocol)
    assert len(waves) == protocol.steps
    for step, wave in enumerate(waves):
        assert {protocol.step_of(q.key.slot, q.item) for q in wave} == {step}


def test_orders_are_drawn_from_seed_item_and_repeat() -> None:
    orders = {turn_order(seed, item, repeat, 4) for seed in (0, 1) for item in "abcd"
              for repeat in (0, 1)}  # fmt: skip
    assert len(orders) > 5
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    assert turn_order(3, "x", 0, 4) == turn_order(3, "x", 0, 4)


def test_equal_texts_on_one_item_are_discussed_once() -> None:
    protocol = club()
    twice = (*SAMPLES, replace(SAMPLES[0], writer="bea"))
    members = tuple(replace(member, samples=twice) for member in protocol.members)
    assert keys(held(replace(protocol, members=members))) == keys(held(protocol))


def test_no_rounds_at_all_is_scoring_twice() -> None:
    assert len(held(club(merits=0, scorings=0))) == 2


@pytest.mark.parametrize(
    ("text", "finish", "cls"),
    [
        ("Good.", "stop", Class.OK),
        ("<think>so</think> Good.", "stop", Class.OK),
        ("Good, bec", "length", Class.PARTIAL),
        ("<think>so", "length", Class.TRUNCATED),
        ("<think>so", "stop", Class.EMPTY),
        ("", "stop", Class.EMPTY),
        ("Go", "content_filter", Class.REFUSED),
    ],
)
def test_words(text: str, finish: str, cls: Class) -> None:
    found = discussion_outcome(text, finish)
    assert found.cls is cls
    if isinstance(found, Verdict):
        assert found.words is not None and found.words.startswith("Good")


def test_what_was_said_is_cut_and_not_searched_for_placeholders() -> None:
    told = PROMPTS.render(PROMPTS.merit, 0, 2, [Contribution(1, "<JUDGE> " + "a" * LONGEST_WORDS)])
    assert "Judge 2: <JUDGE> aaa" in told and told.endswith("a …")
    assert len(told) < LONGEST_WORDS + 60


def test_our_own_texts_have_their_places() -> None:
    ours = read_club_prompts()
    for text in (ours.merit, ours.proposal, ours.final):
        assert all(place in text for place in ("<JUDGE>", "<JUDGES>", "<DISCUSSION>"))
