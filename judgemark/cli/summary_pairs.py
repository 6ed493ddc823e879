"""What a run over known pairs says on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judgemark.cli.summary_parts import LabelledText
from judgemark.cli.summary_problems import commonest_reason
from judgemark.cli.summary_reads import reads
from judgemark.cli.terminal import table
from judgemark.scoring.result_types import Result


def pairs_figures(result: Result, details: bool) -> str:
    """Return the figures of a run over pairs, as text for a person."""
    rows = list(_rows(result))
    if details:
        rows += _details(result)
    warnings = [f"Warning: {warning['text']}." for warning in result["warnings"]]
    return "\n".join([*warnings, table(rows, indent=0)])


def _rows(result: Result) -> Iterator[LabelledText]:
    own = result["pairs"]
    source = own["source"]
    block = result["validity"]["sources"][source]
    left = sum(own["left_out"].values())
    yield (
        "Judged",
        f"{result['judge']['spec']}: {own['answered']} of {block['pairs']} pairs of {own['set']} "
        f"in {block['clusters']} independent groups" + (f"; {left} left out" if left else ""),
    )
    yield "Reads", reads(result)
    floors = ", ".join(f"{name} {_percent(f['accuracy'])}" for name, f in own["floors"].items())
    yield "Without reading", f"judges that do not read: {floors}"
    ceiling = own["ceiling"]
    if ceiling is not None:
        yield (
            "Ceiling",
            f"one of {ceiling['raters']} people agrees with the others in "
            f"{_percent(ceiling['accuracy'])}, this judge in {_percent(ceiling['judge'])} of the "
            "same pairs",
        )
    if own["by_margin"]:
        yield "By margin", _bands(own["by_margin"], 3)
    if len(own["by_origin"]) > 1:
        shown = own["by_origin"][:4]
        named = ", ".join(f"{b['name'] or '(none)'} {_percent(b['accuracy'])}" for b in shown)
        rest = len(own["by_origin"]) - len(shown)
        yield "By source", named + (f" and {rest} more" if rest else "")
    if own["by_age"]:
        yield f"By {own['by_age']['unit']}", _bands(own["by_age"]["bands"], 4)
    calibration = own["calibration"]
    if calibration is not None:
        text = f"Brier score {calibration['brier']:.3f}, error {_percent(calibration['ece'])}"
        if own["order"] is not None:
            text += f"; same favourite in both orders {_percent(own['order']['consistency'])}"
        yield "Calibration", text
    yield "Wrong pairs", f"{own['wrong']} pairs; {own['ties']} undecided"
    if result["status"] != "complete":
        coverage = result["coverage"]
        answered = f"{coverage['answered']} of {coverage['questions']} questions have a verdict"
        remedy = "the same command asks the rest"
        yield "Incomplete", "; ".join((answered, *commonest_reason(coverage), remedy))


def _bands(bands: Sequence[Mapping[str, Any]], digits: int) -> str:
    """Return the accuracy in each band of a number, which is shown with `digits` decimals."""

    def ends(band: Mapping[str, Any]) -> str:
        low, high = (f"{band[end]:.{digits}g}" for end in ("low", "high"))
        return low if low == high else f"{low} to {high}"

    return ", ".join(f"{_percent(band['accuracy'])} at {ends(band)}" for band in bands)


def _details(result: Result) -> list[LabelledText]:
    own = result["pairs"]
    rules = [(f"Rule: {r['name']}", _percent(r["accuracy"])) for r in own["counting"]]
    left = [(f"Left out: {reason}", str(n)) for reason, n in own["left_out"].items()]
    return [*rules, *left, *((f"Why no {path}", text) for path, text in result["notes"].items())]


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
