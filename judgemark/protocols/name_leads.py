"""What judges write in front of a name: `Criterion 3:`, `My score for`, `Correction:`."""

from __future__ import annotations

import re

_KEYCAPS = "\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"
_LEAD = re.compile(
    rf"[\W_]*(?:"
    # `C1.`, `#3`, `No. 2 -`, `Criterion 4:`, `Criterion 5 (`
    r"(?:(?:criterion|criteria|category|dimension|aspect|metric|item|no\.?|nr\.?|c|q|#)\s?)?"
    rf"#?[0-9]{{1,3}}[{_KEYCAPS}]{{0,2}}(?:\s?[:.)(–—|-]|\s)"
    # `A.`, `b)`, `IV.`
    r"|(?:[a-z]|[ivx]{1,5})[.)](?=\s)"
    r"|\[[ xX✓✔]?\](?=\s)|[xX✓✔]\](?=\s)"
    r"|(?:(?:my|the|overall|final)\s)?(?:scores?|ratings?|marks?)\s(?:for|of|on)\b"
    r"|(?:scores?|ratings?)\s?:"
    r"|for\b"
    r")[\W_]*",
    re.IGNORECASE,
)
_REVISION = re.compile(
    r"[\W_]*(?:correction|corrected|revision|revised|update|updated|edit)"
    r"(?:\s(?:score|rating))?\s?:[\W_]*",
    re.IGNORECASE,
)
# A judge that takes a score back says so in the sentence in front of the new one.
_TAKEN_BACK = re.compile(
    r"\b(?:wait|actually|correct(?:ion|ing|ed)|revis(?:ed|ion|ing)|on (?:reflection|second thought)"
    r"|hmm|sorry|too (?:high|low|generous|harsh|kind)|adjust(?:ed|ing)|I(?:'ll| will)? "
    r"(?:lower|raise|change|set|reduce))\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:if|unless|would|could|might|may|example|e\.g|not|never|perhaps|maybe|than)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!:;—–]\s+(?=[^.!:;—–]*\Z)")
_LONGEST_LEAD = 120


def without_lead(name: str) -> str:
    """Return the name without a number, a letter or a phrase in front of it."""
    lead = _LEAD.match(name)
    if lead is not None and lead.end() < len(name):
        return name[lead.end() :]
    return without_revision(name)


def without_revision(name: str) -> str:
    """Return the name without the words that take an earlier score of it back.

    `Correction: The Turn` and `Wait, that is too high. The Turn` lose them; `To get more than The
    Turn` and `If it were shorter. The Turn` stay.
    """
    lead = _REVISION.match(name)
    if lead is not None:
        return name[lead.end() :]
    ended = _SENTENCE_END.search(name, 0, _LONGEST_LEAD)
    if ended is None:
        return name
    sentence = name[: ended.start()]
    if _TAKEN_BACK.search(sentence) is None or _DOUBT.search(sentence) is not None:
        return name
    return name[ended.end() :]
