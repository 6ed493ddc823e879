"""The section of a reply that a line stands in: whose it is, and whether its numbers count."""

from __future__ import annotations

import re
from dataclasses import dataclass

from judgemark.protocols.score_labels import LabelKind
from judgemark.protocols.score_mention import AROUND, Mention
from judgemark.table.item_scores import fold_name

_REVISION = re.compile(r"revis|adjust|updat|correct", re.IGNORECASE)


@dataclass(slots=True)
class ReplySection:
    """What is known of the section that the walk over a reply has reached.

    `name` is the criterion whose heading it stands under, `read` the score that was found there.
    The numbers of a `muted` section are no scores; those of a `soft` one (`First impressions`)
    are, for a criterion that has none elsewhere. A `fleeting` one is muted only if its numbers
    begin at once.
    """

    name: str | None = None
    read: Mention | None = None
    read_on: int = -1
    final: bool = False
    empty: bool = True
    listing: bool = False
    prose: bool = False
    earlier: bool = False
    muted: bool = False
    soft: bool = False
    fleeting: bool = False
    _gap: bool = False
    _adjacent: bool = False
    _muted_on: int = -2
    _muted_names: set[str] | None = None

    def pass_empty_line(self) -> None:
        """Take note that an empty line has ended the numbers so far."""
        self._gap = self._muted_names is not None

    def pass_text(self) -> None:
        """Take note of a line without a heading; a fleeting section is muted right below one."""
        if self._muted_names is None:
            self.muted = self.soft = False

    def keeps(self, mention: Mention, line: int, *, labelled: bool) -> bool:
        """Return whether a muted section holds this mention; it ends where it does not.

        Behind an empty line other numbers begin, unless they stand in a list with empty lines
        between all of them. Then the section ends where a name comes a second time. A section
        with a name that begins with a `labelled` score (`Score: 8`) is a criterion's after all.
        """
        name = fold_name(mention.name.strip(AROUND))
        names = self._muted_names
        if names is None and self.soft and labelled and self.name is not None:
            self.muted = self.soft = False
            return False
        if names is None:
            names = self._muted_names = set()
        elif self._gap and (self._adjacent or name in names):
            self.muted = self.soft = False
            return False
        self._adjacent = self._adjacent or line - self._muted_on <= 1
        self._muted_on, self._gap = line, False
        names.add(name)
        return True


@dataclass(slots=True)
class LabelledScores:
    """Gives scores that stand beside a label alone (`Score: 8`) to the criterion above them.

    `unclaimed` is the line of the last one that belongs to no criterion; `beside_names` says that
    a number stood beside a name somewhere before.
    """

    unclaimed: int = -2
    beside_names: bool = False
    _first: ReplySection | None = None
    _finals: bool = False

    def claim(self, section: ReplySection, mention: Mention, kind: LabelKind, line: int) -> Mention:
        """Return the mention of the section's criterion, or the mention as it is.

        The first score of a section is its score, and a revised one replaces it; of two others
        that differ the reply does not say which counts. `Final score` may be the whole piece's.
        """
        name, read = section.name, section.read
        if name is None:
            self.unclaimed = line
            return mention
        final = kind is LabelKind.FINAL
        follows = read is not None and line - section.read_on <= 1
        of_the_section = final and not section.final and self._is_of(section, mention, follows)
        if read is not None and not of_the_section:
            if final and not follows:
                return mention
            if (read.value, read.out_of) == (mention.value, mention.out_of):
                return mention.of(name)
            return Mention(mention.at, name, f"{read.given}, then {mention.given}", None)
        if final and not of_the_section:
            return mention
        self._first = self._first or section
        self._finals = self._finals or final
        section.read, section.read_on, section.final = mention, line, final
        return mention.of(name)

    def _is_of(self, section: ReplySection, mention: Mention, follows: bool) -> bool:
        """Return whether a final score is the section's and not that of the whole piece.

        It is where no other criterion has a score yet, where an earlier section has a final score
        too, where an initial score stands above it, and where it is called revised.
        """
        others = self.beside_names or self._first not in (None, section)
        alone = not others and not follows
        revised = _REVISION.search(mention.name) is not None
        return alone or self._finals or section.earlier or revised
