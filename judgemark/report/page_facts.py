"""The report's lists of names with values, formatted for a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judgemark.judges.ensemble_kind import ENSEMBLE
from judgemark.report.page_table import Fact
from judgemark.scoring.figures import COMPUTED, FIGURES, Figure, Shown, shown_in, value_of
from judgemark.scoring.number_format import (
    ABSENT,
    count,
    dollars,
    figure,
    mean_figure,
    percent,
    printed,
)
from judgemark.scoring.result_types import Result

SCALARS = (
    "format", "metric_version", "program", "run_id", "status", "verdicts_sha256", "seed", "notes",
    "judge", "dataset", "fingerprint", "landmarks", "caveats", "scorecards", "writers", "criteria",
    "warnings", "validity", "ensemble",
)  # fmt: skip
KNOWN: Mapping[str, frozenset[str] | None] = dict.fromkeys(SCALARS) | {
    section: frozenset(keys.split())
    for section, keys in {
        COMPUTED: " ".join(figure.key for figure in FIGURES if figure.compute),
        "coverage": "pieces asked unanswered asked_sha256 repeats scored share "
        "first_try_parse_rate classes too_few_criteria failures failures_total",
        "usage": "prompt_tokens completion_tokens cost requests seconds seconds_per_item",
        "intervals": "v2 v2.1 v4 v4-unscaled",
        "reach": "v2 v2.1",
        "floors": "lexical length random s_minus_lexical s_minus_lexical_ci95",
        "null": "observed mean p95 p_value p permutations seed calibrated",
        "reference": "writers kendall_tau pearson_r pair_concordance pair_concordance_ci95 "
        "item_concordance item_concordance_ci95 signed_delta signed_delta_ci95",
        "variance": "components scores remarks",
        "retest": "pieces icc mean_absolute_difference",
        "bias": "length style",
        "item_agreement": "most least",
        "tournament": "option protocol settings omega_squared cliffs_delta combined "
        "combined_unscaled leaderboard spread bradley_terry position_bias length_bias concordance "
        "tournaments matches calls reuses asked lent too_long missing missing_share failures "
        "incomplete incomplete_tournaments skipped left_out separate_groups letters",
    }.items()
}
"""The keys that have a place on the page, by section; None for a section shown as a whole."""

LONGEST_LIST = 8
PIECES = ("Pieces", "Asked about", "Scored")
RATINGS = ("Ratings in all", "Ratings of writers who met others", "Ratings given")


def judge_words(judge: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands below the title of a report: the judge's kind, mode and address."""
    for key in ("kind", "mode", "endpoint"):
        if judge.get(key):
            yield "ensemble" if judge[key] == ENSEMBLE.prefix else str(judge[key])


def coverage_facts(result: Result) -> tuple[Fact, ...]:
    """Return how many pieces were asked about and scored, and the classes of the replies."""
    coverage = result.get("coverage") or {}
    played = result.get("tournament")
    pieces, asked, done = RATINGS if played else PIECES
    facts: list[Fact] = []
    if coverage.get("pieces") is not None:
        facts.append((pieces, count(coverage["pieces"])))
    if coverage.get("asked") is not None:
        facts.append((asked, count(coverage["asked"])))
    if (coverage.get("repeats") or 1) > 1:
        facts.append(("Times each piece is judged", count(coverage["repeats"])))
    if coverage.get("scored") is not None:
        share = f" ({percent(coverage.get('share'))})"
        facts.append((done, count(coverage["scored"]) + ("" if played else share)))
    if played:
        verdicts = int(played.get("matches") or 0) - int(played.get("missing") or 0)
        facts += [
            ("Matches with a verdict", f"{count(verdicts)} of {count(played.get('matches'))}"),
            ("Coverage", percent(coverage.get("share"))),
        ]
    if coverage.get("unanswered"):
        facts.append(("Questions still to be asked", count(coverage["unanswered"])))
    first = coverage.get("first_try_parse_rate")
    if first is not None:
        facts.append(("First-try parse rate", percent(first)))
    for name, n in (coverage.get("classes") or {}).items():
        facts.append((f"Replies of class {name}", count(n)))
    for card, n in (coverage.get("too_few_criteria") or {}).items():
        if n:
            facts.append((f"Too few criteria for {card}", count(n)))
    return tuple(facts)


def usage_facts(result: Result) -> tuple[Fact, ...]:
    """Return what the run cost: money, tokens, requests and time."""
    usage = result.get("usage") or {}
    embedded = (result.get("judge") or {}).get("kind") == "baseline"
    facts = [("Cost", "none (embedded judge)" if embedded else dollars(usage.get("cost")))]
    for key, name in (
        ("prompt_tokens", "Prompt tokens"),
        ("completion_tokens", "Completion tokens"),
        ("requests", "Requests"),
    ):
        if usage.get(key) is not None:
            facts.append((name, count(usage[key])))
    if usage.get("seconds") is not None:
        facts.append(("Seconds spent waiting for replies, in all", mean_figure(usage["seconds"])))
    if usage.get("seconds_per_item") is not None:
        facts.append(("Seconds per reply", figure(usage["seconds_per_item"])))
    return tuple(facts)


def settings_facts(result: Result) -> tuple[Fact, ...]:
    """Return judge, data, fingerprints and versions, named by their dotted paths."""
    program = result.get("program") or {}
    facts = [
        ("program", f"{program.get('name', '')} {program.get('version', '')}".strip()),
        ("metric version", str(result.get("metric_version", ""))),
        ("counting rules, version", str((result.get("validity") or {}).get("counter_family", ""))),
        ("run", str(result.get("run_id", ""))),
    ]
    for key in ("judge", "dataset", "fingerprint", "landmarks"):
        section = {k: v for k, v in (result.get(key) or {}).items() if k != "item_ids"}
        facts += [(f"{key}.{path}", plain(value)) for path, value in flat(section)]
    asked = (result.get("coverage") or {}).get("asked_sha256")
    facts += [
        ("pieces asked about, sha256", str(asked or "")),
        ("verdicts, sha256", str(result.get("verdicts_sha256") or "")),
        ("seed", plain(result["seed"]) if result.get("seed") is not None else ""),
    ]
    return tuple((name, value) for name, value in facts if value)


def other_facts(result: Result) -> tuple[Fact, ...]:
    """Return the figures that this version does not know, such as those of later versions."""
    unknown: dict[str, Any] = {}
    for key, value in result.items():
        if key not in KNOWN:
            unknown[key] = value
        elif (shown := KNOWN[key]) is not None and isinstance(value, Mapping):
            unknown |= {f"{key}.{k}": v for k, v in value.items() if k not in shown}
    return tuple((path, plain(value)) for path, value in flat(unknown))


def figure_facts(result: Result, figures: Sequence[Figure] = FIGURES) -> tuple[Fact, ...]:
    """Return the registered figures that the report lists without a table of their own.

    Figures that the run does not have are left out; the notes give the reasons.
    """
    found = ((figure, value_of(figure, result)) for figure in shown_in(Shown.REPORT, figures))
    return tuple(
        (f"{figure.label}: {figure.help}", printed(value, figure.unit))
        for figure, value in found
        if value is not None
    )


def note_facts(result: Result) -> tuple[Fact, ...]:
    """Return why figures are absent: each reason once, with the paths of its figures."""
    by_reason: dict[str, list[str]] = {}
    for path, reason in (result.get("notes") or {}).items():
        by_reason.setdefault(str(reason), []).append(str(path))
    return tuple((reason, ", ".join(_gathered(paths))) for reason, paths in by_reason.items())


def _gathered(paths: Sequence[str]) -> list[str]:
    """Merge the paths of one figure in several scorecards, as scorecards.*.kendall_tau."""
    tails = Counter(p.rpartition(".")[2] for p in paths if p.startswith("scorecards."))
    gathered = []
    for path in paths:
        tail = path.rpartition(".")[2]
        several = path.startswith("scorecards.") and tails[tail] > 1
        shown = f"scorecards.*.{tail} ({tails[tail]})" if several else path
        if shown not in gathered:
            gathered.append(shown)
    return gathered


def flat(section: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested mappings by dotted path; a long list is given by its length."""
    if isinstance(section, Mapping):
        for key, value in section.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    elif not isinstance(section, list | tuple) or _short(section):
        yield path, section
    else:
        yield path, f"{count(len(section))} entries"


def _short(listed: Sequence[Any]) -> bool:
    return len(listed) <= LONGEST_LIST and not any(isinstance(v, Mapping | list) for v in listed)


def plain(value: Any) -> str:
    """Format any value; numbers get at most three decimals."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return figure(value, 3).rstrip("0").rstrip(".") if abs(value) < 1e6 else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(plain(v) for v in value)
    return str(value)
