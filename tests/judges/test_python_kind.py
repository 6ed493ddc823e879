"""What `python:MODULE_OR_FILE:NAME` finds, and why it finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.errors import UsageError
from judgemark.judges.kinds.python_kind import load_function


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("judge", "names no function"),
        (":judge", "names no function"),
        ("math:pi", 'math has no function "pi"'),
        ("math:no_such", 'math has no function "no_such"'),
        ("no_such_module_at_all:f", "cannot be loaded"),
        ("none.py:f", "no such file"),
    ],
)
def test_why_there_is_no_function(name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        load_function(name)


def test_a_module_that_ends_the_program_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "ends.py"
    path.write_text("import sys\nsys.exit(3)\n")
    with pytest.raises(UsageError, match=r"ends\.py cannot be loaded"):
        load_function(f"{path}:f")


def test_a_factory_is_called_and_a_judge_is_not(tmp_path: Path) -> None:
    path = tmp_path / "made.py"
    path.write_text("def make():\n    return judge\n\n\ndef judge(piece):\n    return 7\n")
    assert load_function(f"{path}:make")(None) == 7
    assert load_function(f"{path}:judge")(None) == 7


@pytest.mark.parametrize(
    ("function", "told"),
    [
        ("def judge():\n    return 7", "needs no argument, .* and returned int; a judge takes one"),
        ("def judge(piece=None):\n    return 7", "and returned int"),
        ("def judge(*, piece):\n    return 7", r"and failed \(TypeError: .*\); a judge takes one"),
        ("def judge():\n    raise OSError('no file')", r"and failed \(OSError: no file\)"),
    ],
)
def test_what_is_taken_for_a_factory_and_makes_no_judge(
    tmp_path: Path, function: str, told: str
) -> None:
    path = tmp_path / "made.py"
    path.write_text(function + "\n")
    with pytest.raises(UsageError, match=told):
        load_function(f"{path}:judge")


def test_a_decorator_that_takes_any_arguments_hides_neither_judge_nor_factory(
    tmp_path: Path,
) -> None:
    path = tmp_path / "decorated.py"
    path.write_text(
        "def logged(function):\n"
        "    def wrapper(*args, **kwargs):\n"
        "        return function(*args, **kwargs)\n"
        "    return wrapper\n\n"
        "@logged\ndef judge(piece):\n    return 7\n\n"
        "@logged\ndef make():\n    return judge\n"
    )
    assert load_function(f"{path}:judge")(None) == 7
    assert load_function(f"{path}:make")(None) == 7
