"""Writes a run into upstream's single-file format, so that existing notebooks keep working."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from judgemark.errors import InputError, UsageError
from judgemark.inputs.json_file import read_json
from judgemark.judged import JudgedRun
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.table import ScoreTable
from judgemark.report.tables import tables_of
from judgemark.run.files import write_json


def export(path: Path, run: JudgedRun, result: Mapping[str, Any], *, with_replies: bool) -> None:
    """Put the run into `path` under its id, beside whatever runs the file already holds."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f".{path.name}.lock"))
    except OSError as exc:
        raise UsageError(f"--runs-file: {path} cannot be written ({exc.strerror})") from exc
    with lock:
        runs = read_json(path) if path.exists() else {}
        if not isinstance(runs, dict):
            raise InputError(path, "is no runs file", mend="name another file")
        runs[run.run_id] = _entry(run, result, with_replies)
        write_json(path, runs)


def _entry(run: JudgedRun, result: Mapping[str, Any], with_replies: bool) -> dict[str, Any]:
    cards = result["scorecards"]["v2.1"]
    raw, after = cards["raw"] or {}, cards["calibrated"] or {}
    marks = result["landmarks"]["v2.1"]
    return {
        "judge_model": run.judge.get("spec"),
        "status": "completed" if result["status"] == "complete" else result["status"],
        "samples_file": run.dataset.get("name"),
        "prompts_file": run.fingerprint.get("prompts", {}).get("sha256"),
        "scoring_range": {"min": run.rubric.scoring_min, "max": run.rubric.scoring_max},
        "results": _results(run, with_replies),
        "raw_score_distribution": _distribution(run),
        "calibration_config": {
            "method": "piecewise_landmark",
            "in_landmarks": marks,
            "out_landmarks": [0, 3, 5, 7, 10],
        },
        "raw_model_stats": _writer_stats(result, "raw"),
        "calibrated_model_stats": _writer_stats(result, "calibrated"),
        "raw_cross_model_stats": _cross_stats(raw),
        "calibrated_cross_model_stats": _cross_stats(after),
        "separability_metrics": {"raw": _separability(raw), "calibrated": _separability(after)},
        "iteration_stability": {"randomized_average_kendall_tau_by_item": raw.get("stability_tau")},
        "final_judgemark_score": _unit(after.get("score")),
        "final_judgemark_score_raw": _unit(raw.get("score")),
        "final_judgemark_score_elements_raw": raw,
        "final_judgemark_score_elements_calibrated": after,
    }


def _unit(score: float | None) -> float | None:
    return None if score is None else score / 100


def _results(run: JudgedRun, with_replies: bool) -> dict[str, Any]:
    table = tables_of(run).v21
    scores = _by_place(table)
    after = _by_place(calibrated(table)) if scores else {}
    out: dict[str, Any] = {}
    for j in run.judged:
        place = (j.writer, j.iteration, j.item)
        entry = out.setdefault(j.writer, {}).setdefault(j.iteration, {}).setdefault(j.item, {})
        if entry:
            continue
        entry["parsed_scores"] = dict(j.scores or {})
        entry["aggregated_score_raw"] = scores.get(place)
        entry["aggregated_score_calibrated"] = after.get(place)
        entry["text_length"] = j.text_length
        if with_replies and place in run.replies:
            entry["judge_response"] = run.replies[place]
    for u in run.unjudged:
        entry = out.setdefault(u.writer, {}).setdefault(u.iteration, {}).setdefault(u.item, {})
        if "aggregated_score_raw" not in entry:
            entry["error"] = f"{u.cls.value}: {u.reason}"
    return out


def _by_place(table: ScoreTable) -> dict[tuple[str, str, str], float]:
    return {
        (table.writers[w], table.iterations[t], table.items[i]): float(table.values[w, t, i])
        for w, t, i in np.argwhere(~np.isnan(table.values))
    }


def _distribution(run: JudgedRun) -> dict[str, int]:
    counts: dict[str, int] = {}
    for j in run.judged:
        for score in (j.scores or {}).values():
            counts[f"{score:g}"] = counts.get(f"{score:g}", 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: float(pair[0])))


def _writer_stats(result: Mapping[str, Any], version: str) -> dict[str, Any]:
    return {
        writer: {"count": w["n"], **(w[version] or {})} for writer, w in result["writers"].items()
    }


def _cross_stats(card: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "anova_f": card.get("anova_f"),
        "kw_stat": card.get("kw_stat"),
        "std_dev_across_models": card.get("std_dev"),
        "kendall_tau": card.get("kendall_tau"),
        "pearson_r": card.get("pearson_r"),
        "normalized_components": {},
    }


def _separability(card: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ci99_overlap_percentage_adjacent_avg": card.get("overlap_pct"),
        "average_cohens_d_adjacent": card.get("cohens_d"),
        "emd": {"average": card.get("emd")},
        "average_ci95": card.get("average_ci95"),
        "modulated_ci95": None,
    }
