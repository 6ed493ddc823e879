"""Finds the criteria that the replies of a run agree on, where no rubric names them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from judgemark.table.item_scores import fold_name


def common_criteria(replies: Iterable[Mapping[str, float]]) -> tuple[str, ...]:
    """Return the names that at least half of the scored replies give, where no rubric names them.

    Names are counted after folding and shown in their most common spelling (of two equally
    common ones the first in code point order), in the order of their mean place in the replies.
    Neither depends on the order of the replies. Replies without scores do not count; no scored
    replies give ().
    """
    scored = 0
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    places: Counter[str] = Counter()
    for scores in replies:
        scored += bool(scores)
        for place, name in enumerate(scores):
            folded = fold_name(name)
            spellings[folded][name] += 1
            places[folded] += place
    given = {folded: counts.total() for folded, counts in spellings.items()}
    common = [folded for folded, n in given.items() if 2 * n >= scored]
    common.sort(key=lambda folded: (places[folded] / given[folded], folded))
    return tuple(
        min(spellings[folded].items(), key=lambda spelt: (-spelt[1], spelt[0]))[0]
        for folded in common
    )
