"""Runs made up for boards: results with replicates on shared draws, as scoring would leave them."""

from __future__ import annotations

from typing import Any

import numpy as np

from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.entry_from_result import entry_of
from judgemark.leaderboard.packed_scores import CARDS
from judgemark.records import text_hash
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.scoring.result_json import Composed
from judgemark.table.score_table import Floats

SCRIPT = "<script>alert(1)</script>"
RESAMPLES = 200
SAMPLES = "ab" * 32
ITEMS = [f"item-{n:02}" for n in range(32)]
WRITERS = [f"writer-{n:02}" for n in range(10)]
READS = {
    "damage_accuracy": 0.79,
    "damage_counter": 0.55,
    "damage_twin": 0.52,
    "damage_margin": 0.24,
    "damage_margin_low": 0.17,
    "damage_margin_high": 0.31,
    "reads": 0.17,
}
"""What known damage says of a judge that reads."""


def sha(text: str) -> str:
    return text_hash(text)


def replicates(name: str, score: float, own: float, shared: float = 1.5) -> Floats:
    """Scores on item resamples: what all judges share of a draw, and this judge's own part."""
    common = np.random.default_rng(0).normal(size=RESAMPLES)
    seed = int(sha(name)[:8], 16)
    alone = np.random.default_rng(seed).normal(size=RESAMPLES)
    drawn: Floats = score + shared * common + own * alone
    return drawn


def card(score: float | None, half: float = 3.0) -> dict[str, Any]:
    ends = None if score is None else [score - half, score + half]
    return {
        "kw_stat": 900.0,
        "anova_f": 40.0,
        "std_dev": 1.2,
        "kendall_tau": 0.61,
        "pearson_r": 0.7,
        "score_range": 3.0,
        "overlap_pct": 0.5,
        "cohens_d": 0.6,
        "average_ci95": 0.2,
        "emd": 1.0,
        "stability_tau": 0.87,
        "omega_squared": None if score is None else score / 133,
        "cliffs_delta": None if score is None else score / 140,
        "separability": 0.55,
        "score": score,
        "ci95": ends,
        "ci95_other_writers": None if score is None else [score - 4 * half, score + 4 * half],
        "missing": [],
    }


def composed(
    name: str = "some/judge",
    score: float | None = 80.0,
    *,
    own: float = 1.0,
    kind: str = "endpoint",
    mode: str = "rubric",
    status: str = "complete",
    scored: int = 960,
    asked: int = 960,
    cost: float | None = 0.5,
    seed: int = 0,
    change: dict[str, Any] | None = None,
) -> Composed:
    """A run of 10 writers x 3 iterations x 32 items; `change` replaces parts by dotted path."""
    cards = {
        scorecard: {"raw": card(score), "calibrated": card(score)}
        for scorecard in (*CARDS, "v4-unscaled")
    }
    for version in ("raw", "calibrated"):
        cards["v4"][version]["separability"] = None
    result: dict[str, Any] = {
        "format": 1,
        "metric_version": METRIC_VERSION,
        "program": {"name": "judgemark", "version": "0.1.0"},
        "run_id": f"{name.replace('/', '-')}--stories",
        "status": status,
        "judge": {"spec": name, "kind": kind, "mode": mode, "endpoint": None, "parameters": None},
        "dataset": {
            "name": "stories",
            "sha256": SAMPLES,
            "writers": len(WRITERS),
            "iterations": 3,
            "items": len(ITEMS),
            "pieces": 960,
            "item_ids": ITEMS,
        },
        "fingerprint": {
            "judge": {"kind": kind, "name": name},
            "protocol": {"name": "rubric", "version": 1},
            "samples": {"sha256": SAMPLES},
            "prompts": {"sha256": "cd" * 32},
            "scoring": {"min": 0.0, "max": 10.0, "criteria": None},
        },
        "verdicts_sha256": sha(f"{name} {score} {scored} {mode}"),
        "seed": seed,
        "coverage": {
            "pieces": 960,
            "asked": asked,
            "asked_sha256": sha(f"asked {asked}"),
            "repeats": 1,
            "scored": scored,
            "share": scored / 960,
            "first_try_parse_rate": 0.99,
            "too_few_criteria": {"v2": 0, "v2.1": 0},
        },
        "usage": {
            "cost": cost,
            "prompt_tokens": 1_000_000,
            "completion_tokens": 200_000,
            "seconds_per_item": 2.25,
        },
        "scorecards": cards,
        "writers": {w: {"reference": float(n)} for n, w in enumerate(WRITERS)},
        "floors": {
            "lexical": {
                "score": 71.7,
                "omega_squared": 0.5,
                "cliffs_delta": 0.57,
                "kendall_tau": 0.1,
            },
            "length": {
                "score": 55.0,
                "omega_squared": 0.4,
                "cliffs_delta": 0.43,
                "kendall_tau": 0.0,
            },
            "s_minus_lexical": None if score is None else score - 71.7,
        },
        "null": {"p_value": 0.001},
        "reference": {"kendall_tau": 0.61, "pair_concordance": 0.8},
        "retest": {"icc": None},
        "bias": {"length": {"rho": 0.12}},
        "figures": dict(READS),
        "notes": {} if score is not None else {"scorecards.v4.raw.score": "all scores are equal"},
    }
    if kind == "baseline":
        result["fingerprint"]["protocol"] = {"name": "direct", "version": 1}
        result["fingerprint"]["prompts"] = {"sha256": None}
    for path, value in (change or {}).items():
        place, keys = result, path.split("/")
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value
    rows = {}
    if score is not None:
        rows = {(n, v): replicates(f"{name} {seed}", score, own) for n, v in CARDS.items()}
    return Composed(result, rows, dict(rows))


def entry(name: str = "some/judge", score: float | None = 80.0, **settings: Any) -> Entry:
    """The entry of such a run."""
    made = composed(name, score, **settings)
    return entry_of(made.result, made.replicates, made.twins, made.nested)


def many(count: int) -> list[Entry]:
    """A field of judges of falling score, among them floors, pairwise and incomplete runs."""
    draw = np.random.default_rng(count)
    names = ["openai/gpt-5.1", "anthropic/claude-sonnet-4.6", "google/gemini-3-pro", SCRIPT]
    names += ["deepseek/deepseek-v4", "qwen/qwen3.5-72b-instruct:free", "llama4:70b", "mistral-4"]
    names += [f"lab-{n % 17}/judge-{n}b-instruct" for n in range(len(names), count)]
    made = []
    for n, name in enumerate(names[:count]):
        score = 104 - 60 * n / max(count, 8) + float(draw.normal() * 3)
        cost = float(np.exp(draw.normal() * 1.6 - n / count * 3))
        made.append(
            entry(
                name,
                score,
                own=float(draw.uniform(0.5, 3.0)),
                cost=None if n % 11 == 7 else 0.0 if n % 11 == 5 else cost,
                status="incomplete" if n % 9 == 8 else "complete",
                scored=912 if n % 9 == 8 else 960,
                change={
                    "usage/seconds_per_item": float(np.exp(draw.normal())),
                    "scorecards/v4/raw": card(score, float(draw.uniform(2, 6)))
                    | {"separability": None, "stability_tau": float(draw.uniform(0.6, 0.98))},
                },
            )
        )
    made.append(entry("baseline:lexical", 71.7, kind="baseline", cost=None))
    return made


def pairwise(name: str, score: float, **rules: Any) -> Entry:
    """A pairwise run of a tournament."""
    tournament = {"option": "isolated", "rounds": 5, "k_factor": 32.0, "writers": 10} | rules
    protocol = {"name": "pairwise-logprob", "version": 1, "tournament": tournament}
    change = {"fingerprint/protocol": protocol, "fingerprint/prompts": {"sha256": None}}
    return entry(name, score, kind="vllm", mode="pairwise", cost=None, change=change)
