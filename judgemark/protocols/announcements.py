"""Lines that announce numbers which are not the scores of the piece: drafts, examples, ifs.

A judge's scores seldom end its reply: behind them stand a first pass, what a revised piece could
get, the scores of a typical one, or the same scores on another scale.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")
_FINAL = re.compile(r"\b(?:final|revised|adjusted|updated|corrected|actual)\b", re.IGNORECASE)
# Each of these may also head a judge's only scores (`Possible scores:`), which then count.
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:drafts?|initial(?:ly)?|impressions?|first (?:pass|reading|take|attempt|read|thoughts?)"
    r"|preliminary|provisional|tentative|earlier|previous(?:ly)?|prior|original(?:ly)?"
    r"|hypothetical(?:ly)?|potential(?:ly)?|possible|possibly|alternative(?:ly)?|alternate"
    r"|harsher|stricter|gentler|kinder|more (?:generous|lenient|severe|critical)"
    r"|(?:for|by|in) comparison|typical|average|mediocre|example|examples|e\.g|illustrat\w{1,6}"
    r"|anchors?|inverted|reversed|flipped|normali[sz]ed|rescaled|converted|if|unless|suppose"
    r"|after (?:a )?(?:rewrit\w{1,4}|edit\w{0,4}|revisions?)"
    r"|beispiel|entwurf|exemple|brouillon|ejemplo|borrador)\b"
    r"|示例|例如|草稿|初稿|初评",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:if|unless|suppose|wenn|si)\b", re.IGNORECASE)
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
    (1-5)`) announces other numbers too.
    """
    scale = _SCALE.search(line)
    if scale is not None and scale.lastgroup is not None:
        return float(scale[scale.lastgroup]) != highest
    bare = _BRACKETS.sub(" ", line)
    if _OF_SOMETHING_ELSE.search(bare) is None:
        return False
    return _IF.search(bare) is not None or _FINAL.search(bare) is None
