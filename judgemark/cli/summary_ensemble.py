"""What the terminal says of several judges."""

from __future__ import annotations

from judgemark.cli.summary_parts import LabelledText, number
from judgemark.scoring.ensemble_words import club_words, effective_words, gain_words
from judgemark.scoring.number_format import MINUS
from judgemark.scoring.result_types import Result


def ensemble_rows(result: Result) -> list[LabelledText]:
    """Return two rows: what the judges are worth and what joining them gains.

    None for one judge.
    """
    section = result.get("ensemble")
    if not section:
        return []
    notes = result["notes"]
    texts = [("Worth", effective_words(section, notes)), ("Joined", gain_words(section, notes))]
    if section.get("club"):
        said = club_words(section["club"], section["members"], notes)
        texts.append(("Book club", "; ".join(said)))
    return [(label, text.replace(MINUS, "-")) for label, text in texts]


def member_rows(result: Result) -> list[LabelledText]:
    """Return a row for each judge: its own score, and what it cost."""
    rows = []
    for member in (result.get("ensemble") or {}).get("members") or ():
        text = f"{member['spec']}: v4 {number(member['v4'])} from {member['pieces']} pieces"
        if member["damage_accuracy"] is not None:
            text += f"; {100 * member['damage_accuracy']:.0f}% of damage pairs ordered correctly"
        if member["requests"]:
            text += f"; {member['requests']} requests"
        if member["cost"] is not None:
            text += f", ${member['cost']:.4f}"
        if member["source"]:
            text += f"; from run {member['source']}"
        rows.append((f"Judge {member['member']}", text))
    return rows
