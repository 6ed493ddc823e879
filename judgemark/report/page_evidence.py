"""The report's evidence beside the scores: the reference order, bias, variance, repeatability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from judgemark.report.page_table import Cell, Column, Kind, Part, Table, columns, row
from judgemark.scoring.number_format import (
    count,
    figure,
    interval,
    mean_figure,
    percent,
    percent_interval,
    signed,
)

Result = Mapping[str, Any]

AGREEMENT = (
    (
        "kendall_tau",
        "Kendall's tau-b",
        "Order of the writers' means, the mean over iterations: 1 is the reference's order, 0 no "
        "relation, −1 its reverse.",
    ),
    (
        "pearson_r",
        "Pearson's r",
        "The same with distances: 1 where the means rise on a line with the reference scores.",
    ),
    (
        "pair_concordance",
        "Writer pairs in order",
        "Of all pairs of writers, how many the judge's means order as the reference does; 50% is "
        "chance.",
    ),
    (
        "item_concordance",
        "Piece pairs in order",
        "Of all pairs of pieces by two writers on one item and iteration, how many the judge "
        "orders so; 50% is chance.",
    ),
    (
        "signed_delta",
        "Signed Cliff's delta",
        "How far the better writer of each pair is set above the other: 1 fully, 0 not at all; "
        "below 0 the judge separates them backwards.",
    ),
)
SHARES = frozenset({"pair_concordance", "item_concordance"})
UNREPEATED = (
    "Not measured: no piece was judged more than once. --num-runs 2 asks about each piece twice."
)


def reference_parts(result: Result) -> tuple[Part, ...]:
    """Agreement with the reference order; empty without one."""
    reference = result.get("reference")
    if not reference:
        return ()
    notes = result.get("notes") or {}
    lead = "Whether the judge puts the writers in an order known from elsewhere: what "
    lead += f"separability cannot show. Writers with a reference score: {reference.get('writers')}."
    if all(reference.get(key) is None for key, _, _ in AGREEMENT):
        return (
            Part("", (lead, sentence(f"not available: {notes.get('reference', 'not given')}"))),
        )
    rows = []
    for key, name, meaning in AGREEMENT:
        value, ends = reference.get(key), reference.get(f"{key}_ci95")
        reason = notes.get(f"reference.{key}") or notes.get("reference") if value is None else None
        said = (percent, percent_interval) if key in SHARES else (signed, interval)
        sure = said[1](ends, 1 if key in SHARES else 2)
        small = (meaning, str(reason)) if reason else (meaning,)
        rows.append(row(Cell(name, small), said[0](value), sure))
    verdict = direction(reference)
    table = Table(columns("Figure", "Value", "95% interval"), tuple(rows))
    return (Part("", (lead,), table, remarks=(verdict,) if verdict else ()),)


def direction(reference: Mapping[str, Any]) -> str:
    """Which way the judge separates the writers, as far as the interval allows to say."""
    delta, ends = reference.get("signed_delta"), reference.get("signed_delta_ci95")
    if delta is None:
        return ""
    if ends is None:
        side = "above" if delta > 0 else "below" if delta < 0 else "at"
        return f"The signed delta is {side} 0; there is no interval to say how surely."
    if ends[0] <= 0 <= ends[1]:
        return (
            "The signed delta cannot be told from 0: whether this judge separates better writers "
            "from worse ones, these items do not show."
        )
    if delta < 0:
        return (
            "This judge separates backwards: it sets the worse writer of a pair above the better."
        )
    return "This judge separates the writers in the reference's direction."


def evidence_parts(result: Result) -> tuple[Part, ...]:
    """Length, style, variance and repeatability; a part that is not there says why."""
    makers = (_length, _style, _variance, _retest)
    return tuple(part for make in makers for part in make(result))


def _absent(result: Result, path: str, title: str) -> Iterator[Part]:
    reason = (result.get("notes") or {}).get(path)
    if reason:
        yield Part(title, (f"Not available: {reason}.",))


def _length(result: Result) -> Iterator[Part]:
    title = "Length"
    length = (result.get("bias") or {}).get("length")
    if not length:
        yield from _absent(result, "bias.length", title)
        return
    rho = signed(length.get("rho"))
    yield Part(
        title,
        (
            f"Within writers, length and score correlate at {rho} (Spearman's rho, "
            f"{count(length.get('n'))} pieces): above 0, the judge scores a writer's longer "
            "pieces higher.",
        ),
    )


def _style(result: Result) -> Iterator[Part]:
    title = "Style"
    style = (result.get("bias") or {}).get("style")
    if not style:
        yield from _absent(result, "bias.style", title)
        return
    low, high = sorted((style["without_writers"], style["within_writers"]))
    given = (
        "style is given all it shares with the writers: too low, for good writers differ in style "
        "because they are good"
    )
    rows = (
        row(
            Cell("as scored", ("the share of the variance of scores that lies between writers",)),
            figure(style.get("omega_squared"), 3),
        ),
        row(Cell("without style, writers ignored", (given,)), figure(style["without_writers"], 3)),
        row(
            Cell(
                "without style, within writers",
                ("the effect of style is taken from pieces by the same writer alone",),
            ),
            figure(style["within_writers"], 3),
        ),
    )
    lead = (
        "How much of the separation is left when characters, words and the richness of vocabulary "
        f"are held constant: between {figure(low, 3)} and {figure(high, 3)}. The two are bounds; "
        "neither alone is the truth.",
    )
    yield Part(title, lead, Table(columns("Omega squared", "Value"), rows))


def _variance(result: Result) -> Iterator[Part]:
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
                Cell(percent(share), share=share),
                figure(component.get("variance"), 3),
            )
        )
    scores = variance.get("scores")
    rest = f" From {count(scores)} scores." if scores is not None else ""
    names = {str(component["name"]) for component in variance.get("components") or ()}
    own = " Repeat is the judge's own noise." if "repeat" in names else ""
    lead = (
        "Writer is what the judge should see; item and writer x item are what the writing prompts "
        f"add; iteration is how a writer's pieces differ on the same item.{own}{rest}",
    )
    table = Table(
        columns("Source", Column("Share", Kind.SHARE), "Variance"),
        tuple(rows),
    )
    remarks = tuple(sentence(str(r)) for r in variance.get("remarks") or ())
    yield Part(title, lead, table, remarks=remarks)


def _retest(result: Result) -> Iterator[Part]:
    title = "Repeatability"
    retest = result.get("retest")
    if retest is None or (result.get("tournament") and not retest.get("pieces")):
        return
    if not retest.get("pieces"):
        yield Part(title, (UNREPEATED,))
        return
    notes = result.get("notes") or {}
    icc, difference = retest.get("icc"), retest.get("mean_absolute_difference")
    said = [f"{count(retest['pieces'])} pieces were judged more than once."]
    if icc is None:
        said.append(f"ICC not available: {notes.get('retest.icc', 'not given')}.")
    else:
        said.append(
            f"ICC {figure(icc, 3)}: 1 is a judge that repeats itself exactly, 0 one whose repeats "
            "agree no better than scores of different pieces."
        )
    if difference is not None:
        said.append(f"Two scores of one piece differ by {mean_figure(difference)} on average.")
    yield Part(title, (" ".join(said),))


def sentence(text: str) -> str:
    """A remark as a sentence."""
    return f"{text[:1].upper()}{text[1:]}." if text and not text.endswith(".") else text
