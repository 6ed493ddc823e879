from pathlib import Path

import pytest

from tools.stable_json import as_json, write_or_check


def test_keys_are_sorted_and_letters_kept() -> None:
    assert as_json({"b": 1, "a": "â"}) == '{\n "a": "â",\n "b": 1\n}\n'


def test_no_number_that_is_not_json() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json({"a": float("nan")})


def test_a_check_names_what_differs_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same, other, missing = (tmp_path / name for name in ("same", "other", "missing"))
    files = {same: {"a": 1}, other: {"a": 2}, missing: {"a": 3}}
    same.write_text(as_json({"a": 1}))
    other.write_text("{}")
    assert write_or_check(files, check=True, maker="tools.x") == 1
    told = capsys.readouterr().err
    assert str(same) not in told
    assert f"{other} is not what python -m tools.x writes" in told
    assert str(missing) in told
    assert other.read_text() == "{}"
    assert not missing.exists()


def test_what_was_written_passes_the_check(tmp_path: Path) -> None:
    files = {tmp_path / "a.json": {"a": "â"}}
    assert write_or_check(files, check=False, maker="tools.x") == 0
    assert write_or_check(files, check=True, maker="tools.x") == 0
