"""The report of a run over known pairs, drawn from its result alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from judgemark.report.charts_reliability import draw_reliability
from judgemark.report.charts_shares import SharePoint, draw_shares
from judgemark.report.charts_tables import Chart
from judgemark.report.known_page import PageSection, known_page
from judgemark.report.page_reading import reading_parts
from judgemark.report.page_table import PageCell, PagePart, PageRow, PageTable, columns, row
from judgemark.scoring.number_format import (
    ABSENT,
    count,
    figure,
    mean_figure,
    percent,
    percent_interval,
    share_difference,
)
from judgemark.scoring.result_types import Result, ResultBlock

FLOORS = {
    "lexical": "more distinct words / sqrt(words)",
    "length": "more characters",
    "random": "a text at random",
}
RULES = {
    "length_ratio": "Largest length ratio",
    "margin_min": "Smallest margin",
    "margin_max": "Largest margin",
    "n": "Pairs to draw",
    "seed": "Seed of the draw",
    "ratings_min": "Lowest score of the people's scale",
    "ratings_max": "Highest score of the people's scale",
}
WHO = {"people": "people", "reference": "the reference"}
_PREFERS = {"people": "people prefer", "reference": "the reference prefers"}
LIMITS = {
    "people": (
        "Texts that people preferred may be published prose that the judge has seen. Then it may "
        "know the author instead of reading the page. Where the file gives years, a judge that "
        "remembers is more accurate on the older texts.",
        "People disagree. Where several rated the pieces, the ceiling says how often one person "
        "agrees with the others; without raters, nothing is known of what can be reached.",
    ),
    "reference": (
        "The reference is another judge, not the truth. A judge that disagrees with it may be "
        "right.",
    ),
}
ALL_LIMITS = (
    "The intervals are about other groups of pairs of the same kind. They say nothing about other "
    "kinds of texts or about other people."
)


def draw_pairs(result: Result) -> tuple[Sequence[Chart], Iterable[str]]:
    """Return the charts of a run over pairs, and the parts of its page."""
    own, source = result["pairs"], result["pairs"]["source"]
    block = result["validity"]["sources"][source]
    shares = _shares_chart(block, own)
    reliability = _reliability_chart(own)
    sections = [
        PageSection("reading", "Does it read?", reading_parts(result), tuple(shares)),
        PageSection("groups", "Where it is right", tuple(_groups(own))),
        PageSection("counting", "How far counting gets", tuple(_counting(own))),
    ]
    if own["calibration"] is not None:
        parts = tuple(_calibration(own))
        sections.append(PageSection("calibration", "How sure it is", parts, tuple(reliability)))
    if own["shown"]:
        sections.append(PageSection("wrong", "Pairs that it ordered wrongly", tuple(_wrong(own))))
    limits = PagePart("", (*LIMITS[source], ALL_LIMITS))
    sections.append(PageSection("limits", "What this does not show", (limits,)))
    counted = (f"{count(block['pairs'])} pairs of {own['set']}",)
    return (*shares, *reliability), known_page(result, sections, counted)


def _shares_chart(block: ResultBlock, own: ResultBlock) -> list[Chart]:
    if block["accuracy"] is None:
        return []
    points = [SharePoint("this judge", block["accuracy"], _ends(block["ci95"]), main=True)]
    counter, twin = block["counter"], block["twin"]
    if counter is not None:
        name = f"the best counting rule ({counter['name']})"
        points.append(SharePoint(name, counter["accuracy"], _ends(counter["ci95"])))
    if twin is not None:
        points.append(SharePoint(f"its counting twin ({twin['name']})", twin["accuracy"]))
    points += [
        SharePoint(FLOORS[name], floor["accuracy"], _ends(floor["ci95"]))
        for name, floor in own["floors"].items()
    ]
    if block["ceiling"] is not None:
        points.append(SharePoint("one person, by the others", block["ceiling"]))
    chart = draw_shares(
        points,
        stem="pairs",
        title="This judge and what does not read",
        caption="The share of pairs that are ordered correctly, with its 95% interval over "
        "independent groups of pairs. The counting rule was chosen on other pairs; the three "
        "rules below the twin are judges that do not read.",
    )
    return [chart]


def _reliability_chart(own: ResultBlock) -> list[Chart]:
    calibration = own["calibration"]
    if calibration is None or not any(b["n"] for b in calibration["reliability"]):
        return []
    who = {"people": "people agree", "reference": "the reference agrees"}[own["source"]]
    return [draw_reliability(calibration["reliability"], who)]


def _ends(ends: Sequence[float] | None) -> tuple[float, float] | None:
    return None if ends is None else (ends[0], ends[1])


def _groups(own: ResultBlock) -> Iterator[PagePart]:
    if own["by_margin"]:
        yield PagePart(
            "By margin",
            (
                f"The margin says by how much {_PREFERS[own['source']]} the better text. The bands "
                "hold about equally many pairs.",
            ),
            _bands(own["by_margin"], "Margin"),
        )  # fmt: skip
    if own["by_origin"]:
        yield PagePart(
            "By source",
            ("The sources are those that the file names.",),
            _table("Source", [(b["name"] or "(none)", b) for b in own["by_origin"]]),
        )
    age = own["by_age"]
    if age is not None:
        yield PagePart(
            f"By {age['unit']}",
            ("A judge that remembers published texts is more accurate on those that were out "
             "before it was trained.",),
            _bands(age["bands"], age["unit"].capitalize(), plain=age["unit"] == "year"),
        )  # fmt: skip
    if not (own["by_margin"] or own["by_origin"] or age):
        yield PagePart("", ("The pairs tell neither margins nor sources nor years.",))
    facts = [
        ("Pairs with an answer", count(own["answered"])),
        ("Equal scores or exactly 0.5, counted as half right", count(own["ties"])),
        ("Ordered wrongly", count(own["wrong"])),
        ("Different texts", count(own["texts"])),
        ("Writing prompts", count(own["prompts"])),
        *((f"Left out: {reason}", count(n)) for reason, n in own["left_out"].items()),
        *((RULES[key], f"{v:g}") for key, v in own["rules"].items() if v is not None),
    ]
    yield PagePart("All pairs", facts=tuple(facts))


def _bands(bands: Sequence[ResultBlock], title: str, *, plain: bool = False) -> PageTable:
    def number(value: float) -> str:
        return f"{value:.0f}" if plain else mean_figure(value)

    named = [
        (
            number(b["low"])
            if b["low"] == b["high"]
            else f"{number(b['low'])} to {number(b['high'])}",
            b,
        )
        for b in bands
    ]
    return _table(title, named)


def _table(title: str, named: Sequence[tuple[str, ResultBlock]]) -> PageTable:
    heads = columns(
        title, "Pairs", "Accuracy", "95% interval", "Counting", "The judge is\nabove it by"
    )
    return PageTable(heads, tuple(_group(name, block) for name, block in named))


def _group(name: str, block: ResultBlock) -> PageRow:
    small = () if block["ci95"] else (f"in {count(block['clusters'])} groups only",)
    above = None if block["counter"] is None else block["accuracy"] - block["counter"]
    return row(
        PageCell(name, small),
        count(block["n"]),
        percent(block["accuracy"]),
        percent_interval(block["ci95"]),
        percent(block["counter"]),
        share_difference(above),
    )


def _counting(own: ResultBlock) -> Iterator[PagePart]:
    heads = columns("Judge", "Accuracy", "95% interval")
    yield PagePart(
        "Judges that do not read",
        (),
        PageTable(
            heads,
            tuple(
                _rule(PageCell(name, (f"prefers {FLOORS[name]}",)), floor)
                for name, floor in own["floors"].items()
            ),
        ),
    )
    yield PagePart(
        "Single rules",
        (
            "The best of the 40 single rules, found on these very pairs, which makes them look "
            "better than they are. What a rule reaches on pairs that it was not chosen on is the "
            "best counting rule above.",
        ),
        PageTable(
            columns("Prefer the text with", "Accuracy", "95% interval"),
            tuple(_rule(rule["name"], rule) for rule in own["counting"]),
        ),
    )


def _rule(name: str | PageCell, block: ResultBlock) -> PageRow:
    return row(name, percent(block["accuracy"]), percent_interval(block["ci95"]))


def _calibration(own: ResultBlock) -> Iterator[PagePart]:
    found, order = own["calibration"], own["order"]
    facts = [
        (
            "Brier score (0 is best; 0.25 for a judge that always says 0.5)",
            figure(found["brier"], 3),
        ),
        ("Calibration error", percent(found["ece"])),
    ]
    if order is not None:
        facts += [
            ("Pairs with the same favourite in both orders", percent(order["consistency"])),
            ("Probability given to the first text, on average", percent(order["first"])),
        ]
    yield PagePart("", facts=tuple(facts))


def _wrong(own: ResultBlock) -> Iterator[PagePart]:
    who = WHO[own["source"]]
    shown = len(own["shown"])
    yield PagePart(
        "",
        (
            f"The {shown} of {count(own['wrong'])} of which the judge is surest. All of them, with "
            "their whole texts, stand in wrong_pairs.jsonl beside this report.",
        ),
    )
    for one in own["shown"]:
        said = [("Probability given to the better text", percent(one["p_chosen"]))]
        if "score_chosen" in one:
            both = f"{figure(one['score_chosen'])} and {figure(one['score_rejected'])}"
            said = [("Scores of the better and the worse text", both)]
        margin = ABSENT if one["margin"] is None else mean_figure(one["margin"])
        yield PagePart(
            one["id"] or one["item"],
            facts=(
                *said,
                ("Margin", margin),
                ("Writing prompt", one["prompt"] or ABSENT),
                (f"Preferred by {who}", one["chosen"]),
                ("Preferred by the judge", one["rejected"]),
            ),
            folded=True,
        )
