"""Which functions are the same judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from judgemark.judges.function_identity import function_identity


def weighted(weight: float) -> Callable[[Any], float]:
    return lambda piece: weight * len(piece.text)


def scaled(piece: Any, factor: float = 1.0, *, offset: float = 0.0) -> float:
    return factor * len(piece.text) + offset


class Counting:
    """A judge that remembers what it was asked."""

    def __init__(self, name: str, least: int = 0) -> None:
        self.name = name
        self.least = least
        self.calls = 0
        self.seen: list[str] = []

    def __call__(self, piece: Any) -> float:
        self.calls += 1
        self.seen.append(piece.text)
        return 5.0


def test_the_same_function_is_the_same_judge() -> None:
    assert function_identity(weighted(0.5)) == function_identity(weighted(0.5))
    assert function_identity(scaled) == function_identity(scaled)


def test_other_values_are_another_judge() -> None:
    judges: list[Callable[..., Any]] = [
        weighted(0.5),
        weighted(0.7),
        scaled,
        partial(scaled, factor=2.0),
        partial(scaled, factor=3.0),
        partial(scaled, offset=3.0),
        Counting("a"),
        Counting("b"),
        Counting("a", least=3),
        Counting("a").__call__,
    ]
    assert len({function_identity(judge) for judge in judges}) == len(judges)


def test_what_a_judge_counts_and_collects_does_not_change_it() -> None:
    judge = Counting("a")
    seen: list[str] = []
    calls = 0
    before = function_identity(judge)
    judge.calls, judge.seen = 7, ["x"]
    assert function_identity(judge) == before

    def collecting(piece: Any) -> float:
        nonlocal calls
        calls += 1
        seen.append(piece.text)
        return 5.0

    before = function_identity(collecting)
    collecting(SimpleNamespace(text="x"))
    assert function_identity(collecting) == before


def test_a_function_without_a_source_file_is_told_by_its_code() -> None:
    made: list[Any] = []
    for body in ("5.0", "5.0", "6.0", "len(piece.text)", "len(piece.item)"):
        namespace: dict[str, Any] = {}
        exec(f"def judge(piece): return {body}", namespace)
        made.append(function_identity(namespace["judge"]))
    assert made[0] == made[1]
    assert len(set(made)) == 4


def of_file(source: str) -> str:
    """The identity of the judge in a file of this source."""
    namespace: dict[str, Any] = {"__name__": "own_judge"}
    exec(source, namespace)
    return function_identity(namespace["judge"])


def test_what_a_judge_uses_of_its_file_is_part_of_it() -> None:
    calls = """
PROMPT = {prompt!r}
WEIGHTS = {weights!r}
API_KEY = {key!r}
count = {count}
def length(text):
    global count
    count += 1
    return len(text) + {more}
def judge(piece):
    return length(PROMPT + piece.text + API_KEY) * WEIGHTS["length"] + count
"""
    usual = {"prompt": "Rate it.", "weights": {"length": 2}, "key": "a", "count": 0, "more": 0}
    same = of_file(calls.format(**usual))
    assert of_file(calls.format(**usual)) == same
    for other in ({"prompt": "Score it."}, {"weights": {"length": 3}}, {"more": 1}):
        assert of_file(calls.format(**{**usual, **other})) != same
    # What the file counts, and a key that was renewed, leave it the same judge.
    for other in ({"count": 7}, {"key": "b"}):
        assert of_file(calls.format(**{**usual, **other})) == same


def test_a_decorated_judge_is_told_by_what_it_uses() -> None:
    decorated = """
from functools import wraps
PROMPT = {prompt!r}
def patient(judge):
    @wraps(judge)
    def asked(piece):
        return judge(piece)
    return asked
@patient
def judge(piece):
    return len(PROMPT + piece.text)
"""
    assert of_file(decorated.format(prompt="Rate it.")) == of_file(
        decorated.format(prompt="Rate it.")
    )
    assert of_file(decorated.format(prompt="Rate it.")) != of_file(
        decorated.format(prompt="Score.")
    )


@pytest.mark.parametrize("judge", ["Judge()", "lambda piece: Judge()(piece)"])
def test_the_classes_of_a_file_are_part_of_a_judge(judge: str) -> None:
    classes = """
class Parent:
    def length(self, text):
        return len(text) + {more}
class Judge(Parent):
    def __call__(self, piece):
        return self.length(piece.text) + {most}
judge = {judge}
"""
    same = of_file(classes.format(judge=judge, more=1, most=1))
    assert of_file(classes.format(judge=judge, more=1, most=1)) == same
    assert of_file(classes.format(judge=judge, more=1, most=2)) != same


def test_the_parent_of_a_judge_is_part_of_it() -> None:
    parents = """
class Parent:
    def length(self, text):
        return len(text) + {more}
class Judge(Parent):
    def __call__(self, piece):
        return self.length(piece.text)
judge = Judge()
"""
    assert of_file(parents.format(more=1)) == of_file(parents.format(more=1))
    assert of_file(parents.format(more=1)) != of_file(parents.format(more=2))


def test_a_cache_does_not_make_a_judge_another_one() -> None:
    cached = """
CACHE = {cache}
def judge(piece):
    return CACHE.setdefault(piece.text, len(piece.text))
"""
    assert of_file(cached.format(cache={})) == of_file(cached.format(cache={"x": 1}))


class Configured:
    """A judge with settings in a mapping."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings

    def __call__(self, piece: Any) -> float:
        return float(self.settings["weight"] * len(piece.text))


def test_settings_in_a_mapping_tell_judges_apart() -> None:
    one, same, other = (Configured({"weight": w, "names": ["a"]}) for w in (1, 1, 2))
    assert function_identity(one) == function_identity(same) != function_identity(other)


def test_sets_and_patterns_of_a_file_are_part_of_a_judge() -> None:
    uses = """
import re
WORDS = {words!r}
PATTERN = re.compile({pattern!r})
def judge(piece):
    return len(PATTERN.findall(piece.text)) + (piece.text in WORDS)
"""
    same = of_file(uses.format(words={"a", "b", "c"}, pattern="x+"))
    assert of_file(uses.format(words={"c", "b", "a"}, pattern="x+")) == same
    assert of_file(uses.format(words={"a", "b"}, pattern="x+")) != same
    assert of_file(uses.format(words={"a", "b", "c"}, pattern="y+")) != same


def test_two_functions_on_one_line_are_two_judges() -> None:
    by_words, by_letters = (lambda p: len(p.text.split())), (lambda p: len(p.text))
    assert function_identity(by_words) != function_identity(by_letters)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a judge of this file is made with."""

    weights: Any
    then: Any = None


class Weighted:
    """A judge with weights, a client of its own and a key that may be renewed."""

    def __init__(self, weights: Any, api_key: str = "first") -> None:
        self.weights = weights
        self.api_key = api_key

    def __call__(self, piece: Any) -> float:
        return float(len(piece.text) * self.weights[0])

    def score(self, piece: Any) -> float:
        """Score a piece."""
        return self(piece)


def holding(held: Any) -> Callable[[Any], Any]:
    return lambda piece: (held, len(piece.text))


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*arguments: Any) -> Any:
        return function(*arguments)

    return wrapper


A, B = np.array([1.0, 0.0]), np.array([0.0, 1.0])


@pytest.mark.parametrize(
    "make",
    [
        holding,
        Weighted,
        lambda held: Weighted(held).score,
        lambda held: partial(scaled, held),
        lambda held: partial(scaled, factor=held),
        lambda held: holding(Settings(held)),
        lambda held: holding(Settings(1, then=Settings(held))),
        lambda held: holding(Weighted(held)),
        lambda held: holding(Weighted(held).score),
        lambda held: holding(partial(scaled, held)),
        lambda held: logged(holding(held)),
        lambda held: logged(logged(holding(held))),
    ],
)
@pytest.mark.parametrize(
    ("one", "other"),
    [(A, B), (A, A.astype(np.float32)), (Decimal(1), Decimal(2)), (np.float64(1), np.float64(2))],
)
def test_what_a_judge_holds_by_its_objects_tells_it_apart(
    make: Callable[[Any], Callable[..., Any]], one: Any, other: Any
) -> None:
    assert function_identity(make(one)) == function_identity(make(one))
    assert function_identity(make(one)) != function_identity(make(other))


def test_keys_and_what_has_no_bytes_of_its_own_do_not_count() -> None:
    first, renewed = Weighted(A), Weighted(A, api_key="second")
    assert function_identity(first) == function_identity(renewed)
    assert function_identity(holding(first)) == function_identity(holding(renewed))
    for held in (object, np.random.default_rng, lambda: np.array([object()], dtype=object)):
        assert function_identity(holding(held())) == function_identity(holding(held()))


def test_an_object_that_the_judge_changes_stays_the_same() -> None:
    state = SimpleNamespace(calls=0)
    counter = Settings([0])

    def judge(piece: Any) -> float:
        state.calls += 1
        counter.weights[0] += 1
        return float(bool(piece))

    before = function_identity(judge)
    judge(None)
    assert function_identity(judge) == before


def test_objects_that_hold_each_other_end_somewhere() -> None:
    one, other = Weighted([1.0]), Weighted([2.0])
    one.weights, other.weights = other, one
    assert function_identity(holding(one)) == function_identity(holding(one))
