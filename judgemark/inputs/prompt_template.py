"""A single judge prompt for all items, with a placeholder for what each writer was asked.

A template is a text file. A file whose name ends in `.json` is
`{"template": text, "system": message}` and may so bring a system message.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from judgemark.errors import InputError
from judgemark.inputs.json_file import place_of, read_json, read_text, refuse_half_characters
from judgemark.inputs.prompts import (
    Fills,
    PromptSet,
    checked_system,
    read_criteria,
    split_at_piece,
)

WRITING_PROMPT = "WRITING_PROMPT"
WEAK_ANCHOR, STRONG_ANCHOR = "WEAK_ANCHOR", "STRONG_ANCHOR"
POSITIVE, NEGATIVE = "POSITIVE_CRITERIA", "NEGATIVE_CRITERIA"
_KNOWN = (
    WRITING_PROMPT, POSITIVE, NEGATIVE,
    "RUBRIC_CRITERIA", "SCORE_ANCHORING", "SCORING_MIN", "SCORING_MAX",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"<([A-Z][A-Z0-9_]+)>")
_FORMAT = 'the format is {"template": text, "system": text}; "system" may be left out'


@dataclass(frozen=True)
class PromptTemplate:
    """One prompt for all items: its text with placeholders, and the message that precedes it."""

    path: Path
    text: str
    system: str | None = None

    def asks_for(self, placeholder: str) -> bool:
        """Return whether the prompt has this placeholder, which is named without its brackets."""
        return f"<{placeholder}>" in self.text


def read_template(path: Path, also: Collection[str] = ()) -> PromptTemplate:
    """Return the template of a file; `also` names placeholders that it may have beside the usual.

    Raises InputError where the pair of markers is missing, and for a word in capitals in angle
    brackets that is not a placeholder. Such a word is taken for markup, and left as it is, where
    the template closes it as well (`<SCORES>` and `</SCORES>`).
    """
    system: str | None = None
    if path.suffix.lower() == ".json":
        raw = read_json(path)
        text = raw.get("template") if isinstance(raw, dict) else None
        if not isinstance(text, str) or not set(raw) <= {"template", "system"}:
            raise InputError(path, "holds no template", fix=_FORMAT)
        if raw.get("system") is not None:
            system = checked_system(raw["system"], None, path)
        refuse_half_characters(text, path, place_of(("template",)))
    else:
        text = read_text(path)
    split_at_piece(text, path, "")
    for found in _PLACEHOLDER.finditer(text):
        if found[1] not in (*_KNOWN, *also) and f"</{found[1]}>" not in text:
            line = text.count("\n", 0, found.start()) + 1
            raise InputError(
                path,
                f"{found[0]} is not a placeholder",
                place=f"line {line}",
                fix="use one of " + ", ".join(f"<{name}>" for name in (*_KNOWN, *also)),
            )
    return PromptTemplate(path, text, system)


def criteria_lists(path: Path) -> dict[str, str]:
    """Return the texts that replace a template's two placeholders for criteria.

    Each criterion of the file has a line of its own: `- Name`, or `- Name (what it means)` where
    the file says that under `means`.
    """
    criteria = read_criteria(path)
    entries = read_json(path)["criteria"]
    lines: dict[bool, list[str]] = {False: [], True: []}
    for criterion, entry in zip(criteria, entries, strict=True):
        means = entry.get("means")
        meaning = f" ({means})" if isinstance(means, str) and means.strip() else ""
        lines[criterion.negative].append(f"- {criterion.name}{meaning}")
    return {POSITIVE: "\n".join(lines[False]), NEGATIVE: "\n".join(lines[True])}


def template_prompts(
    template: PromptTemplate,
    items: Iterable[str],
    writing_prompts: Mapping[str, str],
    fills: Fills,
    criteria: Mapping[str, str],
) -> PromptSet:
    """Return the judge prompt of each item.

    Every placeholder is replaced once, from left to right; the texts that come in are not searched
    for placeholders or markers.

    Args:
        template: what `read_template` gave.
        items: the items that need a prompt.
        writing_prompts: what the writers were asked, by item; read only if the template asks.
        fills: what replaces the placeholders that every prompts file may have.
        criteria: what `criteria_lists` gave; empty where no file of criteria is known.

    Raises InputError for a placeholder that nothing fills.
    """
    path = template.path
    around = split_at_piece(template.text, path, "")
    constant = constant_fills(fills, criteria)
    texts: dict[str, tuple[str, str]] = {}
    for item in sorted(set(items)):
        values = {**constant, WRITING_PROMPT: writing_prompts.get(item)}
        before, after = (fill_template(text, values, path, item) for text in around)
        texts[item] = (before, after)
    system = template.system
    if system is not None:
        system = checked_system(system, fills, path)
    return PromptSet(path.stem, texts, system)


def constant_fills(fills: Fills, criteria: Mapping[str, str]) -> dict[str, str | None]:
    """Return the texts of placeholders that are the same for all items; None where there is none.

    The arguments are those of `template_prompts`.
    """
    return {name: _constant(name, fills, criteria) for name in _KNOWN}


def _constant(name: str, fills: Fills, criteria: Mapping[str, str]) -> str | None:
    if name in (POSITIVE, NEGATIVE):
        return criteria.get(name)
    return None if name == WRITING_PROMPT else fills.value(name)


def fill_template(text: str, values: Mapping[str, str | None], path: Path, item: str) -> str:
    """Return a text with its placeholders replaced, once and from left to right.

    Raises InputError for a placeholder whose value is None.
    """

    def fill(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        value = values[match[1]]
        if value is None:
            raise InputError(path, f"nothing fills {match[0]}", fix=_how_to_fill(match[1], item))
        return value

    return _PLACEHOLDER.sub(fill, text)


def _how_to_fill(name: str, item: str) -> str:
    if name == WRITING_PROMPT:
        return f'give the writing prompt of item "{item}" with ‹writing_prompts›'
    if name in (POSITIVE, NEGATIVE):
        return "give ‹criteria_file›"
    return f"give ‹{name.lower()}_file›"
