"""The report's section on several judges: each member, what they are worth, what joining gains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from judgemark.report.page_table import (
    ColumnKind,
    PageCell,
    PageColumn,
    PagePart,
    PageRow,
    PageTable,
    columns,
    row,
)
from judgemark.run.stored_club import stage_words
from judgemark.scoring.ensemble_words import club_words, effective_words, gain_words
from judgemark.scoring.number_format import cost, count, figure, mean_figure, percent
from judgemark.scoring.result_types import Result

_METHODS = {
    "average": "the mean",
    "median": "the median",
    "trimmed": "the mean without the lowest and the highest",
}
_WORTH = (
    "The effective number of judges is k / (1 + (k - 1) r) for k judges whose errors have the mean "
    "correlation r: judges that make the same mistakes are worth little more than one."
)


def ensemble_parts(result: Result) -> tuple[PagePart, ...]:
    """Return the parts of the section; none for a single judge."""
    section = result.get("ensemble")
    if not section:
        return ()
    notes = {str(path): str(reason) for path, reason in (result.get("notes") or {}).items()}
    joined = _METHODS.get(section["method"], section["method"])
    lead = (
        f"The item score of a piece is {joined} of its judges' item scores.",
        f"Worth: {effective_words(section, notes)}.",
        f"Gain: {gain_words(section, notes)}.",
    )
    part = PagePart("", lead, _members(section), remarks=(_WORTH,))
    club = section.get("club")
    return (part, *_club_parts(club, section["members"], notes)) if club else (part,)


def _club_parts(
    club: Result, members: Sequence[Result], notes: Mapping[str, str]
) -> Iterator[PagePart]:
    """Yield what the discussion changed, and the discussion of one piece."""
    rounds = (
        f"Each judge scored alone; then they discussed merits for {club['merit_rounds']} and "
        f"proposed scores for {club['scoring_rounds']} rounds, and each scored again.",
    )
    changed = tuple(f"{text[:1].upper()}{text[1:]}." for text in club_words(club, members, notes))
    yield PagePart("The discussion", rounds + changed)
    example = club.get("example")
    if example:
        place = f"{example['writer']}, iteration {example['iteration']}, item {example['item']}"
        lead = (
            f"The piece whose score moved furthest: {place}. Its score was "
            f"{figure(example['before'])} before the discussion and {figure(example['after'])} "
            "after it.",
        )
        turns = tuple(
            row(
                PageCell(f"judge {turn['judge']}", (stage_words(turn["stage"]),)),
                turn["words"] if turn["words"] is not None else "(the turn failed)",
            )
            for turn in example["turns"]
        )
        said = PageTable(columns("Judge", PageColumn("What was said", ColumnKind.WORDS)), turns)
        yield PagePart("One discussion", lead, said, folded=True)


def _members(section: Result) -> PageTable:
    return PageTable(
        columns(
            "Judge", "Pieces\nscored", "v4", "Mean\nscore", "Standard\ndeviation",
            "Accuracy on\nknown damage", "Failed", "Requests", "Cost",
        ),
        tuple(_row(member) for member in section["members"]),
    )  # fmt: skip


def _row(member: Result) -> PageRow:
    small = [f"judge {member['member']}"]
    small += [str(member["endpoint"])] if member["endpoint"] else []
    small += [f"from run {member['source']}"] if member["source"] else []
    right = member["damage_accuracy"]
    return row(
        PageCell(str(member["spec"]), tuple(small)),
        count(member["pieces"]),
        figure(member["v4"], 1),
        mean_figure(member["mean"]),
        mean_figure(member["std"]),
        percent(right),
        count(member["failed"]),
        count(member["requests"]),
        cost(member["cost"]),
    )
