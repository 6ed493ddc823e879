"""Compares two judges on the same samples."""

from __future__ import annotations

import argparse
import json
from typing import Any

from judgemark.cli import DONE
from judgemark.cli.summary_parts import interval, number, signed
from judgemark.cli.terminal import say, table
from judgemark.inputs.references import read_references
from judgemark.run.run_lookup import load_one
from judgemark.scoring.run_comparison import compare_runs
from judgemark.scoring.score_methods import by_method


def run(args: argparse.Namespace) -> int:
    """Print the differences; return the exit code."""
    first, second = (load_one(name, args.runs_dir) for name in (args.run_a, args.run_b))
    if args.score_method is not None:
        first = by_method(first, args.score_method)
    reference = None
    if args.reference_scores is not None:
        reference = read_references(args.reference_scores, {j.writer for j in first.judged})
    found = compare_runs(first, second, reference, seed=args.seed)
    say(json.dumps(found, allow_nan=False, indent=1) if args.json else _words(found))
    return DONE


def _words(found: dict[str, Any]) -> str:
    a, b = found["runs"]
    rows = []
    for name in ("v4", "v2.1", "v2"):
        for version, d in found["differences"][name].items():
            rows.append((f"{name} {version}", _line(d)))
    tau = found["kendall_tau"]
    agreed = found["kendall_tau_reason"] if tau is None else f"Kendall tau {number(tau, 2)}"
    rows.append(("Writers' order", f"{agreed}, {found['writers']} writers"))
    left = "; ".join(f"{name}: {x} and {y}" for name, (x, y) in found["left_out"].items())
    rows.append(("Pieces", f"{found['pieces']} scored by both judges; left out: {left}"))
    methods = [f", scores {r['score_method']}" if r.get("score_method") else "" for r in (a, b)]
    warnings = "".join(f"Warning: {text}.\n\n" for text in found["warnings"])
    return (
        f"A  {a['judge']}  ({a['run_id']}{methods[0]})\n"
        f"B  {b['judge']}  ({b['run_id']}{methods[1]})\n\n{table(rows)}\n\n"
        f"{warnings}{_about_intervals(found)}"
    ).rstrip()


def _about_intervals(found: dict[str, Any]) -> str:
    """Say what the intervals are about; "" where there is none."""
    if not any(d["ci95"] for versions in found["differences"].values() for d in versions.values()):
        return ""
    return (
        f"95% intervals and p-values: paired bootstrap over items, {found['resamples']} resamples, "
        f"seed {found['seed']}. They are about {found['estimand']}."
    )


def _line(d: dict[str, Any]) -> str:
    text = f"A {number(d['first'])}, B {number(d['second'])}"
    if d["difference"] is not None:
        text += f", A - B {signed(d['difference'])}{interval(d['ci95'])}"
    if d["p_value"] is not None:
        p = d["p_value"]
        text += ", p < 0.001" if p < 0.001 else f", p = {p:.3f}"
    return text + (f" ({d['reason']})" if d["reason"] else "")
