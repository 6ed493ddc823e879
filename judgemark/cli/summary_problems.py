"""The warnings about a run's figures and what the run lacks, on the terminal."""

from __future__ import annotations

from collections import Counter

from judgemark.cli.summary_parts import LabelledText
from judgemark.protocols.stored_words import TOO_LONG
from judgemark.records import Class
from judgemark.run.attempts import advice
from judgemark.scoring.result_types import Result, ResultBlock


def problems(result: Result) -> list[LabelledText]:
    """Return at most two rows: the warnings of the run, and what is missing of it."""
    rows = []
    warnings = [warning["text"] for warning in result.get("warnings") or ()]
    if warnings:
        rows.append(("Warning", "; ".join(warnings)))
    missing = missing_parts(result)
    if missing:
        label, parts = missing
        rows.append((label, "; ".join(parts)))
    return rows


def missing_parts(result: Result) -> tuple[str, list[str]] | None:
    """Return what is missing of a run: a label (Incomplete, Limited, Missing) and sentences.

    None where nothing is missing.
    """
    played = result.get("tournament")
    unplayed = _unplayed(played) if played else []
    waiting = result["coverage"].get("unanswered")
    counted = waiting or (not unplayed and result["status"] != "complete")
    parts = [*unplayed, *(_unanswered(result) if counted else [])]
    if played and not waiting:
        parts += _remedy(played)
    if not parts:
        return None
    label = {"incomplete": "Incomplete", "limited": "Limited"}.get(result["status"], "Missing")
    return label, parts


def _unplayed(t: ResultBlock) -> list[str]:
    if not t["missing"]:
        return []
    text = f"{t['missing']} of {t['matches']} matches have no verdict"
    if t["too_long"]:
        text += f" ({t['too_long']} questions do not fit the judge's context)"
    first = next(iter(t["failures"]), None)
    if first is not None:
        text += f", the first because of {first['class']}: {first['reason']}"
    parts = [text]
    if t["incomplete"]:
        parts.append(
            f"{len(t['incomplete_tournaments'])} of {t['tournaments']} tournaments lack more than "
            "5% of their matches"
        )
    return parts


def _remedy(t: ResultBlock) -> list[str]:
    """Return what can be done about matches that were asked about, or could not be, in vain.

    A pair that is too long stays so, and about writers who share no piece nothing can be asked.
    """
    if not t["missing"]:
        return []
    if any(not failure["reason"].startswith(TOO_LONG) for failure in t["failures"]):
        return ["the same command asks again for them"]
    if t["failures"]:
        return ["the same command leaves them out again; a larger context would take them"]
    return ["nothing can be asked about them: their writers share no item and iteration"]


def _unanswered(result: Result) -> list[str]:
    c = result["coverage"]
    if result["status"] == "limited":
        return [_never_asked(result)]
    parts = []
    failures = c["failures"]
    # A result lists a limited number of failures, and counts all.
    first = "the first " if c.get("failures_total", 0) > len(failures) else ""
    classes = Counter(failure["class"] for failure in failures)
    if classes:
        listed = ", ".join(f"{n} {cls}" for cls, n in sorted(classes.items()))
        of = f"of {first}{len(failures)}: " if first else ""
        parts.append(f"{c['failures_total']} without a verdict ({of}{listed})")
    if c.get("unanswered"):
        left = c["unanswered"]
        parts.append(f"{left} {'question' if left == 1 else 'questions'} still to be asked")
    if not parts:
        return ["no piece has a verdict"]
    parts += commonest_reason(c)
    return [*parts, "the same command asks only about those"]


def _never_asked(result: Result) -> str:
    """Say how many pieces were not asked about: in tournaments, those without an opponent."""
    c, played = result["coverage"], result.get("tournament") or {}
    text = f"{c['pieces'] - c['asked']} of {c['pieces']} pieces were never asked about"
    if played.get("left_out"):
        from judgemark.tournaments.tournament_settings import Option

        if played["option"] == Option.BOOTSTRAP:
            text = f"{c['pieces'] - c['asked']} of {c['pieces']} ratings are missing"
    if not played.get("skipped"):
        return text
    first = played["skipped"][0]
    more = len(played["skipped"]) - 1
    where = f"item {first['item']}, iteration {first['iteration']}"
    where += f" and {more} more" if more else ""
    return f"{text}: no other writer has a piece there ({where})"


def commonest_reason(coverage: ResultBlock) -> list[str]:
    """Return why most of the questions without a verdict have none, and what may help.

    Empty where all of them have not been asked yet.
    """
    failures = coverage["failures"]
    reasons = Counter((failure["class"], failure["reason"]) for failure in failures)
    if not reasons:
        return []
    first = "the first " if coverage.get("failures_total", 0) > len(failures) else ""
    (cls, reason), count = reasons.most_common(1)[0]
    hint = advice(Class(cls))
    told = f"most often ({count} of {first}{len(failures)}) {cls}, {reason}"
    return [told + (hint and f", {hint}")]
