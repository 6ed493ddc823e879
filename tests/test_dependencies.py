"""What is imported is declared, and what is declared is imported."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.make_requirements import read_declared

HOME = Path(__file__).resolve().parents[1]
OWN = ("judgemark", "tests", "tools", "benchmarks")
EXTRAS = ("hf", "vllm", "parquet", "datasets", "ray")


@cache
def installed() -> Mapping[str, list[str]]:
    """The distributions that bring each importable module of this environment."""
    return packages_distributions()


@cache
def trees(folder: str) -> tuple[ast.Module, ...]:
    """The parsed modules of a folder."""
    return tuple(ast.parse(p.read_text("utf-8")) for p in (HOME / folder).rglob("*.py"))


def distributions(folder: str, *, at_once: bool = False) -> set[str]:
    """The distributions whose modules a folder's code imports; `at_once` leaves out lazy imports.

    A module that is not installed here stands for the distribution of its own name.
    """
    return {
        canonicalize_name(name)
        for tree in trees(folder)
        for module in imported(tree, at_once=at_once)
        if module not in sys.stdlib_module_names and module not in OWN
        for name in installed().get(module, [module])
    }


def imported(node: ast.AST, *, at_once: bool) -> Iterator[str]:
    """The top-level modules that a tree imports."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name.split(".")[0] for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield (child.module or "").split(".")[0]
        elif not (at_once and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)):
            yield from imported(child, at_once=at_once)


def declared(*sources: str | None) -> set[str]:
    """The names of the distributions that pyproject.toml declares."""
    lists = read_declared()
    return {canonicalize_name(Requirement(line).name) for s in sources for line in lists[s]}


def test_all_that_the_package_imports_is_declared() -> None:
    assert distributions("judgemark") - declared(None, *EXTRAS) == set()


def test_the_extras_are_imported_only_where_they_are_used() -> None:
    assert distributions("judgemark", at_once=True) - declared(None) == set()


def test_all_that_is_declared_is_imported() -> None:
    assert declared(None, *EXTRAS) - distributions("judgemark") == set()


@pytest.mark.parametrize("folder", ["tests", "tools", "benchmarks"])
def test_all_that_tests_and_tools_import_is_declared(folder: str) -> None:
    # The tiny judge of the engine tests is built with what transformers brings. Inspect AI is
    # installed by its benchmark, in an environment of its own.
    brought = {"tokenizers", "inspect-ai"}
    assert distributions(folder) - declared(None, *EXTRAS, "dev", "browser") - brought == set()
