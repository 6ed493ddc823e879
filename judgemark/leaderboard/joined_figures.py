"""Joins the runs of one judge: which of them gives which figures in its row of a board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.validity_entry import ValidityEntry, judge_key
from judgemark.scoring.figures import COMPUTED, FIGURES, OfValidity, value_of

Figures = Mapping[str, float | None]

_OF_READING = tuple(
    figure.entry_name
    for figure in FIGURES
    if isinstance(figure.compute, OfValidity) and not figure.key.startswith("people")
)
_OF_PEOPLE = tuple(f.entry_name for f in FIGURES if f.key.startswith("people"))


@dataclass(frozen=True, slots=True)
class JoinedRuns:
    """The runs of one judge beside its run of the main job: at most one of each kind."""

    ladder: ValidityEntry | None = None
    pairs: ValidityEntry | None = None
    probe: ValidityEntry | None = None

    @property
    def entries(self) -> tuple[ValidityEntry, ...]:
        """Those that there are."""
        return tuple(e for e in (self.ladder, self.pairs, self.probe) if e is not None)

    @property
    def swayed_by(self) -> str | None:
        """What sways the judge most, in words; "" where nothing was found, None without probes."""
        return self.probe.swayed_by if self.probe else None

    def figures(self, own: Figures) -> Figures:
        """Return the figures of a judge's row, from those of its run of the main job.

        All figures of reading come from one run, so that they belong together: from the ladder,
        which has the most pairs, else from the main job, else from the run over pairs. Agreement
        with people comes from the run over pairs.
        """
        found = dict(own)
        ladder = self.ladder.figures if self.ladder else {}
        pairs = self.pairs.figures if self.pairs else {}
        sources: tuple[Figures, ...] = (ladder, own, pairs)
        reading = next((s for s in sources if s.get("reads") is not None), own)
        found |= {name: reading.get(name) for name in _OF_READING if name in reading}
        return found | {name: pairs[name] for name in _OF_PEOPLE if name in pairs}

    def completed(self, result: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a result of the main job with the figures of the judge's other runs in it."""
        if not self.entries:
            return result
        known = {f.entry_name: f for f in FIGURES if isinstance(f.compute, OfValidity)}
        own = {name: value_of(figure, result) for name, figure in known.items()}
        found = {known[name].key: value for name, value in self.figures(own).items()}
        return {**result, COMPUTED: {**result.get(COMPUTED, {}), **found}}

    def cost(self, own: float | None) -> float | None:
        """Return the dollars of all runs together; None where one of them is not known."""
        costs = [own, *(entry.usage.cost for entry in self.entries)]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None


NOTHING = JoinedRuns()


@dataclass(frozen=True, slots=True)
class JoinedByJudge:
    """All such runs of a board, by judge; `unfinished` and `alone` are how many have no row."""

    by_judge: Mapping[str, JoinedRuns] = field(default_factory=dict)

    @staticmethod
    def of(measured: Iterable[ValidityEntry]) -> JoinedByJudge:
        """Take each judge's finished run of each kind; of several the one with most answers."""
        found: dict[str, dict[str, ValidityEntry]] = defaultdict(dict)
        order = sorted(measured, key=lambda e: (e.answered, e.digest))
        for entry in order:
            if entry.status == "complete":
                found[judge_key(entry.judge)][entry.kind] = entry
        return JoinedByJudge({key: JoinedRuns(**kinds) for key, kinds in found.items()})

    def to(self, entry: Entry) -> JoinedRuns:
        """Return the runs that join the row of a run of the main job."""
        return self.by_judge.get(judge_key(entry.judge), NOTHING)

    def remarks(self, measured: Sequence[ValidityEntry], entries: Iterable[Entry]) -> list[str]:
        """Say which runs stand in no row."""
        rows = {judge_key(entry.judge) for entry in entries}
        alone = sum(judge_key(e.judge) not in rows for e in measured)
        unfinished = sum(e.status != "complete" and judge_key(e.judge) in rows for e in measured)
        told = []
        for count, why in (
            (alone, "of judges that have no run of the main job here"),
            (unfinished, "that are not finished"),
        ):
            if count:
                runs = "1 run" if count == 1 else f"{count} runs"
                told.append(f"{runs} over pairs, ladders or probes {why} stand in no row.")
        return told
