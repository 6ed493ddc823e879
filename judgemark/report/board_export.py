"""The leaderboard as JSON for programs, CSV for spreadsheets and Markdown for a README."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from judgemark.leaderboard.assembly import Leaderboard, SectionTables
from judgemark.leaderboard.columns import SWAYED_BY, BoardColumn, columns_of
from judgemark.leaderboard.section_rows import RankedTable, Row
from judgemark.scoring.figures import Shown, shown_in
from judgemark.scoring.number_format import ABSENT, figure, score_interval
from judgemark.scoring.spreadsheet_cells import safe_cell
from judgemark.version import __version__

FORMAT = 1
CSV_FIGURES = tuple(BoardColumn(figure) for figure in shown_in(Shown.CSV))
CSV_COLUMNS = (
    "section",
    "scorecard",
    "rank",
    "rank_low",
    "rank_high",
    "tie_group",
    "judge",
    "kind",
    "floor",
    "score",
    "ci95_low",
    "ci95_high",
    *(column.key for column in CSV_FIGURES),
    "most_swayed_by",
    "joined",
    "remark",
    "run_id",
    "entry",
)
# GitHub makes links of addresses and of @names. An invisible joiner keeps them texts; escapes and
# entities do not, since links are looked for after those are read.
_LINK = re.compile(r"(?:https?|ftps?|mailto|xmpp)(?=:)|www(?=\.)|(?=@)", re.IGNORECASE)
_JOINER = "\u2060"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#~&])")


def as_json(board: Leaderboard) -> str:
    """Return all sections with all scorecards as JSON; absent figures are null.

    `differs` lists how a section differs from the section with the index `unlike` (from 0).
    """
    data = {
        "format": FORMAT,
        "program": {"name": "judgemark", "version": __version__},
        "remarks": list(board.remarks),
        "sections": [
            {
                "title": part.title,
                "shared": dict(part.section.parts),
                "unlike": part.section.beside,
                "differs": list(part.section.differs),
                "scorecards": {
                    name: [_plain(row, board) for row in table.rows]
                    for name, table in part.tables.items()
                },
            }
            for part in board.parts
        ],
    }
    return json.dumps(data, ensure_ascii=True, allow_nan=False, indent=1) + "\n"


def _plain(row: Row, board: Leaderboard) -> dict[str, Any]:
    standing, card, entry = row.standing, row.card, row.entry
    return {
        "rank": standing.rank if standing else None,
        "rank_interval": [standing.low, standing.high] if standing else None,
        "tie_group": standing.group if standing else None,
        "judge": row.name,
        "kind": row.kind,
        "floor": row.floor,
        "unranked": row.unranked or None,
        "not_above_floor": row.at_floor or None,
        "reading": row.reading or None,
        "warnings": list(row.warnings),
        "score": row.score,
        "ci95": list(row.ci95) if row.ci95 else None,
        "ci95_other_writers": list(card.ci95_other_writers)
        if card and card.ci95_other_writers
        else None,
        "missing": list(card.missing) if card else [],
        **{column.key: column.value(row) for column in CSV_FIGURES},
        "most_swayed_by": row.joined.swayed_by,
        "validity": dict(row.figures),
        "joined": [
            {"kind": e.kind, "run_id": e.run_id, "entry": e.digest, "cost": e.usage.cost}
            for e in row.joined.entries
        ],
        "coverage": entry.coverage.model_dump(mode="json") if entry else None,
        "run_id": entry.run_id if entry else None,
        "verdicts_sha256": entry.verdicts_sha256 if entry else None,
        "entry": entry.digest if entry else None,
        "report": board.links.get(entry.digest) if entry else None,
    }


def as_csv(board: Leaderboard) -> str:
    """Return one CSV line for each section, scorecard and row; absent figures are empty.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for number, part in enumerate(board.parts, 1):
        for table in part.tables.values():
            for row in table.rows:
                flat = _flat(row, board) | {"section": number, "scorecard": table.scorecard}
                writer.writerow({key: safe_cell(flat.get(key)) for key in CSV_COLUMNS})
    return out.getvalue()


def _flat(row: Row, board: Leaderboard) -> dict[str, Any]:
    plain = _plain(row, board)
    ends, ranks = plain["ci95"] or [None, None], plain["rank_interval"] or [None, None]
    return {
        **plain,
        "rank_low": ranks[0],
        "rank_high": ranks[1],
        "ci95_low": ends[0],
        "ci95_high": ends[1],
        "floor": "yes" if row.floor else "no",
        "coverage": row.entry.coverage.share if row.entry else None,
        "joined": " ".join(f"{e.kind}:{e.run_id}" for e in row.joined.entries),
        "remark": row.remark,
    }


def as_markdown(board: Leaderboard, scorecard: str) -> str:
    """Return one Markdown table for each section, for one scorecard."""
    return "\n".join(line for part in board.parts for line in _section(part, scorecard)) + "\n"


def _section(part: SectionTables, scorecard: str) -> Iterator[str]:
    table = part.tables[scorecard]
    yield f"## {escaped(part.title)} ({scorecard})"
    yield ""
    for told in part.section.differs:
        yield f"- Do not compare it with section {(part.section.beside or 0) + 1}. {escaped(told)}"
    for name, told in part.facts:
        yield f"- {name}: {escaped(told)}"
    yield ""
    yield from _lines(table)
    yield ""


def _lines(table: RankedTable) -> Iterator[str]:
    columns = columns_of(table.scorecard, table.rows)
    heads = ["Rank", "Judge", "Kind", "Score", "95% interval"]
    heads += [c.label.replace("|", "\\|") for c in columns]
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "|".join("---" if n in (1, 2) else "---:" for n in range(len(heads))) + "|"
    for row in table.rows:
        cells = [rank(row), _named(row), row.kind, figure(row.score, 1)]
        cells.append(score_interval(row.score, row.ci95))
        cells += [markdown_cell(c, row) for c in columns]
        yield "| " + " | ".join(cells) + " |"


def markdown_cell(column: BoardColumn, row: Row) -> str:
    """Return a row's value in Markdown; words come from board files and are escaped."""
    text = column.text(row)
    return escaped(text) if column is SWAYED_BY else text


def _named(row: Row) -> str:
    return escaped(row.name) + (f" ({escaped(row.remark)})" if row.remark else "")


def rank(row: Row) -> str:
    """Return the rank with its interval, as "2 (1–4)"; "floor" for a floor."""
    if row.standing is None:
        return "floor" if row.floor else ABSENT
    s = row.standing
    return f"{s.rank} ({s.low})" if s.low == s.high else f"{s.rank} ({s.low}–{s.high})"


def escaped(text: str) -> str:
    """Return a text on one line, with the special characters of Markdown and HTML escaped.

    No address in it becomes a link.
    """
    line = _LINK.sub(lambda found: found.group() + _JOINER, " ".join(text.split()))
    return (
        _MARKDOWN.sub(r"\\\1", line)
        .replace("\\<", "&lt;")
        .replace("\\>", "&gt;")
        .replace("\\&", "&amp;")
    )
