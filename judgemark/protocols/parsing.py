"""A judge's raw reply, read as named criterion scores."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from judgemark.protocols.classing import Parsed, classify
from judgemark.protocols.forms import Mention, line_mentions, visible_text
from judgemark.protocols.json_forms import SCORE_KEYS, json_mentions
from judgemark.records import Failure, Rubric, Verdict
from judgemark.table.item_scores import fold_name

# More than any judge writes and any rubric asks for; what stands last counts, so the end is read.
_MOST_CHARACTERS = 400_000
_MOST_MENTIONS = 5_000
_SPELLINGS_KEPT = 4_096
_LONGEST_NAME = 120
_LONGEST_NEW_NAME = 60
_MOST_WORDS = 8

_AROUND = " \t\r\n\xa0*_`~\"'“”‘’«»#[](){}<>:：=-–—•·\\"
_REMARK = re.compile(r"[\s*_]*+[(\[][^()\[\]]*+[)\]][\W_]*+$")
_NOT_IN_A_NEW_NAME = re.compile(r"[\"“”:{}|?!;\n]|\.\s")
# What judges add up or say about their scores, folded: no criteria of a rubric that names none.
_SUMMARIES = frozenset({
    "overall", "overallscore", "overallrating", "total", "totalscore", "finalscore", "finalrating",
    "average", "averagescore", "mean", "meanscore", "sum", "ratings", "confidence",
})  # fmt: skip


class ReplyReader:
    """Reads the replies to one rubric; built once for it, used from many threads."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        criteria = rubric.criteria
        self._spelt = None if criteria is None else {fold_name(c.name): c.name for c in criteria}
        self._placed = lru_cache(_SPELLINGS_KEPT)(self._place)

    def read(self, text: str, finish_reason: str | None) -> Verdict | Failure:
        """The outcome of one reply: a verdict with scores, or a failure with class and reason."""
        known = None if self._spelt is None else len(self._spelt)
        return classify(self.parse(text), finish_reason, known)

    def parse(self, text: str) -> Parsed:
        """All that the reply holds; of more than 400,000 visible characters, the last.

        Never raises; linear in the length of the text.
        """
        said = visible_text(text).strip()[-_MOST_CHARACTERS:]
        scores: dict[str, tuple[str, float]] = {}
        left_out: dict[str, tuple[str, str]] = {}
        aside: dict[str, float] = {}
        for mention in self._mentions(said):
            key, name, counts = self._placed(mention.name)
            if not counts:
                if name and mention.value is not None:
                    aside[name] = mention.value
            elif mention.value is not None and self._valid(mention):
                scores[key] = (scores[key][0] if key in scores else name, mention.value)
                left_out.pop(key, None)
            else:
                scores.pop(key, None)
                left_out[key] = (name, mention.given)
        return Parsed(said, dict(scores.values()), dict(left_out.values()), aside)

    def _mentions(self, said: str) -> Iterator[Mention]:
        lines = deque(line_mentions(said), _MOST_MENTIONS)
        in_json = json_mentions(said, self._counts) if "{" in said else {}
        if not in_json:
            return iter(lines)
        found: dict[int, Mention | None] = {mention.at: mention for mention in lines}
        found.update(in_json)
        last = sorted(found.items())[-_MOST_MENTIONS:]
        return (mention for _, mention in last if mention is not None)

    def _valid(self, mention: Mention) -> bool:
        if mention.value is None or mention.out_of not in (None, self._rubric.scoring_max):
            return False
        return self._rubric.scoring_min <= mention.value <= self._rubric.scoring_max

    def _counts(self, raw: str) -> bool:
        return self._placed(raw)[2]

    def _place(self, raw: str) -> tuple[str, str, bool]:
        """The folded name, the name as it is shown and whether it is a criterion's."""
        name = raw.split("|", 1)[0].strip(_AROUND)
        if not name or len(name) > _LONGEST_NAME:
            return "", "", False
        bare = _REMARK.sub("", raw.split("|", 1)[0]).strip(_AROUND)
        if self._spelt is not None:
            for key in (fold_name(name), fold_name(bare)):
                if key in self._spelt:
                    return key, self._spelt[key], True
            return "", name, False
        key = fold_name(bare)
        return key, bare, _may_be_a_name(key, bare)


def _may_be_a_name(folded: str, name: str) -> bool:
    """Whether a rubric that is not known may hold a criterion of this name."""
    return (
        len(name) <= _LONGEST_NEW_NAME
        and name[:1].isalpha()
        and len(name.split()) <= _MOST_WORDS
        and folded not in SCORE_KEYS
        and folded not in _SUMMARIES
        and _NOT_IN_A_NEW_NAME.search(name) is None
    )


@lru_cache(maxsize=8)
def reader_for(rubric: Rubric) -> ReplyReader:
    """The one reader of a rubric, made when first asked for."""
    return ReplyReader(rubric)


def read_reply(text: str, finish_reason: str | None, rubric: Rubric) -> Verdict | Failure:
    """Read one reply to `rubric`: named scores as given (not inverted), or why there are none.

    Scores are named as the rubric spells its criteria, or as the judge spelt them where the
    rubric names none; then all plausible names are kept, for `common_criteria` and `hold_to`.
    """
    return reader_for(rubric).read(text, finish_reason)
