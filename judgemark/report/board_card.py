"""The Markdown block for a judge's card: figures, intervals, floors and how to check them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace

from judgemark.leaderboard.assembly import counted, part_in_words
from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.columns import BoardColumn, columns_of
from judgemark.leaderboard.joined_figures import NOTHING, JoinedRuns
from judgemark.leaderboard.packed_scores import CARDS
from judgemark.leaderboard.section_rows import covered, row_of
from judgemark.leaderboard.sections import parts_of
from judgemark.report.board_export import escaped, markdown_cell
from judgemark.scoring.number_format import figure, score_interval
from judgemark.scoring.reading_figures import DOES_NOT_READ, NOT_SHOWN

READING: Mapping[str, str] = {
    NOT_SHOWN: "no pairs of a known better piece say whether this judge reads or only counts.",
    DOES_NOT_READ: "on pairs of a known better piece it is not right significantly more often than "
    "rules that only count.",
}
CEILINGS = {"v4": "of at most 133", "v2.1": "of 100", "v2": "of 100"}


def card_block(entry: Entry, run: str, joined: JoinedRuns = NOTHING) -> str:
    """Return the block as Markdown.

    `run` names the run in the command that checks it; `joined` are the judge's other runs.
    """
    return "\n".join(_lines(entry, run, joined))


def _lines(entry: Entry, run: str, joined: JoinedRuns) -> Iterator[str]:
    data = entry.dataset
    yield "## Judgemark"
    yield ""
    yield (
        f"{escaped(entry.judge.name)} ({entry.judge.kind}) on {escaped(data.name)}: "
        f"{counted(entry)}."
    )
    if entry.coverage.status != "complete":
        yield ""
        yield (
            f"**{entry.coverage.status.capitalize()}**: {covered(entry)}. "
            "Do not rank it with complete runs."
        )
    for warning in entry.warnings or ():
        yield ""
        yield f"**Warning**: {escaped(warning)}."
    row = replace(row_of(entry, "v4"), joined=joined)
    if row.reading:
        yield ""
        yield f"**{row.reading.capitalize()}**: {READING[row.reading]}"
    yield ""
    yield "| Figure | Value | 95% interval |"
    yield "|---|---:|---:|"
    for name in CARDS:
        yield _score(entry, name)
    for column in columns_of("v4", [row]):
        value = column.value(row)
        if value is not None:
            text = markdown_cell(column, row)
            yield f"| {_title(column)} | {text} | {column.print_ends(row)} |"
    for name, floor in sorted(entry.floors.items()):
        yield f"| Floor: {name} baseline, v4 (reads nothing) | {figure(floor.score, 1)} | |"
    yield ""
    yield "Judged with:"
    for name, part in parts_of(entry).items():
        yield f"- {name}: {escaped(part_in_words(part))}"
    yield f"- program: {entry.program.name} {entry.program.version}"
    yield f"- verdicts: sha256 {entry.verdicts_sha256}"
    yield f"- entry: sha256 {entry.digest}"
    for other in joined.entries:
        yield f"- {other.kind}: {escaped(other.run_id)}, verdicts sha256 {other.verdicts_sha256}"
    yield ""
    yield "Every figure follows from the run's verdicts. This command prints the block again:"
    yield ""
    yield f"    judgemark card {shlex.quote(run)}"


def _score(entry: Entry, name: str) -> str:
    card = entry.card(name)
    label = f"Judgemark {name} ({CARDS[name]}), {CEILINGS[name]}"
    if card is None or card.score is None:
        return f"| {label} | {escaped(entry.reasons.get(f'{name}.score', 'not available'))} | |"
    lacking = ", ".join(card.missing).replace("_", " ")
    label += f", without {lacking}" if lacking else ""
    return f"| {label} | {figure(card.score, 1)} | {score_interval(card.score, card.ci95)} |"


def _title(column: BoardColumn) -> str:
    return column.label.replace("|", "\\|")
