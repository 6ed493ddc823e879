"""Which packages reach the bound on the branches that tests take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.check_coverage import BOUNDS, ENGINES, by_package, main


def file(branches: int, taken: int) -> dict[str, Any]:
    return {
        "summary": {
            "num_statements": 10,
            "covered_lines": 9,
            "num_branches": branches,
            "covered_branches": taken,
        }
    }


def report(folder: Path, changed: dict[str, dict[str, Any]]) -> str:
    whole = {f"judgemark/{package}/a.py": file(100, 95) for package in BOUNDS}
    path = folder / "coverage.json"
    path.write_text(json.dumps({"files": whole | changed}), "utf-8")
    return str(path)


def test_the_modules_of_a_package_count_together() -> None:
    files = {"judgemark/run/a.py": file(10, 10), "judgemark/run/b.py": file(30, 20)}
    (found,) = by_package(files, engines=True)
    # 10 + 20 of 10 + 30 branches, 9 + 9 of 10 + 10 lines.
    assert (found.branch_share, found.line_share) == (75.0, 90.0)
    assert not found.enough


def test_a_package_without_branches_is_covered() -> None:
    (found,) = by_package({"judgemark/errors.py": file(0, 0)}, engines=True)
    assert (found.package, found.branch_share) == ("(top)", 100.0)


@pytest.mark.parametrize(("taken", "code"), [(92, 0), (91, 1)])
def test_a_package_below_its_bound_fails(taken: int, code: int, tmp_path: Path) -> None:
    assert main([report(tmp_path, {"judgemark/run/a.py": file(100, taken)})]) == code


def test_a_package_without_a_bound_may_be_below(tmp_path: Path) -> None:
    assert main([report(tmp_path, {"judgemark/cli/a.py": file(100, 10)})]) == 0


def test_the_engines_count_where_they_were_measured(tmp_path: Path) -> None:
    written = report(tmp_path, {ENGINES[0]: file(100, 0)})
    assert main([written]) == 0
    (tmp_path / "engines").touch()
    assert main([written]) == 1


def test_a_package_that_was_not_measured_fails(tmp_path: Path) -> None:
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps({"files": {"judgemark/run/a.py": file(1, 1)}}), "utf-8")
    assert main([str(path)]) == 1
