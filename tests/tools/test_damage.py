import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.damage import (
    Material,
    Step,
    apply_steps,
    ending_start,
    plan_damage,
    share_touched,
    surface_distance,
    take_steps,
)
from tools.sentences import Piece, split_piece

PIECE = split_piece(
    "Ann was late. She took the long road. It had no lamps.\n\n"
    '"Who is there?" said Bob. Nobody spoke. He did not move. The gate was open.\n\n'
    "Ann laughed first. Then he saw her and laughed too. They went in. Supper was cold.\n\n"
    "In the morning the gate was gone. He put up a new one, and it never shut."
)
OTHERS = [
    split_piece("A ship lay off the point. Its bell rang. No one aboard could say who rang it."),
    split_piece("Rain fell on the fair. The bear sat down. It would not dance again for anybody."),
    split_piece("Flour ran out on Monday. The baker lied. By Friday the whole street was baking."),
]
STOCK = ["Time stood still.", "It was now or never.", "Everything happens for a reason."]
MATERIAL = Material(OTHERS, STOCK, (("Ann", "Bob"),))
SEEDS = st.integers(0, 2**32 - 1)


def plan(seed: int) -> tuple[Step, ...]:
    return plan_damage(PIECE, MATERIAL, np.random.default_rng(seed))


@settings(deadline=None, max_examples=40)
@given(SEEDS)
def test_a_plan_touches_every_sentence_once_and_changes_it(seed: int) -> None:
    touched = [n for step in plan(seed) for n in step.changes]
    assert sorted(touched) == list(range(len(PIECE.sentences)))
    assert all(text != PIECE.sentences[n] for s in plan(seed) for n, text in s.changes.items())
    assert [s.kind for s in plan(seed)].count("ending") == 1


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.floats(0, 1), st.floats(0, 1))
def test_lower_damage_is_contained_in_higher(seed: int, one: float, two: float) -> None:
    steps = plan(seed)
    less, more = (take_steps(PIECE, steps, s) for s in sorted((one, two)))
    assert more[: len(less)] == less
    mild, worse = apply_steps(PIECE, less).sentences, apply_steps(PIECE, more).sentences
    spoilt = [n for n, (a, b) in enumerate(zip(PIECE.sentences, mild, strict=True)) if a != b]
    assert all(worse[n] == mild[n] for n in spoilt)


def test_the_same_seed_makes_the_same_plan_and_another_another() -> None:
    assert plan(5) == plan(5) != plan(6)


def test_steps_are_taken_to_the_share_that_is_nearest() -> None:
    piece = Piece(("a b c.", "d e.", "f g h i j."), (0, 0, 0))  # 3, 2 and 5 of 10 words
    steps = (Step("lift", {1: "x y."}), Step("lift", {0: "x y z."}), Step("lift", {2: "x."}))
    # Shares after 0, 1, 2, 3 steps: 0, .2, .5, 1.
    assert [len(take_steps(piece, steps, s)) for s in (0.0, 0.2, 0.34, 0.4, 0.76, 1.0)] == [
        0, 1, 1, 2, 3, 3,
    ]  # fmt: skip
    assert share_touched(piece, steps[:2]) == pytest.approx(0.5)


def test_an_ending_is_the_last_sentences_of_fourteen_words_together() -> None:
    # "He put up a new one, and it never shut." has 10 words, the one before it 7.
    assert ending_start(PIECE) == len(PIECE.sentences) - 2
    assert ending_start(Piece(("Too short.",), (0,))) == 0


def test_surface_is_words_distinct_words_and_letters() -> None:
    # 3 and 4 words: 1; {a, b} and {a, b, c}: 1; 5 and 10 characters: 5 letters, 1 word.
    assert surface_distance("a b a", "a b a cccc") == pytest.approx(3)
    assert surface_distance("a b", "b a") == 0


def test_a_move_exchanges_two_sentences_a_quarter_of_the_piece_apart() -> None:
    moves = [step.changes for seed in range(10) for step in plan(seed) if step.kind == "move"]
    assert moves
    for changes in moves:
        (a, b) = sorted(changes)
        assert b - a >= 3
        assert changes == {a: PIECE.sentences[b], b: PIECE.sentences[a]}
