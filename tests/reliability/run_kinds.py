"""Every kind of run that must survive whatever happens to it; a new kind adds itself here."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fixtures.kept_runs import KEPT, RUNS, rubric
from tests.support.fake_endpoint import Answer, Asked, Script
from tests.support.pairwise import letters


@dataclass(frozen=True)
class RunKind:
    """A run that is asked of an endpoint: its command in the folder of inputs, and the answers.

    `result` is the file that the finished run leaves, `expected` the one of an undisturbed run;
    None where such a run is asked first, because its texts are drawn by code that may change.
    """

    name: str
    command: tuple[str, ...]
    script: Script
    result: str
    expected: Path | None

    def arguments(self, url: str, *more: str) -> list[str]:
        """The command line that begins the run, and goes on with it."""
        return [*self.command, "--base-url", url, "--run-id", "r", *more]

    def slowly(self, asked: Asked) -> Answer:
        """The answer, after a moment, so that there is something to interrupt."""
        time.sleep(0.004)
        return self.script(asked)

    def figures(self, result: Mapping[str, Any]) -> Any:
        """What must be the same for an undisturbed run and one that was interrupted."""
        if "ladder" in result:
            return result["status"], _rounded(result["validity"]), _rounded(result["ladder"])
        if result.get("kind") == "pairs":
            return result["status"], _rounded(result["validity"]), _rounded(result["pairs"])
        if self.result == "pairs.json":
            return result["strict_accuracy"]["value"], _rounded(result["pairs"])
        return {
            (card, version): figures and figures["score"]
            for card, versions in result["scorecards"].items()
            for version, figures in versions.items()
        }

    def figures_in(self, path: Path) -> Any:
        """The figures of a result file."""
        return self.figures(json.loads(path.read_text("utf-8")))


def _rounded(value: Any) -> Any:
    """Plain values with 12 decimals: the kept runs were made when sums had another last bit."""
    if isinstance(value, float):
        return round(value, 12)
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    if isinstance(value, dict):
        return {key: _rounded(v) for key, v in value.items()}
    return value


def _kept(name: str) -> RunKind:
    kept = KEPT[name]
    assert kept.script is not None
    result = "pairs.json" if kept.pairs else "result.json"
    command = tuple(kept.command(None, None))
    return RunKind(name, command, kept.script, result, RUNS / name / result)


def _ladder(name: str, script: Script, *flags: str) -> RunKind:
    """A small ladder over the kept inputs: 40 pieces, two kinds of damage, two levels."""
    drawn = (
        "--kinds",
        "words-shuffled",
        "end-cut",
        "--levels",
        "2",
        "--limit",
        "40",
        "--seed",
        "7",
    )
    command = ("ladder", "--judge-model", "fake", "--samples-file", "samples.json", *drawn, *flags)
    return RunKind(name, command, script, "result.json", None)


def _people(name: str, script: Script, *flags: str) -> RunKind:
    """Pairs of the kept inputs that people, here their scores, call one better of."""
    source = ("--ratings", "scores.json", "--margin-min", "10")
    command = ("pairs", "--judge-model", "fake", "--samples-file", "samples.json", *source, *flags)
    return RunKind(name, command, script, "result.json", None)


def _ensemble(name: str, *flags: str) -> RunKind:
    """Two judges of the first eight of the kept inputs' pieces, alone or as a book club."""
    judges = ("--judge-models", "fake,other", "--samples-file", "samples.json", "--limit", "8")
    return RunKind(name, (*judges, *_PROMPTS, *flags), rubric, "result.json", None)


_KEPT = ("rubric-endpoint", "rubric-two-repeats", "pairwise-isolated", "pairs-letters")
_PROMPTS = ("--prompts-file", "prompts.json", "--criteria-file", "criteria.json")
_COMPARED = ("--mode", "pairwise", "--writing-prompts", "writing_prompts.json")

KINDS = (
    *map(_kept, _KEPT),
    _ladder("ladder-rubric", rubric, *_PROMPTS),
    _ladder("ladder-pairwise", letters, *_COMPARED),
    _people("people-rubric", rubric, *_PROMPTS),
    _people("people-pairwise", letters, *_COMPARED),
    _ensemble("ensemble"),
    _ensemble("book-club", "--book-club"),
)
