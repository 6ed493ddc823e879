"""Criterion scores inside XML: tags named after criteria, elements and attributes.

A tolerant scan, like that of JSON: judges leave tags open and write names with spaces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from judgemark.protocols.score_labels import LabelKind, label_kind, word_set
from judgemark.protocols.score_mention import KindOf, labelled_value
from judgemark.protocols.score_objects import NAME_KEYS, MentionsByPlace, ScoreObject

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[^\W\d][\w:.'’-]{0,60})(?P<rest>(?:\s[^<>]{0,300})?)(?<!/)(?P<empty>/?)>"
)
_ATTRIBUTE = re.compile(
    r"(?P<key>[\w:-]{1,40})\s?=\s?(?P<quote>[\"'])(?P<value>(?:(?!(?P=quote))[^<>]){0,200})(?P=quote)"
)
_CELLS = frozenset({"td", "th"})
_LINE_ENDS = word_set("tr br p li div h1 h2 h3 h4 h5 h6 ul ol table thead tbody")
_HTML = _CELLS | _LINE_ENDS | word_set("b i em strong span code html body pre u a")
_NOT_A_LINE_END = re.compile(r"[^\n]")
_LONGEST_VALUE = 400


@dataclass(slots=True)
class _Element:
    name: str
    inside: ScoreObject
    text_at: int
    leaf: bool = True


def markup_mentions(
    text: str, is_name: Callable[[str], bool], kind_of: KindOf = label_kind
) -> MentionsByPlace:
    """Return what XML says, by the place of the value in the text; empty where it names nothing.

    `<the_turn>8</the_turn>`, `<criterion name="The Turn" score="8"/>`,
    `<criterion><name>The Turn</name><score>8</score></criterion>`. None marks a number that
    describes a score and is none (`<max>10</max>`).
    """
    all_found: MentionsByPlace = {}
    stack: list[_Element] = [_Element("", ScoreObject(), 0, leaf=False)]
    open_names: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        name = _name_of(tag)
        if name.casefold() in _HTML:
            continue
        if tag["close"]:
            if not open_names[name]:
                continue
            while len(stack) > 1:
                element = stack.pop()
                open_names[element.name] -= 1
                _close(element, stack[-1], text, tag.start(), is_name, kind_of, all_found)
                if element.name == name:
                    break
            continue
        stack[-1].leaf = False
        inside = stack[-1].inside.child(name, kind_of)
        for attribute in _ATTRIBUTE.finditer(tag["rest"]):
            value, at = attribute["value"], tag.start("rest") + attribute.start("value")
            if attribute["key"].casefold() in NAME_KEYS:
                inside.label = value
            else:
                inside.add(attribute["key"], value, at, kind_of)
        if tag["empty"]:
            inside.close(is_name, all_found)
        else:
            stack.append(_Element(name, inside, tag.end()))
            open_names[name] += 1
    while len(stack) > 1:
        element = stack.pop()
        element.inside.close(is_name, all_found)
    stack[0].inside.close(is_name, all_found)
    return {at: m for at, m in all_found.items() if m is None or is_name(m.name)}


def _name_of(tag: re.Match[str]) -> str:
    """Return the tag's name.

    One with spaces (`<The Turn>`) is what a judge makes of a criterion.
    """
    rest = tag["rest"].strip()
    return f"{tag['name']} {rest}" if rest and "=" not in rest else tag["name"]


def _close(
    element: _Element,
    parent: _Element,
    text: str,
    end: int,
    is_name: Callable[[str], bool],
    kind_of: KindOf,
    found: MentionsByPlace,
) -> None:
    """Take an element in: a leaf's text belongs to the element around it."""
    inside = element.inside
    value = text[element.text_at : end] if element.leaf else ""
    if not value or len(value) > _LONGEST_VALUE:
        inside.close(is_name, found)
        return
    if element.name.casefold() in NAME_KEYS and not inside.label:
        named = labelled_value(value, 0, kind_of)
        if named is None:
            parent.inside.label = value.strip()
            return
    told = labelled_value(value, element.text_at, kind_of)
    if told is None or told.kind is LabelKind.OTHER:
        inside.close(is_name, found)
        return
    if inside.label:
        inside.add("score", value, element.text_at, kind_of)
        inside.close(is_name, found)
        return
    mention = told.mention
    parent.inside.add(element.name, value[mention.at - element.text_at :], mention.at, kind_of)


def without_tags(text: str, kind_of: KindOf = label_kind) -> str:
    """Return the text with its tags as spaces, of the same length.

    Cells of an HTML table become cells with bars, rows and paragraphs become lines. What stands in
    an element whose name says that it holds no scores (`<draft>`) is left out.
    """
    return _TAG.sub(_blank, _without_other_elements(text, kind_of))


def as_spaces(text: str) -> str:
    """Return spaces instead of a text, of the same length and in as many lines."""
    return _NOT_A_LINE_END.sub(" ", text)


def _without_other_elements(text: str, kind_of: KindOf) -> str:
    kept: list[str] = []
    hidden_by, end = "", 0
    for tag in _TAG.finditer(text):
        name = _name_of(tag)
        if tag["close"]:
            if name == hidden_by:
                kept.append(as_spaces(text[end : tag.start()]))
                hidden_by, end = "", tag.start()
        elif not hidden_by and not tag["empty"] and kind_of(name) is LabelKind.OTHER:
            kept.append(text[end : tag.end()])
            hidden_by, end = name, tag.end()
    return "".join([*kept, text[end:]]) if kept else text


def _blank(tag: re.Match[str]) -> str:
    name, width = tag["name"].casefold(), len(tag[0])
    if name in _CELLS and not tag["close"]:
        return "|" + " " * (width - 1)
    if name in _LINE_ENDS and (name != "tr" or tag["close"]):
        return "\n" + " " * (width - 1)
    return " " * width
