"""What `result.json` holds of every ladder, run over pairs and run of probes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgemark.metrics.validity.validity_section import NotedBlock
from judgemark.run.stored_answers import StoredAnswers
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.coverage_parts import class_counts, listed_failures
from judgemark.scoring.figures import COMPUTED, validity_figures
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.scoring.pair_warnings import warnings_of_passes
from judgemark.scoring.result_json import usage_section
from judgemark.scoring.result_types import ResultSection
from judgemark.scoring.run_warnings import warnings_of
from judgemark.version import __version__


def known_result(
    answers: StoredAnswers, validity: NotedBlock, own: Mapping[str, Any], notes: Notes
) -> ResultSection:
    """Return the whole result: the head that these kinds of run have in common, and `own`.

    Args:
        answers: the stored run.
        validity: its `validity` section, from `validity_section.validity_section`.
        own: the kind's own section, which stands under the kind's name.
        notes: the reasons why figures of `own` are absent, by their path in the result.
    """
    run = answers.run
    notes.add("validity", validity.notes)
    return {
        "format": 1,
        "metric_version": METRIC_VERSION,
        "program": {"name": "judgemark", "version": __version__},
        "run_id": run.run_id,
        "kind": str(answers.kind),
        "status": _known_status(answers),
        "judge": dict(run.judge),
        "protocol": dict(run.protocol),
        "dataset": dict(run.dataset),
        "fingerprint": dict(run.fingerprint),
        "verdicts_sha256": run.verdicts_sha256,
        "seed": run.seed,
        "coverage": _coverage(answers),
        "usage": usage_section(run, notes),
        "warnings": _warnings(answers),
        "validity": validity.values,
        str(answers.kind): dict(own),
        COMPUTED: validity_figures(validity, notes),
        "notes": notes.reasons,
    }


def _known_status(answers: StoredAnswers) -> str:
    """Return `complete`, or `incomplete` where a question that was to be asked has no verdict."""
    run = answers.run
    answered = bool(run.judged) if answers.passes is None else bool(answers.passes)
    return "incomplete" if run.unjudged or run.unanswered or not answered else "complete"


def _coverage(answers: StoredAnswers) -> ResultSection:
    """Return how many questions have a usable answer, and why the others have none."""
    run = answers.run
    good = sum(number for cls, number in run.classes.items() if cls.good)
    return {
        "pieces": run.pieces,
        "questions": sum(run.classes.values()) + run.unanswered,
        "answered": good,
        "first_try_parse_rate": run.first_try.parse_rate if run.first_try else None,
        "classes": class_counts(run),
        "failures": listed_failures(run),
        "failures_total": len(run.unjudged),
        "unanswered": run.unanswered,
    }


def _warnings(answers: StoredAnswers) -> list[ResultSection]:
    if answers.passes is None:
        return warnings_of(answers.run, None)
    return warnings_of_passes(answers.run.asking, answers.passes)
