"""An object of JSON or XML: a criterion with its score, or a list of criteria with theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from judgemark.protocols.line_scores import choose_value
from judgemark.protocols.score_labels import LabelKind, word_set
from judgemark.protocols.score_mention import KindOf, LabelledValue, Mention, value_mention

NAME_KEYS = word_set(
    "criterion criteria criterion_name criteria_name name metric dimension aspect category "
    "attribute trait factor title label item quality key area"
)
"""Lower-case keys whose text names the criterion of an object; no criteria by themselves."""

LONGEST_KEY = 200
# A criterion's own object holds its score and a number or two; one with more numbers lists
# criteria, and its "score" is their sum.
_MOST_BESIDE_A_SCORE = 3

MentionsByPlace = dict[int, Mention | None]
"""Mentions by the place of the value; None marks a number that cannot be a score."""


@dataclass(slots=True)
class ScoreObject:
    """What an object holds as far as it has been read.

    `owner` is the key or tag that it stands under, `label` the name that it gives itself. What
    stands in a `muted` object (weights, drafts, greatest scores) is not scored. A `listed` one is a
    list of objects.
    """

    owner: str = ""
    muted: bool = False
    listed: bool = False
    label: str = ""
    scores: list[LabelledValue] = field(default_factory=list)
    members: list[Mention] = field(default_factory=list)
    ignored: list[Mention] = field(default_factory=list)

    def child(self, owner: str, kind_of: KindOf) -> ScoreObject:
        """Return a new object that stands in this one under the key `owner`."""
        return ScoreObject(owner, self.muted or kind_of(owner) is LabelKind.OTHER)

    def add(self, key: str, value: str, at: int, kind_of: KindOf) -> None:
        """Take in a member whose value, found at `at`, may be a score or a name."""
        mention = value_mention(value, at, key)
        if mention is None:
            return
        kind = kind_of(key)
        if kind is None:
            self.members.append(mention)
        elif kind is LabelKind.OTHER:
            self.ignored.append(mention)
        else:
            self.scores.append(LabelledValue(kind, mention))

    def close(self, is_name: Callable[[str], bool], found: MentionsByPlace) -> None:
        """Add what the object says to `found`."""
        every = [*self.members, *self.ignored, *(value.mention for value in self.scores)]
        if self.muted:
            found.update((mention.at, None) for mention in every)
            return
        name = self.label or self.owner
        about_one = len(self.members) <= _MOST_BESIDE_A_SCORE and is_name(name)
        found.update((mention.at, None) for mention in self.ignored)
        if self.scores and about_one:
            found.update((mention.at, None) for mention in every)
            chosen = choose_value(self.scores)
            if chosen is not None:
                found[chosen.at] = chosen.of(name)
            return
        found.update((mention.at, mention) for mention in self.members)
        found.update((value.mention.at, value.mention) for value in self.scores)
