import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.damage.passage import split_passage
from tools.mixed_damage import (
    Material,
    Step,
    apply_steps,
    ending_start,
    least_drift,
    plan_damage,
    sentence_distances,
    share_touched,
    take_steps,
)

PIECE = split_passage(
    "Ann was late. She took the long road. It had no lamps.\n\n"
    '"Who is there?" said Bob. Nobody spoke. He did not move. The gate was open.\n\n'
    "Ann laughed first. Then he saw her and laughed too. They went in. Supper was cold.\n\n"
    "In the morning the gate was gone. He put up a new one, and it never shut."
)
OTHERS = [
    split_passage("A ship lay off the point. Its bell rang. No one aboard could say who rang it."),
    split_passage(
        "Rain fell on the fair. The bear sat down. It would not dance again for anybody."
    ),
    split_passage(
        "Flour ran out on Monday. The baker lied. By Friday the whole street was baking."
    ),
]
MATERIAL = Material(OTHERS, (("Ann", "Bob"),))
SEEDS = st.integers(0, 2**32 - 1)


def plan(seed: int) -> tuple[Step, ...]:
    return plan_damage(PIECE, MATERIAL, np.random.default_rng(seed))


@settings(deadline=None, max_examples=15)
@given(SEEDS)
def test_a_plan_touches_every_sentence_once_and_changes_it(seed: int) -> None:
    planned = plan(seed)
    touched = [n for step in planned for n in step.changes]
    assert sorted(touched) == list(range(len(PIECE.sentences)))
    assert all(text != PIECE.sentences[n] for s in planned for n, text in s.changes.items())
    assert [s.kind for s in planned].count("ending") == 1


@settings(deadline=None, max_examples=15)
@given(SEEDS, st.floats(0, 1), st.floats(0, 1))
def test_lower_damage_is_contained_in_higher(seed: int, one: float, two: float) -> None:
    planned = plan(seed)
    less, more = (take_steps(PIECE, planned, s) for s in sorted((one, two)))
    assert more[: len(less)] == less
    mild, worse = ({n: t for s in steps for n, t in s.changes.items()} for steps in (less, more))
    assert worse.items() >= mild.items()


def test_the_same_seed_makes_the_same_plan_and_another_another() -> None:
    assert plan(5) == plan(5) != plan(6)


def test_steps_are_taken_to_the_share_that_is_nearest() -> None:
    piece = split_passage("A b c. D e. F g h i j.")  # 3, 2 and 5 of 10 words
    steps = (Step("lift", {1: "x y."}), Step("lift", {0: "x y z."}), Step("lift", {2: "x."}))
    # Shares after 0, 1, 2, 3 steps: 0, .2, .5, 1.
    assert [len(take_steps(piece, steps, s)) for s in (0.0, 0.2, 0.34, 0.4, 0.76, 1.0)] == [
        0, 1, 1, 2, 3, 3,
    ]  # fmt: skip
    assert share_touched(piece, steps[:2]) == pytest.approx(0.5)


def test_an_ending_is_the_last_sentences_of_fourteen_words_together() -> None:
    # "He put up a new one, and it never shut." has 10 words, the one before it 7.
    assert ending_start(PIECE) == len(PIECE.sentences) - 2
    assert ending_start(split_passage("Too short.")) == 0


def test_the_candidate_is_taken_that_drifts_least_over_all_features() -> None:
    # Mean drifts are 2 and 20: (1, 2), (.5, .5) and (1.5, .5) of them; squares sum to 5, .5, 2.5.
    origin = np.array([0.0, 0.0])
    assert least_drift(origin, np.array([[2.0, 40.0], [-1.0, 10.0], [3.0, -10.0]])) == 1
    assert least_drift(origin, np.array([[0.0, 0.0]])) == 0


def test_sentences_are_compared_by_words_letters_and_marks() -> None:
    # Two words and 6 characters more: 2 + 6 / 5; a comma weighs 3 words and is a character.
    distances = sentence_distances("It rained.", ["It rained on it.", "It rained.", "It, rained."])
    assert distances.tolist() == pytest.approx([2 + 6 / 5, 0, 3 + 1 / 5])


def test_the_ending_is_that_of_another_piece_in_as_many_paragraphs() -> None:
    steps = [step for step in plan(3) if step.kind == "ending"]
    assert len(steps) == 1
    ended = apply_steps(PIECE, steps)
    assert len(ended.paragraphs) == len(PIECE.paragraphs)
    assert any(ended.text.endswith(other.sentences[-1]) for other in OTHERS)


def test_a_move_exchanges_two_sentences_a_quarter_of_the_piece_apart() -> None:
    moves = [step.changes for seed in range(10) for step in plan(seed) if step.kind == "move"]
    assert moves
    for changes in moves:
        (a, b) = sorted(changes)
        assert b - a >= 3
        assert changes == {a: PIECE.sentences[b], b: PIECE.sentences[a]}
