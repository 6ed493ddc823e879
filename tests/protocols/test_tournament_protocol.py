"""The tournament protocol: waves of questions out of rounds, ratings out of outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from judgemark.errors import UsageError
from judgemark.protocols.pairwise_protocol import Pairwise
from judgemark.protocols.tournament_protocol import TournamentProtocol
from judgemark.records import Class, Failure, Outcome, Question, QuestionKey, Sample, Verdict
from judgemark.tournaments.tournament_result import Played
from judgemark.tournaments.tournament_settings import Option, Settings

ITEMS = ("1", "2", "3")
Answer = Callable[[Question], Outcome]


def piece(writer: str, item: str, text: str | None = None) -> Sample:
    """A piece whose writer's initial tells how good it is: a is best."""
    return Sample(writer, "1", item, text or f"{writer} on {item}")


def protocol(
    samples: Sequence[Sample], option: Option = Option.ISOLATED, rounds: int | None = 3
) -> TournamentProtocol:
    asking = Pairwise({"name": "scripted"}, {item: f"Write about {item}." for item in ITEMS})
    return TournamentProtocol(asking, samples, Settings(option=option, rounds=rounds))


FIELD = [piece(writer, item) for writer in "abcdef" for item in ITEMS]


def alphabetical(question: Question) -> Outcome:
    """Prefers the earlier writer at 0.8, and gives position 1 another 0.1."""
    a, b = question.pieces["A"].writer, question.pieces["B"].writer
    return Verdict(Class.OK, preference=0.9 if a < b else 0.3)


def run(
    played: TournamentProtocol, answer: Answer, waves: list[Sequence[Question]] | None = None
) -> dict[QuestionKey, Outcome]:
    """What a runner does: ask wave by wave, keep the outcomes."""
    journal: dict[QuestionKey, Outcome] = {}
    plan = played.plan()
    try:
        wave = next(plan)
        while True:
            if waves is not None:
                waves.append(wave)
            outcomes: Mapping[QuestionKey, Outcome] = {q.key: answer(q) for q in wave}
            journal.update(outcomes)
            wave = plan.send(outcomes)
    except StopIteration:
        return journal


def published(played: Played) -> tuple[object, ...]:
    """All but the score table, which compares by identity."""
    result = played.result
    return result.standings, result.matches, played.passes, played.calls, played.reuses


def test_a_wave_holds_both_passes_of_every_pair_of_every_item() -> None:
    waves: list[Sequence[Question]] = []
    run(protocol(FIELD, rounds=2), alphabetical, waves)
    # 3 items x 3 pairs x 2 passes, and in a second round nobody has to meet again.
    assert [len(wave) for wave in waves] == [18, 18]
    for first, second in zip(waves[0][::2], waves[0][1::2], strict=True):
        assert first.pieces["A"] == second.pieces["B"]
        assert first.key.slot.passage == 0
        assert second.key.slot.passage == 1


def test_the_ratings_come_from_the_outcomes_alone() -> None:
    chosen = protocol(FIELD, Option.FULL, None)
    played = chosen.score(run(chosen, alphabetical))
    assert [line.writer for line in played.result.leaderboard] == list("abcdef")
    assert played.result.missing == 0
    # P(better) = mean of 0.9 as A and 1 - 0.3 as B = 0.8, whichever name comes first.
    assert list(played.result.preferences) == pytest.approx([0.8] * 45)
    assert (played.calls, played.reuses) == (3 * 15 * 2, 0)
    assert {tuple(sorted(both)) for both in played.passes} == {(0.3, 0.9)}
    assert len(played.passes) == 3 * 15


def test_stopped_anywhere_and_resumed_it_ends_with_the_same_ratings() -> None:
    chosen = protocol(FIELD, Option.BOOTSTRAP, 6)
    whole = run(chosen, alphabetical)
    for kept in (1, 20, len(whole) - 1):
        journal = dict(list(whole.items())[:kept])
        asked: list[QuestionKey] = []

        def answer(
            question: Question,
            journal: dict[QuestionKey, Outcome] = journal,
            asked: list[QuestionKey] = asked,
        ) -> Outcome:
            if question.key not in journal:
                asked.append(question.key)
            return journal.get(question.key) or alphabetical(question)

        again = run(chosen, answer)
        assert published(chosen.score(again)) == published(chosen.score(whole))
        assert len(asked) == len(whole) - kept


def test_a_pair_that_meets_again_is_not_asked_again() -> None:
    two = [piece(writer, "1") for writer in "ab"]
    waves: list[Sequence[Question]] = []
    chosen = protocol(two, rounds=5)
    played = chosen.score(run(chosen, alphabetical, waves))
    assert [len(wave) for wave in waves] == [2]
    assert (played.result.match_count, played.calls, played.reuses) == (5, 2, 8)


def test_a_failed_pass_is_missing_and_asked_once() -> None:
    two = [piece(writer, "1") for writer in "ab"]
    waves: list[Sequence[Question]] = []

    def half(question: Question) -> Outcome:
        if question.key.slot.passage:
            return Failure(Class.ERROR, "too long")
        return alphabetical(question)

    chosen = protocol(two, rounds=5)
    played = chosen.score(run(chosen, half, waves))
    assert [len(wave) for wave in waves] == [2]
    assert played.result.missing == 5
    assert played.passes == ()
    assert {line.rating for line in played.result.leaderboard} == {1200.0}


def test_identical_texts_tie_without_being_asked() -> None:
    same = [piece("a", "1", "twice told"), piece("b", "1", "twice told")]
    chosen = protocol(same)
    assert run(chosen, alphabetical) == {}
    played = chosen.score({})
    assert set(played.result.preferences) == {0.5}
    assert (played.calls, played.reuses, played.passes) == (0, 0, ())


def test_other_tournaments_of_a_judge_share_its_verdicts_but_not_its_fingerprint() -> None:
    isolated, bootstrap = protocol(FIELD), protocol(FIELD, Option.BOOTSTRAP)
    full = protocol(FIELD, Option.FULL, None)
    everything = run(full, alphabetical)
    assert len(everything) == 3 * 15 * 2
    assert run(isolated, alphabetical).keys() <= everything.keys()
    assert run(bootstrap, alphabetical).keys() <= everything.keys()
    marks = {str(sorted(p.fingerprint.items())) for p in (isolated, bootstrap, full)}
    assert len(marks) == 3


def test_samples_without_a_field_are_refused() -> None:
    with pytest.raises(UsageError, match="at least two writers"):
        next(protocol([piece("a", "1")]).plan())
