"""What a run of probes says on the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from judgemark.cli.summary_parts import cost
from judgemark.cli.summary_problems import commonest_reason
from judgemark.cli.terminal import table
from judgemark.probes.probe_registry import SHARE
from judgemark.report.page_swayed import answer, in_a_sentence, label_of, scale_of, unit_words
from judgemark.scoring.number_format import p_value
from judgemark.scoring.result_types import Result, ResultBlock


def probes_summary(result: Result, details: bool) -> str:
    """Return the figures of a run of probes; with `details`, also what was not asked, and why."""
    probes: Mapping[str, ResultBlock] = result["validity"]["probes"]
    facts = result["probe"]["contrasts"]
    asked = {key: block for key, block in probes.items() if block["effect"] is not None}
    units = sorted({unit_words(str(block["unit"])) for block in asked.values()})
    lines = [
        "",
        f"{result['judge'].get('spec', result['run_id'])}: {in_a_sentence(probes)}",
        "",
        *(f"Warning: {warning['text']}." for warning in result["warnings"]),
    ]
    if asked:
        lines.append(f"  Effects in {' and '.join(units)}, with 95% intervals:")
        lines.append(table([(label_of(key, facts), _effect(b)) for key, b in asked.items()], 4))
    absent = {key: result["notes"].get(f"validity.probes.{key}", "")
              for key in probes if key not in asked}  # fmt: skip
    # Of these the pieces or pairs were asked about, and too few of them answered.
    unknown = [key for key in absent if facts[key]["n"] or facts[key]["missing"]]
    if unknown:
        lines += ["", f"  Not known: {', '.join(unknown)} (too few answers)"]
        absent = {key: reason for key, reason in absent.items() if key not in unknown}
    if absent and details:
        lines += ["", "  Not asked:", table(list(absent.items()), 4)]
    elif absent:
        lines += ["", f"  Not asked here: {', '.join(absent)} (--details says why)"]
    coverage = result["coverage"]
    answered = f"{coverage['answered']} of {coverage['questions']} questions"
    rows = [("Answered", answered), ("Cost", cost(result))]
    lacking = commonest_reason(coverage)
    if lacking:
        parts = [*lacking, "the same command asks only about those"]
        rows.insert(1, ("Incomplete", "; ".join(parts)))
    lines += ["", table(rows)]
    return "\n".join(lines)


def _effect(block: ResultBlock) -> str:
    size = scale_of(str(block["unit"]))
    digits = 2 if size == 1 else 1
    sign = "" if block["unit"] == SHARE else "+"
    text = f"{size * block['effect']:{sign}.{digits}f}"
    if block["ci95"] is not None:
        low, high = (size * end for end in block["ci95"])
        text += f" [{low:{sign}.{digits}f}, {high:{sign}.{digits}f}]"
    if block["p_adjusted"] is not None:
        text += f"  p {p_value(block['p_adjusted'])}"
    return f"{text}  {answer(block['found'])}"
