"""Reads files of rows: JSON Lines, JSON, CSV, TSV and Parquet, and datasets of Hugging Face."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judgemark.errors import InputError, UsageError
from judgemark.inputs.json_file import json_kind, parse_json, place_of, read_text

FORMS = "JSON Lines (.jsonl), JSON (.json), CSV (.csv), TSV (.tsv) or Parquet (.parquet)"
_LINES = (".jsonl", ".ndjson")
_ENDINGS = (*_LINES, ".json", ".csv", ".tsv", ".parquet")
_LONGEST_CELL = 64 << 20
_DATASET = re.compile(
    r"(?P<name>[\w.-]+/[\w.-]+)(?:/(?P<configuration>[\w.-]+))?(?::(?P<split>[\w.-]+))?"
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a file; `place` says where it stands there, as in "line 3"."""

    place: str
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of a file; `path` is the file's path or the dataset's name, for messages."""

    path: Path | str
    name: str
    rows: tuple[TableRow, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that any row has, in the order in which they first occur."""
        return tuple(dict.fromkeys(column for row in self.rows for column in row.cells))


def read_rows(given: Path | str | Sequence[Mapping[str, Any]]) -> TableRows:
    """Return the rows of a file, of a Hugging Face dataset, or of mappings.

    A JSON file is a list of objects, `{"data": [objects]}`, or JSON Lines under another name. A
    dataset is named as OWNER/NAME[/CONFIGURATION][:SPLIT], and may be downloaded by the package
    `datasets`. Raises InputError with the file, the row and the fix, and UsageError where a package
    is missing.
    """
    if not isinstance(given, Path | str):
        return _checked("rows", "rows", _of_objects(given, "rows", ()))
    path = Path(given)
    kind = path.suffix.lower()
    dataset = _DATASET.fullmatch(str(given))
    if dataset and kind not in _ENDINGS and not path.exists():
        return _dataset(dataset)
    if kind in (".csv", ".tsv"):
        rows = _separated(path, "," if kind == ".csv" else "\t")
    elif kind == ".parquet":
        rows = _parquet(path)
    elif kind in _LINES:
        rows = _lines(read_text(path), path)
    elif kind == ".json":
        rows = _json(read_text(path), path)
    else:
        raise InputError(
            path, f'has the ending "{kind}", which is not that of a table', fix=f"give {FORMS}"
        )
    return _checked(path, path.stem, rows)


def _checked(path: Path | str, name: str, rows: Iterable[TableRow]) -> TableRows:
    found = TableRows(path, name, tuple(rows))
    if not found.rows:
        raise InputError(path, "holds no rows", fix="put at least one row in it")
    return found


def _json(text: str, path: Path) -> Iterator[TableRow]:
    """Return the rows of a JSON file; one whose first line is a whole object has JSON Lines."""
    first, _, rest = text.lstrip().partition("\n")
    if first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{"):
        return _lines(text, path)
    value = parse_json(text, path)
    within: tuple[int | str, ...] = ()
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        value, within = value["data"], ("data",)
    if not isinstance(value, list):
        problem = f"is {json_kind(value)}, not an array of rows"
        raise InputError(path, problem, fix='write [{...}, ...], {"data": [...]} or JSON Lines')
    return _of_objects(value, path, within)


def _of_objects(
    values: Sequence[object], path: Path | str, within: tuple[int | str, ...]
) -> Iterator[TableRow]:
    for n, value in enumerate(values):
        place = place_of((*within, n))
        if not isinstance(value, Mapping):
            problem = f"is {json_kind(value)}, not an object"
            raise InputError(path, problem, place=place, fix="write each row as {column: value}")
        yield TableRow(place, value)


def _lines(text: str, path: Path) -> Iterator[TableRow]:
    # Not splitlines(): it splits at separators that may stand inside a JSON string.
    for n, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"line {n}"
        try:
            value = parse_json(line, path)
        except InputError as exc:
            inner = f"{place}, {exc.place}" if exc.place.startswith('"') else place
            raise InputError(path, exc.problem, place=inner, fix=exc.fix) from exc
        if not isinstance(value, dict):
            problem = f"is {json_kind(value)}, not an object"
            raise InputError(path, problem, place=place, fix="write one object on each line")
        yield TableRow(place, value)


def _separated(path: Path, separator: str) -> Iterator[TableRow]:
    """Yield the rows of a CSV or TSV file, numbered as in a spreadsheet: the header is row 1."""
    with _long_cells():
        reader = csv.reader(io.StringIO(read_text(path), newline=""), delimiter=separator)
        try:
            table = [row for row in reader if row]
        except csv.Error as exc:
            place = f"line {reader.line_num}"
            raise InputError(
                path, f"cannot be read as CSV ({exc})", place=place, fix="correct it there"
            ) from exc
    header = [name.strip() for name in table[0]] if table else []
    twice = [name for name, times in Counter(header).items() if times > 1]
    if twice:
        problem = f'names the column "{twice[0]}" twice'
        raise InputError(path, problem, place="row 1", fix="give each column a name of its own")
    for n, cells in enumerate(table[1:], start=2):
        if len(cells) != len(header):
            problem = f"has {len(cells)} cells where the header has {len(header)}"
            fix = "put texts that hold the separator or a line break in quotation marks"
            raise InputError(path, problem, place=f"row {n}", fix=fix)
        yield TableRow(f"row {n}", dict(zip(header, cells, strict=True)))


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the csv module read cells above its 128 KB: stories can be longer."""
    usual = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _parquet(path: Path) -> Iterator[TableRow]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import read_table
    except ImportError:
        raise UsageError(
            f"{path}: Parquet files need the package pyarrow: pip install 'judgemark[parquet]'"
        ) from None
    if not path.is_file():
        raise InputError(path, "no such file", fix="check the path")
    try:
        rows = read_table(path).to_pylist()
    except (ArrowException, OSError, ValueError) as exc:
        first = (str(exc).splitlines() or [type(exc).__name__])[0]
        raise InputError(path, f"is not Parquet ({first})", fix=f"give {FORMS}") from exc
    return (TableRow(f"row {n}", row) for n, row in enumerate(rows, start=1))


def _dataset(named: re.Match[str]) -> TableRows:
    name, configuration, split = named["name"], named["configuration"], named["split"]
    try:
        from datasets import load_dataset
    except ImportError:
        raise UsageError(
            f"‹pairs_file›: there is no file {named[0]}, and datasets of Hugging Face need the "
            "package datasets: pip install 'judgemark[datasets]'"
        ) from None
    try:
        loaded = load_dataset(name, configuration)
    except Exception as exc:
        first = (str(exc).splitlines() or [type(exc).__name__])[0]
        raise UsageError(f"‹pairs_file›: the dataset {name} cannot be loaded: {first}") from exc
    splits = sorted(loaded)
    if split is None and len(splits) > 1:
        raise UsageError(
            f"‹pairs_file›: the dataset {name} has the splits {', '.join(splits)}; name one, as in "
            f"{named[0]}:{splits[0]}"
        )
    chosen = split or splits[0]
    if chosen not in splits:
        raise UsageError(
            f'‹pairs_file›: the dataset {name} has no split "{chosen}"; it has {", ".join(splits)}'
        )
    rows = (TableRow(f"row {n}", row) for n, row in enumerate(loaded[chosen], start=1))
    return _checked(named[0], f"{name.rpartition('/')[2]}-{chosen}", rows)
