"""Reads a verdict given in words: A, B or tie."""

from __future__ import annotations

import re

from judgemark.records import Class, Failure, Outcome, Reply, Verdict

WORDED_ANSWER = (
    "Answer with one word: A if response A is better, B if response B is better, tie if neither "
    "is better."
)

_TIE = r"(?:a\s+)?(?:ties?|tied|draw|equal|equally good|neither|both)"
_THING = r"(?:(?:the\s+)?(?:response|text|option|answer|story|piece|candidate)\s+)?"
_OPEN_REASONING = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_REASONING = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?\w+>")
_DECORATION = re.compile(r"[*_`\"'“”‘’#\[\](){}]")
_WHOLE = re.compile(rf"{_THING}(?P<word>[AB]|{_TIE})\s*[.!:,]?", re.IGNORECASE)
# A lower-case letter in running text is the article, so only an upper-case one is a verdict there.
_STATED = re.compile(
    r"(?i:\b(?:answer|verdict|winner|choice|decision|preference|judge?ment"
    r"|better(?:\s+one|\s+response|\s+text|\s+piece|\s+story)?)\b"
    rf"\s*(?:\bis\b|=|:|-|–|—)+\s*:?\s*{_THING})"
    rf"(?P<word>[AB]\b|[ab](?=[.!]?\s*$)|(?i:{_TIE})\b)",
    re.MULTILINE,
)
_PRAISED = re.compile(
    r"\b(?P<word>[AB])\s+(?:wins\b|(?:is|was)\s+(?:\w+ly\s+|much\s+|far\s+|the\s+)*"
    r"(?:better|stronger|superior|best|winner)\b)"
)
_EVEN = re.compile(r"\b(?:its|it is|this is|call it)\s+(?P<word>a\s+(?:tie|draw))\b", re.IGNORECASE)
_LEADING = re.compile(rf"{_THING}(?P<word>[AB]|[Tt]ie)\s*[.:,;–—-]+\s+\S.*")
_OF = {"a": 1.0, "b": 0.0}


def read_words(reply: Reply) -> Outcome:
    """P(A) in {0, 0.5, 1} as `Verdict.preference`, or why there is none.

    Read are, in this order: a reply that is nothing but the verdict; the last statement such as
    `Answer: B`; a last or first line that is nothing but the verdict; one side praised (`A is
    better`) where not both are; a single line that begins with the verdict. Reasoning in a think
    block does not count, and one left open hides all that follows. A reply cut off at the limit
    is never good.
    """
    if reply.finish_reason == "length":
        return Failure(Class.TRUNCATED, "the reply was cut off at the token limit")
    if reply.finish_reason == "content_filter":
        return Failure(Class.REFUSED, "the endpoint filtered the reply")
    text = _REASONING.sub("\n", reply.text)
    opened = _OPEN_REASONING.search(text)
    text = _TAG.sub(" ", text[: opened.start()] if opened else text)
    text = _DECORATION.sub("", text).strip()
    if not text:
        return Failure(Class.EMPTY, "the reply is empty")
    word = _verdict(text)
    if word is None:
        return Failure(Class.UNPARSEABLE, "the reply names neither A nor B nor a tie")
    return Verdict(Class.OK, preference=_OF.get(word, 0.5))


def _verdict(text: str) -> str | None:
    """The verdict's word in lower case, None where there is none or two that differ."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if whole := _WHOLE.fullmatch(text):
        return whole["word"].lower()
    if stated := list(_STATED.finditer(text)):
        return stated[-1]["word"].lower()
    for line in (lines[-1], lines[0]):
        if alone := _WHOLE.fullmatch(line):
            return alone["word"].lower()
    praised = {match["word"].lower() for way in (_PRAISED, _EVEN) for match in way.finditer(text)}
    if len(praised) == 1:
        return praised.pop()
    leading = _LEADING.fullmatch(text)
    return leading["word"].lower() if leading and not praised else None
