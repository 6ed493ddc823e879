"""Write a run in upstream's single-file format, so that existing notebooks keep working."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from filelock import FileLock

from judgemark.errors import InputError, UndefinedFigure, UsageError
from judgemark.inputs.json_file import read_json
from judgemark.inputs.upstream_runs import criteria_entry, is_runs_file, own_entry
from judgemark.judged import Judged, JudgedRun
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.composite import CONSTANTS
from judgemark.records import Rubric
from judgemark.redaction import without_shapes
from judgemark.run.files import refuse_unwritable, write_json
from judgemark.scoring.run_tables import no_raw_scale
from judgemark.table.item_scores import ITEM_RULES, item_score
from judgemark.table.score_table import Floats, ScoreTable


def check_place(path: Path) -> None:
    """Raise UsageError where a runs file cannot be written at `path`, before anything is asked."""
    if path.is_dir() or not path.name:
        raise UsageError(f"‹runs_file›: {path} is a folder; give the path of a file")
    if path.exists():
        _runs_in(path)
    if not path.resolve().parent.is_dir():
        raise UsageError(f"‹runs_file›: {path.parent} is not a folder; create it first")
    refuse_unwritable(path.resolve(), "‹runs_file›")


def _runs_in(path: Path) -> dict[str, Any]:
    found = read_json(path, nan_as_null=True)
    if found != {} and not is_runs_file(found):
        raise InputError(path, "is not a runs file", fix="give another path")
    runs: dict[str, Any] = found
    return runs


def export(
    path: Path,
    run: JudgedRun,
    result: Mapping[str, Any],
    table: ScoreTable,
    *,
    with_replies: bool,
) -> None:
    """Write the run into the runs file at `path` under its id, and keep the other runs there.

    NaN, which upstream's programs wrote for figures that they could not compute, becomes null.
    """
    try:
        lock = FileLock(path.with_name(f".{path.name}.lock"))
    except OSError as exc:
        raise UsageError(f"‹runs_file›: {path} cannot be written ({exc.strerror})") from exc
    with lock:
        runs = _runs_in(path) if path.exists() else {}
        runs[run.run_id] = _entry(run, result, table, with_replies)
        write_json(path, runs)


def _entry(
    run: JudgedRun, result: Mapping[str, Any], table: ScoreTable, with_replies: bool
) -> dict[str, Any]:
    tables = {"raw": table, "calibrated": _calibrated(table)}
    cards = {version: result["scorecards"]["v2.1"][version] or {} for version in tables}
    named = {"judge_model": run.judge.get("spec")}
    if run.members:
        members = [member.spec for member in run.members]
        named = {"judge_models": members, "ensemble_method": run.method}
    return {
        **named,
        "status": "completed" if result["status"] == "complete" else result["status"],
        "samples_file": run.dataset.get("name"),
        "prompts_file": (run.fingerprint.get("prompts") or {}).get("sha256"),
        "scoring_range": {"min": run.rubric.scoring_min, "max": run.rubric.scoring_max},
        **criteria_entry(run.rubric),
        **own_entry(run, raw_scale=not no_raw_scale(run)),
        "results": _results(run, tables, with_replies),
        "raw_score_distribution": _distribution(table),
        "calibration_config": {
            "method": "piecewise_landmark",
            "in_landmarks": result["landmarks"]["v2.1"] or [],
            "out_landmarks": [0, 3, 5, 7, 10],
        },
        "separability_metrics": {v: _separability(cards[v]) for v in tables},
        "iteration_stability": {
            f"randomized_average_kendall_tau_by_item_{v}": cards[v].get("stability_tau")
            for v in tables
        },
        "final_judgemark_score": _unit(cards["calibrated"].get("score")),
        "final_judgemark_score_raw": _unit(cards["raw"].get("score")),
        **{f"{v}_model_stats": _writer_stats(t) for v, t in tables.items()},
        **{f"{v}_cross_model_stats": _cross_stats(cards[v]) for v in tables},
        **{f"final_judgemark_score_elements_{v}": _elements(cards[v], v) for v in tables},
    }


def _unit(score: float | None) -> float | None:
    return None if score is None else score / 100


def _calibrated(table: ScoreTable) -> ScoreTable:
    try:
        return calibrated(table)
    except UndefinedFigure:
        return table


def _results(
    run: JudgedRun, tables: Mapping[str, ScoreTable], with_replies: bool
) -> dict[str, Any]:
    scores, after = (_by_place(tables[version]) for version in ("raw", "calibrated"))
    out: dict[str, Any] = {}
    for j in _once_each(run):
        place = (j.writer, j.iteration, j.item)
        entry = out.setdefault(j.writer, {}).setdefault(j.iteration, {}).setdefault(j.item, {})
        if run.members:
            _add_output(entry, run, j, with_replies)
        if "parsed_scores" in entry:
            continue
        entry["parsed_scores"] = dict(j.scores or {})
        entry["aggregated_score_raw"] = scores.get(place)
        entry["aggregated_score_calibrated"] = after.get(place)
        entry["text_length"] = j.text_length
        if with_replies and place in run.replies:
            entry["judge_response"] = without_shapes(run.replies[place])
    for u in run.unjudged:
        entry = out.setdefault(u.writer, {}).setdefault(u.iteration, {}).setdefault(u.item, {})
        if "aggregated_score_raw" not in entry:
            entry["error"] = f"{u.cls.value}: {u.reason}"
    return out


def _once_each(run: JudgedRun) -> list[Judged]:
    """Return one verdict for each piece and judge: upstream's format has no place for repeats.

    Several are joined by their mean, criterion by criterion, so that the file gives the run's item
    scores again but for rounding.
    """
    found: dict[tuple[str, str, str, int], list[Judged]] = {}
    for j in run.judged:
        found.setdefault((j.writer, j.iteration, j.item, j.member), []).append(j)
    return [
        repeats[0] if len(repeats) == 1 else _mean_of(repeats, run.rubric)
        for repeats in found.values()
    ]


def _mean_of(repeats: Sequence[Judged], rubric: Rubric) -> Judged:
    low, high = rubric.scoring_min, rubric.scoring_max
    given: dict[str, list[float]] = {}
    for j in repeats:
        for name, score in (j.scores or {}).items():
            if low <= score <= high:
                given.setdefault(name, []).append(score)
    values = [j.value for j in repeats if j.value is not None]
    return replace(
        repeats[0],
        scores={name: fmean(scores) for name, scores in given.items()} or None,
        value=fmean(values) if values else None,
    )


def _add_output(entry: dict[str, Any], run: JudgedRun, j: Judged, with_replies: bool) -> None:
    """Add a member's verdict on a piece; a member without one stays null."""
    outputs = entry.setdefault("judge_outputs", [None] * len(run.members))
    value = j.value
    if value is None:
        try:
            value = item_score(j.scores or {}, run.rubric, ITEM_RULES["v2.1"])
        except UndefinedFigure:
            value = None
    outputs[j.member] = {
        "judge_model": run.members[j.member].spec,
        "parsed_scores": dict(j.scores or {}),
        "aggregated_score_raw": value,
        "text_length": j.text_length,
    }
    reply = run.member_replies.get((j.writer, j.iteration, j.item), {}).get(j.member)
    if with_replies and reply is not None:
        outputs[j.member]["judge_response"] = without_shapes(reply)


def _by_place(table: ScoreTable) -> dict[tuple[str, str, str], float]:
    return {
        (table.writers[w], table.iterations[t], table.items[i]): float(table.values[w, t, i])
        for w, t, i in np.argwhere(~np.isnan(table.values))
    }


def _distribution(table: ScoreTable) -> dict[str, float]:
    scores = table.values[~np.isnan(table.values)]
    if not scores.size:
        return {}
    tenths = dict(zip(("p10", "p25", "p75", "p90"), (10, 25, 75, 90), strict=True))
    return {
        **_statistics(scores),
        **{name: float(np.percentile(scores, share)) for name, share in tenths.items()},
    }


def _statistics(scores: Floats) -> dict[str, float]:
    return {
        "count": len(scores),
        "mean": float(scores.mean()),
        "median": float(np.median(scores)),
        "stdev": float(scores.std(ddof=1)) if len(scores) > 1 else 0.0,
        "min": float(scores.min()),
        "max": float(scores.max()),
    }


def _writer_stats(table: ScoreTable) -> dict[str, Any]:
    stats: dict[str, Any] = {}
    for writer, scores in zip(table.writers, table.groups, strict=True):
        if len(scores):
            found = _statistics(scores)
            half = 1.96 * found["stdev"] / math.sqrt(len(scores))
            stats[writer] = {**found, "ci95": half}
    return stats


def _cross_stats(card: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "anova_f": card.get("anova_f"),
        "kw_stat": card.get("kw_stat"),
        "std_dev_across_models": card.get("std_dev"),
        "kendall_tau": card.get("kendall_tau"),
        "pearson_r": card.get("pearson_r"),
    }


def _separability(card: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ci99_overlap_percentage_adjacent_avg": card.get("overlap_pct"),
        "average_cohens_d_adjacent": card.get("cohens_d"),
        "emd": {"average": card.get("emd")},
        "average_ci95": card.get("average_ci95"),
    }


def _elements(card: Mapping[str, Any], version: str) -> dict[str, float | None]:
    """Return the components from 0 to 1 by upstream's names; None for absent ones."""
    now, before = CONSTANTS["v2.1"], CONSTANTS["v2"].separability
    bands = {
        "norm_stability_between_iterations": (now.stability[version], "stability_tau"),
        "norm_correlation_with_lmsys_arena": (now.reference, "kendall_tau"),
        "norm_std_dev_between_models": (before["std_dev"], "std_dev"),
        "norm_kruskall_wallis": (now.separability["kw_stat"], "kw_stat"),
        "norm_ci99_adjacent_overlap": (now.separability["overlap_pct"], "overlap_pct"),
        "norm_score_range": (before["score_range"], "score_range"),
        "norm_earth_movers_distance": (before["emd"], "emd"),
    }
    return {
        name: None if card.get(figure) is None else float(band.share(card[figure]))
        for name, (band, figure) in bands.items()
    }
