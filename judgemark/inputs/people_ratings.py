"""Reads what people scored: a line for each rater and piece, or one score for each piece."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judgemark.bounds import LARGEST_NUMBER
from judgemark.errors import InputError
from judgemark.inputs.json_file import json_kind, place_of, read_json
from judgemark.inputs.samples import SampleSet
from judgemark.inputs.table_rows import TableRow, TableRows, read_rows
from judgemark.metrics.validity.drawn_pairs import to_hundred
from judgemark.metrics.validity.known_pair import PairedText
from judgemark.metrics.validity.rater_ceiling import Rating
from judgemark.records import Place, Sample
from judgemark.table.score_table import mean

_LINES = (
    "write lines {writer, iteration, item, rater, score}, or {writer: {iteration: {item: score}}} "
    "in a file that ends in .json"
)
_ONE_RATER = "all"


@dataclass(frozen=True, slots=True)
class PeopleRatings:
    """People's scores of pieces, 0..100, higher is better.

    `scores` are the means over raters by writer, iteration and item, and `ratings` those of each
    rater. `low` and `high` are the ends of the scale of the file; `assumed` says that nobody named
    them and that they are the smallest and the largest score of the file.
    """

    name: str
    scores: Mapping[Place, float]
    ratings: tuple[Rating, ...]
    low: float
    high: float
    assumed: bool

    @property
    def raters(self) -> int:
        """The number of raters."""
        return len({rating.rater for rating in self.ratings})


@dataclass(frozen=True, slots=True)
class _Line:
    place: str
    piece: Place
    rater: str
    score: float


def read_ratings(
    path: Path, samples: SampleSet, low: float | None = None, high: float | None = None
) -> PeopleRatings:
    """Return people's scores of the given samples, mapped from low..high to 0..100.

    Without ends, scores of pieces are taken to lie on 0..100, and lines of raters on the range from
    the smallest score of the file to the largest. Raises InputError for another shape, for a piece
    that is not in the samples, for a score outside the scale, and where all scores are equal.
    """
    nested = path.suffix.lower() == ".json" and isinstance(read_json(path), dict)
    lines = _nested(path) if nested else _rated(read_rows(path))
    if not lines:
        raise InputError(path, "holds no scores", fix=_LINES)
    pieces = {(s.writer, s.iteration, s.item): s for s in samples.samples}
    for line in lines:
        if line.piece not in pieces:
            writer, iteration, item = line.piece
            problem = f"writer {writer}, iteration {iteration}, item {item} is not in the samples"
            fix = "name the samples that were rated with ‹samples_file›"
            raise InputError(path, problem, place=line.place, fix=fix)
    found = [line.score for line in lines]
    assumed = not nested and (low is None or high is None)
    least = low if low is not None else 0.0 if nested else min(found)
    most = high if high is not None else 100.0 if nested else max(found)
    if not least < most:
        problem = f"has only scores of {least:g}, so that no piece is better than another"
        raise InputError(path, problem, fix="give scores that differ, or name the scale")
    return _scaled(path, lines, pieces, (least, most), assumed)


def _scaled(
    path: Path,
    lines: list[_Line],
    pieces: Mapping[Place, Sample],
    ends: tuple[float, float],
    assumed: bool,
) -> PeopleRatings:
    low, high = ends
    by_piece: dict[Place, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if not low <= line.score <= high:
            problem = f"the score {line.score:g} is outside {low:g} to {high:g}"
            fix = "name the ends of the scale with ‹ratings_min› and ‹ratings_max›"
            raise InputError(path, problem, place=line.place, fix=fix)
        by_piece[line.piece][line.rater].append(to_hundred(line.score, low, high))
    scores: dict[Place, float] = {}
    ratings: list[Rating] = []
    for place, raters in sorted(by_piece.items()):
        writer, iteration, item = place
        text = PairedText(pieces[place].sha256, writer, iteration)
        means = {rater: mean(values) for rater, values in sorted(raters.items())}
        ratings += [Rating(item, text, rater, score) for rater, score in means.items()]
        scores[place] = mean(list(means.values()))
    return PeopleRatings(path.name, scores, tuple(ratings), low, high, assumed)


def _nested(path: Path) -> list[_Line]:
    """Return the scores of `{writer: {iteration: {item: score}}}`.

    A null is a piece without a score.
    """
    found = []
    for way, score in _leaves(read_json(path), path, ()):
        if score is not None:
            place = place_of(way)
            found.append(_Line(place, way, _ONE_RATER, _number(score, path, place)))
    return found


def _leaves(value: Any, path: Path, way: tuple[str, ...]) -> list[tuple[Any, Any]]:
    if len(way) == 3:
        return [(way, value)]
    if not isinstance(value, dict):
        problem = f"is {json_kind(value)}, not an object"
        raise InputError(path, problem, place=place_of(way), fix=_LINES)
    return [leaf for key, inner in value.items() for leaf in _leaves(inner, path, (*way, key))]


def _rated(table: TableRows) -> list[_Line]:
    return [_line(row, table.path) for row in table.rows]


def _line(row: TableRow, path: Path | str) -> _Line:
    for name in ("writer", "iteration", "item", "rater", "score"):
        if row.cells.get(name) in (None, ""):
            raise InputError(path, f'has no "{name}"', place=row.place, fix=_LINES)
    writer, iteration, item, rater = (
        _name(row.cells[name], path, f'{row.place}, "{name}"')
        for name in ("writer", "iteration", "item", "rater")
    )
    score = _number(row.cells["score"], path, f"{row.place}, score")
    return _Line(row.place, (writer, iteration, item), rater, score)


def _name(value: Any, path: Path | str, place: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(path, "is neither a text nor a whole number", place=place, fix=_LINES)
    return str(value)


def _number(value: Any, path: Path | str, place: str) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except OverflowError:
        number = math.inf
    except (TypeError, ValueError):
        number = math.nan
    # No comparison with a NaN is true.
    if not abs(number) <= LARGEST_NUMBER:
        problem = "is not a number" if math.isnan(number) else "is too large for a score"
        problem = f'the score "{str(value)[:40]}" {problem}'
        raise InputError(path, problem, place=place, fix=_LINES)
    return number
