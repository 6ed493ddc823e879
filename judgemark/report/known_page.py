"""The page of a ladder, a run over pairs or one of probes: what they have in common.

Each kind brings its sections, made of the same parts as those of the main report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from judgemark.report.charts_tables import Chart
from judgemark.report.html import environment, policy
from judgemark.report.page import DRAWN, stylesheet
from judgemark.report.page_facts import judge_words, note_facts, settings_facts, usage_facts
from judgemark.report.page_table import Fact, PagePart
from judgemark.scoring.number_format import count, percent
from judgemark.scoring.result_types import Result


@dataclass(frozen=True, slots=True)
class PageSection:
    """One section of the page: its anchor (`#anchor`), its heading, its parts, then its charts."""

    anchor: str
    title: str
    parts: tuple[PagePart, ...]
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownView:
    """All that the page shows; see `known_page`."""

    title: str
    kind: str
    run_id: str
    subtitle: tuple[str, ...]
    notice: str
    warnings: tuple[str, ...]
    sections: tuple[PageSection, ...]
    coverage: tuple[Fact, ...]
    failures: tuple[Fact, ...]
    usage: tuple[Fact, ...]
    settings: tuple[Fact, ...]
    notes: tuple[Fact, ...]


def known_page(
    result: Result, sections: Sequence[PageSection], counted: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the page in parts: head, warnings, the kind's sections, coverage, settings, notes.

    Args:
        result: the result of the run, which has the head that these kinds have in common.
        sections: what is the kind's own.
        counted: phrases below the title, such as "24 pieces".
    """
    judge = result.get("judge") or {}
    view = KnownView(
        title=str(judge.get("spec") or result["run_id"]),
        kind=str(result["kind"]),
        run_id=str(result["run_id"]),
        subtitle=(*judge_words(judge), *counted),
        notice=_notice(result),
        warnings=tuple(str(warning["text"]) for warning in result.get("warnings") or ()),
        sections=tuple(sections),
        coverage=_coverage(result["coverage"]),
        failures=_failures(result["coverage"]),
        usage=usage_facts(result),
        settings=settings_facts(result),
        notes=note_facts(result),
    )
    css = stylesheet([chart for section in sections for chart in section.charts])
    template = environment(DRAWN).get_template("known.html")
    yield from template.generate(view=view, css=Markup(css), policy=policy(css))


def _notice(result: Result) -> str:
    if result["status"] == "complete":
        return ""
    coverage = result["coverage"]
    return (
        f"This run is {result['status']}: {count(coverage['answered'])} of "
        f"{count(coverage['questions'])} questions have a verdict. Its figures cover only those."
    )


def _coverage(coverage: Mapping[str, Any]) -> tuple[Fact, ...]:
    first = coverage.get("first_try_parse_rate")
    return (
        ("Texts", count(coverage["pieces"])),
        ("Questions", count(coverage["questions"])),
        ("With a verdict", count(coverage["answered"])),
        *([("First-try parse rate", percent(first))] if first is not None else []),
        *((f"Replies of class {name}", count(n)) for name, n in coverage["classes"].items()),
    )


def _failures(coverage: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return the reasons of the failures that are listed, with how many have each."""
    found = Counter(f"{f['class']}: {f['reason']}" for f in coverage["failures"])
    rows = [(reason, count(n)) for reason, n in found.most_common()]
    more = coverage["failures_total"] - len(coverage["failures"])
    return (*rows, *([("Further failures", count(more))] if more > 0 else []))
