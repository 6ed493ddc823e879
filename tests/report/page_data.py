"""A small result and the run behind it, with names and texts that mean harm."""

from __future__ import annotations

from typing import Any

from judgemark.judged import FirstTry, Judged, JudgedRun, Spent, Unjudged
from judgemark.records import Class, Criterion, Rubric, Sample
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.scoring.result_json import compose

SCRIPT = "<script>alert(1)</script>"
HOSTILE_TEXT = "</div></main><img src=x onerror=alert(2)>\u202e & {{ 7 * 7 }} \x00\x1b[31m \ud800"
CRITERIA = (
    *(Criterion(name, negative=False) for name in ("Wit", "Prose", "Plot", "Voice")),
    *(Criterion(name, negative=True) for name in ("Trite", "<b>Purple</b> Prose")),
)


def run() -> JudgedRun:
    """Two writers, two items, two iterations; one piece was refused."""
    samples, judged, replies = [], [], {}
    for w, writer in enumerate((SCRIPT, "نموذج")):
        for iteration in ("1", "2"):
            for i, item in enumerate(("storm", "a letter")):
                text = f"{HOSTILE_TEXT} {writer} {iteration} {item}" + " word" * (9 * w + i)
                samples.append(Sample(writer, iteration, item, text))
                replies[writer, iteration, item] = f"Wit: {8 - 3 * w}\n{HOSTILE_TEXT}"
                scores = {c.name: 8.0 - 3 * w - i * int(iteration) for c in CRITERIA[:4]}
                scores |= {c.name: 2.0 + w for c in CRITERIA[4:]}
                judged.append(
                    Judged(writer, iteration, item, 0, 0, scores, None, text_length=len(text))
                )
    refused = judged.pop()
    unjudged = Unjudged(
        refused.writer,
        refused.iteration,
        refused.item,
        Class.REFUSED,
        "says it will not <judge>",
        f"I will not. {HOSTILE_TEXT}",
    )
    return JudgedRun(
        run_id="a-run",
        judge={"spec": f"some/{SCRIPT}", "kind": "endpoint", "mode": "rubric", "parameters": {}},
        protocol={"name": "rubric"},
        dataset={"name": "samples.json", "sha256": "ab" * 32},
        fingerprint={"samples": "ab" * 32, "scoring": {"min": 0, "max": 10}},
        rubric=Rubric(0, 10, CRITERIA),
        judged=tuple(judged),
        unjudged=(unjudged,),
        pieces=8,
        classes={Class.OK: 7, Class.REFUSED: 1},
        samples=tuple(samples),
        replies=replies,
    )


def whole_run() -> JudgedRun:
    """Three writers, three items, two iterations, each judged twice; one piece was refused."""
    samples, judged = [], []
    for w, writer in enumerate(("ann", "bea", "cid")):
        for iteration in ("1", "2"):
            for i, item in enumerate(("storm", "letter", "debt")):
                text = " ".join(f"word{n * (w + 1) % 7}" for n in range(20 + 9 * w + 4 * i))
                samples.append(Sample(writer, iteration, item, text))
                for repeat in (0, 1):
                    base = 8.0 - 2 * w - (i * (w + int(iteration)) + repeat) % 3
                    scores = {c.name: base + n % 2 for n, c in enumerate(CRITERIA)}
                    judged.append(
                        Judged(
                            writer, iteration, item, 0, repeat, scores, None, text_length=len(text)
                        )
                    )
    refused = Unjudged("cid", "2", "debt", Class.REFUSED, "will not")
    return JudgedRun(
        run_id="whole",
        judge={"spec": "some/judge", "kind": "endpoint", "mode": "rubric"},
        protocol={"name": "rubric"},
        dataset={"name": "samples.json", "sha256": "ab" * 32},
        fingerprint={"samples": "ab" * 32, "scoring": {"min": 0, "max": 10}},
        rubric=Rubric(0, 10, CRITERIA),
        judged=tuple(j for j in judged if (j.writer, j.iteration, j.item) != ("cid", "2", "debt")),
        unjudged=(refused,),
        pieces=18,
        repeats=2,
        classes={Class.OK: 34, Class.REFUSED: 2},
        first_try=FirstTry(33, 36),
        spent=Spent(1000, 500, 1.25, 60.0, 40),
        samples=tuple(samples),
        verdicts_sha256="cd" * 32,
        references={"ann": 3.0, "bea": 2.0, "cid": 1.0},
    )


def result() -> dict[str, Any]:
    """What result.json holds of it, with figures chosen to be easy to find."""
    card = {
        "score": 103.0396,
        "ci95": [99.1849, 106.7371],
        "ci95_other_writers": [82.75, 130.5],
        "separability": None,
        "stability_tau": 0.9445,
        "omega_squared": 0.80903,
        "cliffs_delta": 0.73656,
        "missing": [],
    }
    floor = {"omega_squared": 0.7549, "cliffs_delta": 0.68, "kendall_tau": -0.185}
    writer = {"mean": 8.4731, "ci95": [8.3916, 8.5546]}
    return {
        "format": 1,
        "metric_version": METRIC_VERSION,
        "program": {"name": "judgemark", "version": "0.1.0"},
        "run_id": "a-run",
        "status": "incomplete",
        "judge": {"spec": f"some/{SCRIPT}", "kind": "endpoint", "endpoint": "http://127.0.0.1/v1"},
        "dataset": {"pieces": 8, "writers": 2, "items": 2, "iterations": 2},
        "fingerprint": {"samples": "ab" * 32, "scoring": {"min": 0, "max": 10}},
        "coverage": {
            "pieces": 8,
            "asked": 8,
            "scored": 7,
            "share": 0.875,
            "first_try_parse_rate": 0.96875,
            "classes": {"ok": 7, "refused": 1},
            "failures": [
                {
                    "writer": "نموذج",
                    "iteration": "2",
                    "item": "a letter",
                    "class": "refused",
                    "reason": "says it will not <judge>",
                }
            ],
            "failures_total": 1,
        },
        "usage": {"prompt_tokens": 1234567, "cost": 4.5612, "seconds_per_item": 1.234},
        "scorecards": {
            "v4": {"raw": card, "calibrated": {**card, "score": 101.4}},
            "v2.1": {
                "raw": None,
                "calibrated": {**card, "score": 68.3, "missing": ["kendall_tau"]},
            },
        },
        "caveats": {"v2.1": "constants made for 17 writers x 96; at most 12.3 reachable here"},
        "writers": {
            "نموذج": {"n": 3, "raw": {"mean": 4.0, "ci95": None}, "calibrated": None},
            SCRIPT: {
                "n": 4,
                "raw": writer,
                "calibrated": writer,
                "length_rho": -0.5449,
                "reference": 2.0,
            },
        },
        "criteria": {
            "Wit": {
                "negative": False,
                "n": 7,
                "mean": 6.5,
                "std": 1.25,
                "used": {"5": 0.25, "8": 0.75},
                "drop": -0.5712,
                "correlation": 0.97,
                "correlation_rest": None,
            },
            "<b>Purple</b> Prose": {"negative": True, "n": 0, "used": {}},
        },
        "floors": {
            "lexical": {"score": 95.664, **floor},
            "length": {"score": 64.92, **floor},
            "random": {"score": 6.1, **floor},
            "s_minus_lexical": 7.3756,
        },
        "null": {"mean": 4.6328, "p95": 6.9088, "p_value": 0.000999},
        "reference": {"writers": 1, "kendall_tau": 0.2444, "concordance": {"value": 0.75}},
        "bias": {"length": {"rho": 0.0917, "n": 7}},
        "item_agreement": {
            "most": [{"item": "storm", "tau": 1.0}],
            "least": [{"item": "a letter", "tau": -1.0}],
        },
        "later": {"position": {"share": 0.5123456}},
        "notes": {"scorecards.v2.1.raw.score": "ratings have no raw scale", "usage.cost": "<i>"},
    }


def played() -> dict[str, Any]:
    """The tournament section of a result."""
    return {
        "option": "isolated",
        "protocol": "pairwise-logprob",
        "settings": {"option": "isolated", "rounds": 5, "k_factor": 32.0, "seed": 0, "later": 1.5},
        "omega_squared": 0.6811,
        "cliffs_delta": 0.6377,
        "combined": 87.92,
        "combined_unscaled": 65.94,
        "leaderboard": [
            {"writer": SCRIPT, "rating": 1202.226, "spread": None, "ratings": 24},
            {"writer": "bea", "rating": 1197.774, "spread": None, "ratings": 24},
        ],
        "spread": None,
        "bradley_terry": {
            "scale": "not comparable with published Elo figures",
            "ridge": 0.1,
            "verdicts": 324,
            "resamples": 200,
            "void": 2,
            "ratings": [
                {"writer": SCRIPT, "rating": 1208.24, "ci95": [1192.29, 1224.18]},
                {"writer": "bea", "rating": 1191.76, "ci95": None},
            ],
        },
        "position_bias": {"mass": 0.523, "wins": 0.54, "passes": 720},
        "length_bias": {"win_rate": 0.534, "margin": 5.26, "matches": 324},
        "concordance": {"verdicts": 0.4768, "n": 300},
        "tournaments": 24,
        "matches": 360,
        "calls": 648,
        "reuses": 72,
        "asked": 600,
        "lent": 48,
        "too_long": 0,
        "missing": 0,
        "missing_share": 0.0,
        "failures": [],
        "incomplete": False,
        "incomplete_tournaments": [],
        "skipped": [],
        "left_out": [],
        "letters": {"passes": 648, "captured_mass": 0.9812, "censored": 3, "other_tokens": 4},
    }


def full_result() -> dict[str, Any]:
    """`result` with all that a run can have, tournaments and hostile names included."""
    found = compose(whole_run())
    sections = ("intervals", "reach", "variance", "retest", "bias", "null", "reference")
    return result() | {key: found[key] for key in sections} | {"tournament": played()}
