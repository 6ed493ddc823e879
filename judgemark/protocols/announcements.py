"""Lines that announce numbers which are not the scores of the piece: drafts, examples, ifs.

A judge's scores seldom end its reply: behind them stand a first pass, what a revised piece could
get, the scores of a typical one, or the same scores on another scale.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")
_FINAL = re.compile(r"\b(?:final|revised|adjusted|updated|corrected|actual)\b", re.IGNORECASE)
# What the heading is about stands at its start. Later in it (`The scores, after my first pass:`)
# the same words often tell how the scores themselves were found.
_OF_SOMETHING_ELSE = re.compile(
    r"[\W_]*(?:(?:here (?:is|are)|these are|this is|on|in|at|by|for|as)\s)?"
    r"(?:(?:my|the|an?|some|mein|erster|zum|par|premier|por|mi|primer)\s)?"
    r"(?:drafts?|initial(?:ly)?"
    r"|first (?:draft|impressions?|pass|reading|take|attempt|read|thoughts?|glance|scores?)"
    r"|preliminary|provisional|tentative|earlier|previous(?:ly)?|prior"
    r"|hypothetical(?:ly)?|potential(?:ly)?|possible|possibly|alternative(?:ly)?|alternate"
    r"|(?:harsher|stricter|gentler|kinder|more (?:generous|lenient|severe|critical))"
    r" (?:reader|judge|critic|grader|reviewer|scoring|scores|reading|view)"
    r"|comparison|(?:typical|average|mediocre) (?:piece|story|text|sample|response|writer|scores?)"
    r"|examples?|e\.g|illustrat\w{1,6}|anchors?"
    r"|inverted|reversed|flipped|normali[sz]ed|rescaled|converted|suppose"
    r"|after (?:a )?(?:rewrit\w{1,4}|edit\w{0,4})"
    r"|beispiel|entwurf|exemple|brouillon|ejemplo|borrador)\b"
    r"|[\W_]*(?:示例|例如|草稿|初稿|初评)",
    re.IGNORECASE,
)
# `If I weigh everything, the scores are:` heads a judge's own scores.
_IF = re.compile(
    r"\b(?:if|wenn|si)\s(?!(?:I|we|one|ich|wir|man|je|on)\b).*"
    r"\b(?:were|was|had|revised|would|could|might|wäre|würde|könnte|était|serait)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[0-9]")
_SCALE = re.compile(
    r"(?<![\w.,])(?:(?:0|1)(?:\.0)?\s?(?:-|–|—|to\b|bis\b|à\b)\s?(?P<end>[0-9]{1,4})"
    r"|out of (?:a )?(?P<of>[0-9]{1,4})|/\s?(?P<slash>[0-9]{1,4})"
    r"|(?P<points>[0-9]{1,4})[ -]?points? scale)(?![\w%])",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def announces_other(line: str, highest: float) -> bool:
    """Return whether a heading says that the numbers below it are not the piece's scores.

    `highest` is the greatest score of the rubric: a heading that names another scale (`Scores
    (1-5)`) announces other numbers too. A line with any other number in it may hold a score itself
    and announces nothing.
    """
    scale = _SCALE.search(line)
    if scale is not None and scale.lastgroup is not None:
        if _DIGIT.search(line, 0, scale.start()) or _DIGIT.search(line, scale.end()):
            return False
        return float(scale[scale.lastgroup]) != highest
    bare = _BRACKETS.sub(" ", line)
    if _DIGIT.search(line) is not None:
        return False
    if _IF.search(bare) is not None:
        return True
    return _OF_SOMETHING_ELSE.match(bare) is not None and _FINAL.search(bare) is None
