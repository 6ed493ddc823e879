"""Judges written as Python functions: `python:MODULE_OR_FILE:NAME`, or handed to the library."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.errors import UsageError
from judgemark.judges.exception_text import one_line
from judgemark.judges.judge_kind import JudgeKind, JudgeRequest
from judgemark.judges.score_range import SCORE_RANGE, ScoreRange, read_score_range

if TYPE_CHECKING:
    from judgemark.judges.local_setup import LocalPairs, LocalRubric

_MODULE_PREFIX = "judgemark_judge_"
"""A file named like a module of Python must not take that module's place."""


def load_function(name: str) -> Callable[..., Any]:
    """Return the function that `MODULE_OR_FILE:NAME` means; a factory is called once.

    A factory is a callable that needs no argument. Raises UsageError in one line for a module that
    fails to import, for a missing name, and for what is not a function.
    """
    where, _, attribute = name.rpartition(":")
    if not where or not attribute:
        raise UsageError(
            f'‹judge_model›: "python:{name}" names no function; write python:MODULE_OR_FILE:NAME'
        )
    with _told_as(f"{where} cannot be loaded"):
        found = getattr(_module(where), attribute, None)
    if not callable(found):
        raise UsageError(f'‹judge_model›: {where} has no function "{attribute}"')
    if _required(found):
        judge: Callable[..., Any] = found
        return judge
    needs_none = f'"{attribute}" of {where} needs no argument, so that it was called for a judge'
    fix = "a judge takes one argument: a piece, or a sequence of pairs"
    with _told_as(f"{needs_none}, and failed", f"; {fix}"):
        try:
            made = found()
        except TypeError:
            # A decorator that takes any arguments hides those that the judge below it needs.
            if not _takes_any(found):
                raise
            made = found
    if not callable(made):
        raise UsageError(f"‹judge_model›: {needs_none}, and returned {type(made).__name__}; {fix}")
    function: Callable[..., Any] = made
    return function


@contextmanager
def _told_as(what: str, fix: str = "") -> Iterator[None]:
    """Turn whatever a user's code raises into a UsageError of one line."""
    try:
        yield
    except UsageError:
        raise
    # A module may end the program while it is imported.
    except (Exception, SystemExit) as exc:
        raise UsageError(
            f"‹judge_model›: {what} ({type(exc).__name__}: {one_line(exc)}){fix}"
        ) from exc


def _module(where: str) -> Any:
    """Return the module of a name or of a file; what lies beside a file can be imported by it."""
    path = Path(where)
    if path.suffix != ".py":
        _search_first("")
        return importlib.import_module(where)
    if not path.is_file():
        raise UsageError(f"‹judge_model›: {path}: no such file; check the path")
    name = _MODULE_PREFIX + path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"‹judge_model›: {path} is not a Python file")
    _search_first(str(path.resolve().parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _search_first(folder: str) -> None:
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _required(function: Callable[..., Any]) -> bool:
    """Return whether a callable needs an argument, as judges do and factories do not."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        listed = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return True
    return any(p.kind in kinds and p.default is inspect.Parameter.empty for p in listed)


def _takes_any(function: Callable[..., Any]) -> bool:
    listed = inspect.signature(function).parameters.values()
    return any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in listed)


def _rubric(request: JudgeRequest) -> LocalRubric:
    from judgemark.judges.function_judge import FunctionBatchJudge, FunctionJudge
    from judgemark.judges.local_setup import LocalRubric

    function = request.function or load_function(request.name)
    # Objects of other libraries have a method of that name, which is another thing.
    batch = getattr(function, "batch", None)
    batched = batch is not None and not callable(batch)
    made = FunctionBatchJudge if batched else FunctionJudge
    judge: FunctionBatchJudge | FunctionJudge = made(
        function, request.name, prompted=request.prompted, instructions=request.instructions
    )
    return LocalRubric(
        lambda: judge, judge.configuration, "function", score_range=_range(request, function)
    )


def _range(request: JudgeRequest, function: Callable[..., Any]) -> ScoreRange | None:
    """Return the range that the user gave, else the one that the function carries."""
    given = request.options.get("score_range")
    if given is not None:
        return read_score_range(given)
    carried = getattr(function, "score_range", None)
    return read_score_range(carried, f"‹judge_model›: the score_range of {request.name}")


def _pairwise(request: JudgeRequest) -> LocalPairs:
    from judgemark.judges.function_judge import PairFunctionJudge
    from judgemark.judges.local_setup import LocalPairs

    function = request.function or load_function(request.name)
    judge = PairFunctionJudge(function, request.name, request.instructions)
    return LocalPairs(lambda: judge, judge.configuration)


KIND = JudgeKind(
    prefix="python",
    form="python:MODULE_OR_FILE:NAME",
    summary="a Python function that judges a piece, or a batch of pairs in pairwise mode",
    rubric=_rubric,
    pairwise=_pairwise,
    place="a Python function in this process",
    needs_instructions=False,
    options=(SCORE_RANGE,),
)
