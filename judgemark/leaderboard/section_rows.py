"""The rows of a section for one scorecard: who is ranked, who is not, and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from judgemark.leaderboard.board_entry import Entry, EntryScorecard, canonical
from judgemark.leaderboard.joined_figures import NOTHING, Figures, JoinedByJudge, JoinedRuns
from judgemark.leaderboard.ranking import Bools, JudgeRank, significantly_differ, standings
from judgemark.leaderboard.sections import Section
from judgemark.scoring.reading_figures import reading_mark
from judgemark.table.score_table import Floats

PREFIX = "baseline:"
Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One judge on one scorecard.

    `entry` is None for a floor that is known only from other runs' results. `standing` is None for
    floors
    and for rows that cannot be ranked; `unranked` then gives the reason. `at_floor` names the
    best floor where the judge is not significantly above it. `joined` are the judge's other runs.
    """

    name: str
    kind: str
    floor: bool
    score: float | None
    ci95: Ends | None
    card: EntryScorecard | None
    entry: Entry | None
    scorecard: str
    joined: JoinedRuns = NOTHING
    standing: JudgeRank | None = None
    unranked: str = ""
    at_floor: str = ""

    @property
    def replicates(self) -> Floats:
        """The scores on the item resamples, (resamples,); empty where there are none."""
        return self.entry.replicates_of(self.scorecard) if self.entry else np.empty(0)

    @property
    def twins(self) -> Floats:
        """The scores on the same resamples with a second shuffle; (resamples,)."""
        return self.entry.twins_of(self.scorecard) if self.entry else np.empty(0)

    @property
    def nested(self) -> Floats:
        """The nested resamples, as `Entry.nested_of` returns them; (2, n)."""
        return self.entry.nested_of(self.scorecard) if self.entry else np.empty((2, 0))

    @property
    def figures(self) -> Figures:
        """The registered figures of the judge, from all of its runs."""
        return self.joined.figures(self.entry.validity) if self.entry else {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before trusting the figures."""
        return (self.entry.warnings if self.entry else None) or ()

    @property
    def reading(self) -> str:
        """Whether the judge was shown to read: "" for one that was, and for baselines.

        An entry that was made before reading was measured shows none.
        """
        if self.floor:
            return ""
        return reading_mark(self.figures.get("reads"))

    @property
    def alert(self) -> str:
        """Why the score counts less: no rank, a baseline that is not beaten, warnings."""
        above = self.at_floor and f"not significantly above {self.at_floor.removeprefix(PREFIX)}"
        return "; ".join(filter(None, (self.unranked or above, *self.warnings)))

    @property
    def remark(self) -> str:
        """The remark beside the judge's name; empty where there is nothing to say."""
        return "; ".join(filter(None, (self.alert, self.reading)))


@dataclass(frozen=True, slots=True)
class RankedTable:
    """A section on one scorecard: `ranked` judges and floors, best first; the rest `apart`."""

    scorecard: str
    ranked: tuple[Row, ...]
    apart: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows in their order."""
        return self.ranked + self.apart


def table_of(
    section: Section,
    scorecard: str,
    disputed: Mapping[str, str],
    joined: JoinedByJudge | None = None,
) -> RankedTable:
    """Rank the judges of a section on `scorecard` (v4, v2.1 or v2).

    `disputed` maps contradicting entries to the figure that differs, as in `Merged`; `joined` are
    the judges' runs of other kinds.
    """
    joined = joined or JoinedByJudge()
    fullest = max((e.dataset.pieces for e in section.judges), default=0)
    rows, apart = [], []
    for entry in section.judges:
        row = replace(row_of(entry, scorecard), joined=joined.to(entry))
        reason = _not_whole(entry, section, fullest) or _unfit(entry, scorecard, disputed)
        if row.score is None:
            reason = reason or entry.reasons.get(f"{scorecard}.score", "no score")
        if reason:
            apart.append(replace(row, unranked=reason))
        else:
            rows.append(row)
    rows, others = _comparable(rows)
    floors, unscored = _floors(section, scorecard, joined)
    ranked = _ranked(rows, floors)
    return RankedTable(
        scorecard,
        tuple(sorted((*ranked, *floors), key=_best_first)),
        tuple(sorted((*apart, *others, *unscored), key=_best_first)),
    )


def row_of(entry: Entry, scorecard: str) -> Row:
    """Return the row of an entry, without a standing."""
    card = entry.card(scorecard)
    return Row(
        name=entry.judge.name,
        kind=entry.judge.kind,
        floor=entry.is_floor,
        score=card.score if card else None,
        ci95=card.ci95 if card else None,
        card=card,
        entry=entry,
        scorecard=scorecard,
    )


def _not_whole(entry: Entry, section: Section, fullest: int) -> str:
    """Say why a run does not count as complete in its section; "" where it does."""
    coverage, pieces = entry.coverage, entry.dataset.pieces
    if coverage.status == "incomplete":
        return f"incomplete: {covered(entry)}"
    if coverage.status == "limited" and section.parts["pieces"] == "all":
        return f"only {coverage.asked} of {pieces} pieces asked"
    if entry.dataset.sha256 is None and pieces < fullest:
        return f"incomplete: {coverage.scored} of the {fullest} pieces of the largest run"
    return ""


def covered(entry: Entry) -> str:
    """Say how much of a run has a verdict; a tournament rates all pieces, whatever was judged."""
    coverage = entry.coverage
    if not is_tournament(entry):
        return f"{coverage.scored} of {entry.dataset.pieces} pieces scored"
    # Entries made by earlier versions give the share of the ratings, which are nearly always there.
    if coverage.share is None or coverage.share >= 1.0:
        return "not all matches have a verdict"
    return f"{math.floor(1000 * coverage.share) / 10:.1f}% of the tournaments judged"


def is_tournament(entry: Entry) -> bool:
    """Return whether the scores of an entry are ratings from tournaments."""
    protocol = entry.fingerprint.get("protocol")
    return isinstance(protocol, Mapping) and "tournament" in protocol


def _unfit(entry: Entry, scorecard: str, disputed: Mapping[str, str]) -> str:
    """Say why a complete run's score is not ranked; "" where it is."""
    if entry.digest in disputed:
        return f"disputed: entries of the same verdicts differ in {disputed[entry.digest]}"
    thin = entry.coverage.unscored.get("v2" if scorecard == "v2" else "v2.1", 0)
    if thin:
        return f"{thin} verdicts have too few criteria"
    return ""


def _comparable(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows that can be ranked together, and the others with the reason.

    Rows can be ranked together where they lack the same components and use the same items and
    reference order. The group with the fewest missing components is chosen if it has at least
    two rows; among equals, the largest group.
    """
    classes: dict[str, list[Row]] = {}
    for row in rows:
        classes.setdefault(_rests_on(row), []).append(row)
    if not classes:
        return [], []
    chosen = min(
        classes,
        key=lambda c: (len(classes[c]) < 2, len(_missing(classes[c][0])), -len(classes[c]), c),
    )
    leader = classes[chosen][0]
    others = [
        replace(row, unranked=_unlike(row, leader))
        for name, group in classes.items()
        if name != chosen
        for row in group
    ]
    return classes[chosen], others


def _missing(row: Row) -> tuple[str, ...]:
    return row.card.missing if row.card else ()


def _reference(row: Row) -> str | None:
    """Return the digest of the reference order where the score depends on it, else None."""
    depends = row.card is not None and row.card.separability is not None
    if row.entry is None or not depends or "kendall_tau" in _missing(row):
        return None
    return row.entry.references_sha256


def _rests_on(row: Row) -> str:
    items = row.entry.dataset.items_sha256 if row.entry else ""
    return canonical([sorted(_missing(row)), items, _reference(row)])


def _unlike(row: Row, leader: Row) -> str:
    if _missing(row) != _missing(leader):
        lacking = ", ".join(sorted(set(_missing(row)) ^ set(_missing(leader))))
        return f"scored without {lacking}".replace("_", " ")
    if _reference(row) != _reference(leader):
        return "scored with a different reference order"
    return "scored on different items"


def _ranked(rows: Sequence[Row], floors: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows with their standings, compared with the best floor."""
    scores = [row.score or 0.0 for row in rows]
    items = rows[0].entry.dataset.items if rows and rows[0].entry else 0
    places = standings(scores, _apart(rows, items))
    best = max(floors, key=lambda f: f.score or 0.0, default=None)
    beaten = _above(rows, best, items) if best else [True] * len(rows)
    for row, standing, above in zip(rows, places, beaten, strict=True):
        name = best.name if best and not above else ""
        yield replace(row, standing=standing, at_floor=name)


def _above(rows: Sequence[Row], floor: Row, items: int) -> list[bool]:
    """Return which rows are significantly above a floor.

    Paired resamples decide where the floor has them, otherwise the rows' own intervals."""
    level = floor.score or 0.0
    paired = floor.entry is not None and all(
        row.entry and row.entry.dataset.items_sha256 == floor.entry.dataset.items_sha256
        for row in rows
    )
    if paired:
        apart = _apart([*rows, floor], items, slice(len(rows), None))[0]
        return [bool(apart[n]) and (row.score or 0.0) > level for n, row in enumerate(rows)]
    return [
        (row.score or 0.0) > level and (row.ci95 is None or row.ci95[0] > level) for row in rows
    ]


def _apart(rows: Sequence[Row], items: int, of: slice = slice(None)) -> Bools:
    """Return which of the rows `of` differ significantly from which rows; (of, rows)."""
    scores = [row.score or 0.0 for row in rows]
    replicates, twins = _stacked([r.replicates for r in rows]), _stacked([r.twins for r in rows])
    both = [row.nested for row in rows]
    nested = np.stack([_stacked([pair[n] for pair in both]) for n in (0, 1)], axis=1)
    return significantly_differ(scores, replicates, items, twins, nested, of=of)


def _stacked(found: Sequence[Floats]) -> Floats:
    """Stack rows to (rows, resamples), with NaN where a row is shorter."""
    table = np.full((len(found), max(map(len, found), default=0)), np.nan)
    for n, row in enumerate(found):
        table[n, : len(row)] = row
    return table


def _floors(section: Section, scorecard: str, joined: JoinedByJudge) -> tuple[list[Row], list[Row]]:
    """Return floors with and without a score, from baseline runs or from judges' results."""
    fullest = max((e.dataset.pieces for e in section.entries), default=0)
    rows, unscored = [], []
    for entry in section.floors:
        row = replace(row_of(entry, scorecard), joined=joined.to(entry))
        reason = _not_whole(entry, section, fullest)
        if row.score is None:
            reason = reason or entry.reasons.get(f"{scorecard}.score", "no score")
        if reason:
            unscored.append(replace(row, unranked=reason))
        else:
            rows.append(row)
    if scorecard == "v4":
        known = {row.name for row in rows}
        rows += [row for row in _floors_in_results(section, fullest) if row.name not in known]
    return rows, unscored


def _floors_in_results(section: Section, fullest: int) -> Iterator[Row]:
    whole = [e for e in section.judges if not _not_whole(e, section, fullest)]
    if not whole:
        return
    for name, floor in sorted(min(whole, key=lambda e: e.digest).floors.items()):
        if floor.score is not None:
            card = EntryScorecard(
                score=floor.score,
                omega_squared=floor.omega_squared,
                cliffs_delta=floor.cliffs_delta,
                kendall_tau=floor.kendall_tau,
            )
            yield Row(
                PREFIX + name,
                "baseline",
                True,
                floor.score,
                None,
                card,
                None,
                "v4",
            )


def _best_first(row: Row) -> tuple[bool, float, int, str, str]:
    place = row.standing.place if row.standing else 0
    digest = row.entry.digest if row.entry else ""
    return row.score is None, -(row.score or 0.0), place, row.name, digest
