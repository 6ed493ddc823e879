"""What judges that read nothing score, and what chance alone gives each of them."""

from __future__ import annotations

from judgemark.judges.baselines import FLOORS, baseline
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.records import Sample, Verdict
from judgemark.scoring.floors import baseline_scores, features_of_samples, floor_of, floors
from judgemark.scoring.run_tables import baseline_table

WORDS = [f"word{n}" for n in range(400)]


def _samples(words_of: dict[str, int]) -> list[Sample]:
    """Four items, two iterations; a writer's pieces have that number of words, more by item."""
    return [
        Sample(writer, iteration, str(item), " ".join(WORDS[: words + 50 * item]))
        for writer, words in words_of.items()
        for iteration in ("1", "2")
        for item in range(4)
    ]


def test_writers_of_different_length_are_told_apart_by_counting() -> None:
    found = floors(_samples({"short": 10, "middle": 25, "long": 40}), {"short": 0, "long": 1}, 0)
    # Within an item the longer writer is always the longer one, but items overlap: 25 + 50 > 40.
    assert found["length"].score is not None and found["lexical"].score is not None
    assert found["length"].null_p95 is not None and found["lexical"].null_p95 is not None
    assert found["length"].score > found["length"].null_p95
    assert found["lexical"].score > found["lexical"].null_p95
    assert found["length"].kendall_tau == 1.0


def test_the_scores_of_a_floor_are_the_replies_of_its_baseline() -> None:
    samples = [*_samples({"a": 10, "b": 25}), Sample("a", "3", "0", " \n")]
    for name in FLOORS:
        judge = baseline(name, 7)
        protocol = NumberProtocol(judge.configuration, samples, judge.by_place)
        replies = [protocol.read(q, judge.ask(q)) for q in next(protocol.plan())]
        scores = baseline_scores(name, samples, 7, features_of_samples(samples))
        assert scores == [r.value for r in replies if isinstance(r, Verdict)]


def test_each_floor_has_its_own_chance() -> None:
    found = floors(_samples({"a": 10, "b": 11, "c": 12}), None, 0)
    follows_items, dice = found["length"], found["random"]
    assert follows_items.null_mean is not None and dice.null_mean is not None
    # Where scores follow the item, shuffled writers still have much the same scores; dice differ.
    assert follows_items.null_mean < 1 < dice.null_mean


def test_the_chance_of_a_floor_is_in_the_result() -> None:
    found = floors(_samples({"a": 10, "b": 11, "c": 12}), None, 0)["random"]
    assert found.to_json()["chance"] == {"mean": found.null_mean, "p95": found.null_p95}
    bare = floor_of(baseline_table(_samples({"a": 1, "b": 2}), list(range(16))), None, 0,
                    no_chance="not here")  # fmt: skip
    assert bare.to_json()["chance"] is None and bare.no_chance == "not here"


def test_dice_lie_within_their_own_chance() -> None:
    samples = _samples({"a": 10, "b": 11, "c": 12})
    within = 0
    for seed in range(40):
        dice = floors(samples, None, seed)["random"]
        assert dice.score is not None and dice.null_p95 is not None
        within += dice.score <= dice.null_p95
    assert within >= 34  # 38 of 40 are expected; fewer than 34 would come once in 300


def test_the_same_seed_gives_the_same_floors() -> None:
    samples = _samples({"a": 10, "b": 20})
    assert floors(samples, None, 3) == floors(samples, None, 3)
    assert floors(samples, None, 3)["random"] != floors(samples, None, 4)["random"]


def test_one_writer_has_no_floor_but_a_reason() -> None:
    found = floors(_samples({"alone": 10}), None, 0)
    assert set(found) == set(FLOORS)
    for floor in found.values():
        assert set(floor.to_json().values()) == {None}
        assert floor.reason
