"""Judges written as Python functions: `python:MODULE_OR_FILE:NAME`, or handed to the library."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.errors import UsageError
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.judge_kind import JudgeKind, JudgeRequest, LengthCheck, Say, no_limit
from judgemark.records import Question

if TYPE_CHECKING:
    from judgemark.judges.function_judge import FunctionJudge, PairFunctionJudge


def load_function(name: str) -> Callable[..., Any]:
    """Return the function that `MODULE_OR_FILE:NAME` means; a factory is called once.

    A factory is a callable that needs no argument. Raises UsageError in one line for a module that
    fails to import, for a missing name, and for what is no function.
    """
    where, _, attribute = name.rpartition(":")
    if not where or not attribute:
        raise UsageError(
            f'‹judge_model›: "python:{name}" names no function; write python:MODULE_OR_FILE:NAME'
        )
    try:
        found = getattr(_module(where), attribute, None)
        if callable(found) and not _required(found):
            found = found()
    except UsageError:
        raise
    except Exception as exc:
        raise UsageError(
            f"‹judge_model›: {where} cannot be loaded ({type(exc).__name__}: {exc})"
        ) from exc
    if not callable(found):
        raise UsageError(f'‹judge_model›: {where} has no function "{attribute}"')
    function: Callable[..., Any] = found
    return function


def _module(where: str) -> Any:
    path = Path(where)
    if path.suffix != ".py":
        sys.path.insert(0, "")
        return importlib.import_module(where)
    if not path.is_file():
        raise UsageError(f"‹judge_model›: {path}: no such file")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"‹judge_model›: {path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _required(function: Callable[..., Any]) -> bool:
    """Whether a callable needs an argument, as judges do and factories do not."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        listed = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return True
    return any(p.kind in kinds and p.default is inspect.Parameter.empty for p in listed)


@dataclass(frozen=True)
class FunctionSetup:
    """A function that judges single pieces."""

    judge: FunctionJudge
    described: Mapping[str, Any]
    protocol: str = "function"
    by_place: bool = False
    system: str | None = None
    tokens_per_reply: int = 0

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `RubricSetup`."""
        return self.judge.configuration

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `RubricSetup`."""
        del adapted
        return self.judge


@dataclass(frozen=True)
class PairFunctionSetup:
    """A function that judges pairs; nothing is left to find out."""

    judge: PairFunctionJudge
    described: Mapping[str, Any]
    in_process: bool = True
    known: bool = True
    worded: bool = False
    tokens_per_reply: int = 0

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `PairwiseSetup`."""
        return self.judge.configuration

    def as_begun(self, judge: Mapping[str, Any]) -> PairFunctionSetup:
        """Return the same setup: all is known beforehand."""
        del judge
        return self

    def settled(self, questions: Sequence[Question], say: Say) -> PairFunctionSetup:
        """Return the same setup: all is known beforehand."""
        del questions, say
        return self

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `PairwiseSetup`."""
        del adapted
        return self.judge

    def length_check(self, judge: Judge | BatchJudge) -> LengthCheck:
        """Return a check that finds nothing: a function has no context of its own."""
        del judge
        return no_limit


def _rubric(request: JudgeRequest) -> FunctionSetup:
    from judgemark.judges.function_judge import FunctionJudge

    judge = FunctionJudge(
        request.function or load_function(request.name),
        request.name,
        prompted=request.prompted,
        instructions=request.instructions,
    )
    return FunctionSetup(judge, {"parameters": None, "system": None})


def _pairwise(request: JudgeRequest) -> PairFunctionSetup:
    from judgemark.judges.function_judge import PairFunctionJudge

    function = request.function or load_function(request.name)
    return PairFunctionSetup(PairFunctionJudge(function, request.name, request.instructions), {})


KIND = JudgeKind(
    prefix="python",
    form="python:MODULE_OR_FILE:NAME",
    summary="a Python function that judges a piece, or a batch of pairs in pairwise mode",
    rubric=_rubric,
    pairwise=_pairwise,
    place="a Python function in this process",
    needs_instructions=False,
)
