"""The report's evidence besides scores: reference order, bias, variance and repeatability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from judgemark.report.page_table import (
    ColumnKind,
    PageCell,
    PageColumn,
    PagePart,
    PageTable,
    columns,
    row,
)
from judgemark.scoring.number_format import (
    count,
    figure,
    interval,
    mean_figure,
    percent,
    percent_interval,
    signed,
)
from judgemark.scoring.result_types import Result

AGREEMENT = (
    (
        "kendall_tau",
        "Kendall's tau-b",
        "Rank correlation of the writers' means with the reference, averaged over iterations: 1 is "
        "the same order, 0 no relation, −1 the reverse order.",
    ),
    (
        "pearson_r",
        "Pearson's r",
        "Linear correlation of the writers' means with the reference scores, averaged over "
        "iterations: 1 where the means lie on a rising line.",
    ),
    (
        "pair_concordance",
        "Writer pairs in order",
        "The share of all pairs of writers that the judge's means put in the reference's order; "
        "50% is chance.",
    ),
    (
        "item_concordance",
        "Piece pairs in order",
        "The share of all pairs of pieces (two writers, the same item and iteration) that the "
        "judge puts in the reference's order; 50% is chance.",
    ),
    (
        "signed_delta",
        "Signed Cliff's delta",
        "How far the judge rates the better writer of each pair above the other: 1 fully, 0 not "
        "at all; below 0 it rates the worse writer higher.",
    ),
)
SHARES = frozenset({"pair_concordance", "item_concordance"})
UNREPEATED = (
    "Not measured: no piece was judged more than once. num_runs 2 asks about each piece twice."
)


def reference_parts(result: Result) -> tuple[PagePart, ...]:
    """Return the agreement with the reference order; empty where there is no reference."""
    reference = result.get("reference")
    if not reference:
        return ()
    notes = result.get("notes") or {}
    lead = "Whether the judge puts the writers in an order that is known from another source. "
    lead += "Separability cannot show this. "
    lead += f"Writers with a reference score: {reference.get('writers')}."
    if all(reference.get(key) is None for key, _, _ in AGREEMENT):
        return (
            PagePart("", (lead, sentence(f"not available: {notes.get('reference', 'not given')}"))),
        )
    rows = []
    for key, name, meaning in AGREEMENT:
        value, ends = reference.get(key), reference.get(f"{key}_ci95")
        reason = notes.get(f"reference.{key}") or notes.get("reference") if value is None else None
        said = (percent, percent_interval) if key in SHARES else (signed, interval)
        sure = said[1](ends, 1 if key in SHARES else 2)
        small = (meaning, str(reason)) if reason else (meaning,)
        rows.append(row(PageCell(name, small), said[0](value), sure))
    verdict = direction(reference)
    table = PageTable(columns("Figure", "Value", "95% interval"), tuple(rows))
    return (PagePart("", (lead,), table, remarks=(verdict,) if verdict else ()),)


def direction(reference: Mapping[str, Any]) -> str:
    """Say in which direction the judge separates the writers, as far as the interval allows."""
    delta, ends = reference.get("signed_delta"), reference.get("signed_delta_ci95")
    if delta is None:
        return ""
    if ends is None:
        side = "above" if delta > 0 else "below" if delta < 0 else "at"
        return f"The signed delta is {side} 0; it has no interval, so this may be chance."
    if ends[0] <= 0 <= ends[1]:
        return (
            "The signed delta does not differ significantly from 0: these items do not show "
            "whether the judge rates better writers higher."
        )
    if delta < 0:
        return (
            "This judge separates the writers in the wrong direction: it rates the worse writer of "
            "a pair higher."
        )
    return "This judge separates the writers in the reference's direction."


def evidence_parts(result: Result) -> tuple[PagePart, ...]:
    """Return length, style, variance and repeatability; a part without figures says why."""
    makers = (_length, _style, _variance, _retest)
    return tuple(part for make in makers for part in make(result))


def _absent(result: Result, path: str, title: str) -> Iterator[PagePart]:
    reason = (result.get("notes") or {}).get(path)
    if reason:
        yield PagePart(title, (f"Not available: {reason}.",))


def _length(result: Result) -> Iterator[PagePart]:
    title = "Length"
    length = (result.get("bias") or {}).get("length")
    if not length:
        yield from _absent(result, "bias.length", title)
        return
    rho = signed(length.get("rho"))
    yield PagePart(
        title,
        (
            f"Within writers, length and score correlate at {rho} (Spearman's rho, "
            f"{count(length.get('n'))} pieces). Above 0, the judge scores a writer's longer "
            "pieces higher.",
        ),
    )


def _style(result: Result) -> Iterator[PagePart]:
    title = "Style"
    style = (result.get("bias") or {}).get("style")
    if not style:
        yield from _absent(result, "bias.style", title)
        return
    low, high = sorted((style["without_writers"], style["within_writers"]))
    given = (
        "a lower bound: variance shared by style and writers is counted as style, although good "
        "writers also differ in style because they are good"
    )
    rows = (
        row(
            PageCell(
                "as scored", ("the share of the variance of scores that lies between writers",)
            ),
            figure(style.get("omega_squared"), 3),
        ),
        row(
            PageCell("without style, writers ignored", (given,)),
            figure(style["without_writers"], 3),
        ),
        row(
            PageCell(
                "without style, within writers",
                ("the effect of style is estimated from pieces by the same writer only",),
            ),
            figure(style["within_writers"], 3),
        ),
    )
    lead = (
        "How much of the separation remains when length in characters, length in words and "
        f"lexical variety are held constant: between {figure(low, 3)} and {figure(high, 3)}. Both "
        "are bounds, and neither of them alone is the answer.",
    )
    yield PagePart(title, lead, PageTable(columns("Omega squared", "Value"), rows))


def _variance(result: Result) -> Iterator[PagePart]:
    title = "Where the variance of the scores lies"
    variance = result.get("variance")
    if not variance:
        yield from _absent(result, "variance", title)
        return
    rows = []
    for component in variance.get("components") or ():
        share = component.get("share")
        rows.append(
            row(
                str(component["name"]),
                PageCell(percent(share), share=share),
                figure(component.get("variance"), 3),
            )
        )
    scores = variance.get("scores")
    rest = f" Estimated from {count(scores)} scores." if scores is not None else ""
    names = {str(component["name"]) for component in variance.get("components") or ()}
    own = " The repeat component is the judge's own noise." if "repeat" in names else ""
    lead = (
        "The writer component is what the judge should see. Item and writer x item come from the "
        "writing prompts. Iteration is how much a writer's pieces differ on the same "
        f"item.{own}{rest}",
    )
    table = PageTable(
        columns("Source", PageColumn("Share", ColumnKind.SHARE), "Variance"),
        tuple(rows),
    )
    remarks = tuple(sentence(str(r)) for r in variance.get("remarks") or ())
    yield PagePart(title, lead, table, remarks=remarks)


def _retest(result: Result) -> Iterator[PagePart]:
    title = "Repeatability"
    retest = result.get("retest")
    if retest is None or (result.get("tournament") and not retest.get("pieces")):
        return
    if not retest.get("pieces"):
        yield PagePart(title, (UNREPEATED,))
        return
    notes = result.get("notes") or {}
    icc, difference = retest.get("icc"), retest.get("mean_absolute_difference")
    said = [f"{count(retest['pieces'])} pieces were judged more than once."]
    if icc is None:
        said.append(f"ICC not available: {notes.get('retest.icc', 'not given')}.")
    else:
        said.append(
            f"The intraclass correlation (ICC) is {figure(icc, 3)}. It is 1 for a judge that "
            "repeats its scores exactly, and 0 where repeated scores agree no better than scores "
            "of different pieces."
        )
    if difference is not None:
        said.append(f"Two scores of the same piece differ by {mean_figure(difference)} on average.")
    yield PagePart(title, (" ".join(said),))


def sentence(text: str) -> str:
    """Return a remark with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}." if text and not text.endswith(".") else text
