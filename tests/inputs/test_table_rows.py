"""Files of rows: every form gives the same rows, and what cannot be read is said in one line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from judgemark.errors import InputError, UsageError
from judgemark.inputs.table_rows import read_rows

ROWS = [{"prompt": "A dog.", "text": "one\ntwo"}, {"prompt": "A cat, old.", "text": "three"}]
FORMS = {
    "rows.jsonl": "".join(json.dumps(row) + "\n" for row in ROWS) + "\n",
    "rows.ndjson": "\n".join(json.dumps(row) for row in ROWS),
    "rows.json": json.dumps(ROWS),
    "wrapped.json": json.dumps({"data": ROWS, "version": 1}),
    "lines.json": "\n".join(json.dumps(row) for row in ROWS),
    "rows.csv": 'prompt,text\r\nA dog.,"one\ntwo"\r\n"A cat, old.",three\r\n',
    "rows.tsv": 'prompt\ttext\nA dog.\t"one\ntwo"\nA cat, old.\tthree\n',
}


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_every_form_gives_the_same_rows(tmp_path: Path, name: str, mark: bytes) -> None:
    table = read_rows(written(tmp_path, name, mark + FORMS[name].encode()))
    assert [dict(row.cells) for row in table.rows] == ROWS
    assert table.columns == ("prompt", "text")


def test_rows_may_be_given_as_mappings() -> None:
    assert [dict(row.cells) for row in read_rows(ROWS).rows] == ROWS


def test_a_separator_of_lines_inside_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, "rows.jsonl", '{"text": "one\u2028two"}\n')
    assert read_rows(path).rows[0].cells == {"text": "one\u2028two"}


def test_a_cell_may_hold_a_long_story(tmp_path: Path) -> None:
    story = "word " * 60_000
    table = read_rows(written(tmp_path, "rows.csv", f"text\n{story}\n"))
    assert table.rows[0].cells["text"] == story


@pytest.mark.parametrize(
    ("name", "content", "place", "problem"),
    [
        ("a.jsonl", '{"a": 1}\n{"a": }\n', "line 2", "is not JSON"),
        ("a.jsonl", '{"a": 1}\n\n[1]\n', "line 3", "is an array, not an object"),
        ("a.jsonl", '{"a": 1, "a": 2}\n', 'line 1, "a"', "occurs twice"),
        ("a.jsonl", "", "", "holds no rows"),
        ("a.json", '{"rows": []}', "", "is an object, not an array of rows"),
        ("a.json", "[1]", "[0]", "is a number, not an object"),
        ("a.json", '{"data": [{}, "x"]}', '"data" > [1]', "is a string, not an object"),
        ("a.csv", "a,b\n1,2\n1,2,3\n", "row 3", "has 3 cells where the header has 2"),
        ("a.csv", "a,a\n1,2\n", "row 1", 'names the column "a" twice'),
        ("a.csv", "a,b\n", "", "holds no rows"),
        ("a.csv", b"a\n\xe9\n", "byte 2", "is not UTF-8"),
        ("a.jsonl", '{"a": 1}'.encode("utf-16"), "byte 0", "is not UTF-8"),
        ("a.xlsx", "a", "", "is not that of a table"),
    ],
)
def test_a_refusal_names_the_place(
    tmp_path: Path, name: str, content: str | bytes, place: str, problem: str
) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        read_rows(written(tmp_path, name, content))
    assert refused.value.place == place
    assert refused.value.fix
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_rows(tmp_path / "none.csv")
    with pytest.raises(InputError, match="no such file"):
        read_rows("folder/none.jsonl")


def test_parquet_needs_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'judgemark\[parquet\]'"):
        read_rows(written(tmp_path, "rows.parquet", b"PAR1"))


def test_parquet_is_read_where_its_package_is(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), tmp_path / "rows.parquet")
    assert [dict(row.cells) for row in read_rows(tmp_path / "rows.parquet").rows] == ROWS
    with pytest.raises(InputError, match="is not Parquet"):
        read_rows(written(tmp_path, "broken.parquet", b"PAR1 and no more"))


def scripted_datasets(monkeypatch: pytest.MonkeyPatch, splits: dict[str, object]) -> list[object]:
    """Put a package `datasets` in place that gives these splits; returns what was asked of it."""
    asked: list[object] = []

    def load_dataset(name: str, configuration: str | None) -> dict[str, object]:
        asked.append((name, configuration))
        return splits

    monkeypatch.setitem(sys.modules, "datasets", SimpleNamespace(load_dataset=load_dataset))
    return asked


def test_a_dataset_is_named_by_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = scripted_datasets(monkeypatch, {"train": ROWS, "test": ROWS[:1]})
    table = read_rows("someone/stories/en:test")
    assert asked == [("someone/stories", "en")]
    assert [dict(row.cells) for row in table.rows] == ROWS[:1]
    assert table.name == "stories-test"


def test_one_of_several_splits_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted_datasets(monkeypatch, {"train": ROWS, "test": ROWS})
    with pytest.raises(UsageError, match="the splits test, train; name one, as in a/b:test"):
        read_rows("a/b")
    with pytest.raises(UsageError, match='has no split "dev"; it has test, train'):
        read_rows("a/b:dev")


def test_a_dataset_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(UsageError, match=r"no file a/b.*pip install 'judgemark\[datasets\]'"):
        read_rows("a/b")


def test_what_the_package_raises_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_dataset(*_: object) -> None:
        raise RuntimeError("no connection\nand more")

    monkeypatch.setitem(sys.modules, "datasets", SimpleNamespace(load_dataset=load_dataset))
    with pytest.raises(UsageError, match=r"the dataset a/b cannot be loaded: no connection$"):
        read_rows("a/b")
