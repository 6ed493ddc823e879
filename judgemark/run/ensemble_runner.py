"""Asks the questions of several judges, wave by wave, each by a runner of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from judgemark.errors import Refused
from judgemark.protocols.judging_protocol import Plan
from judgemark.records import Outcome, Question, QuestionKey
from judgemark.run.journal import Journal
from judgemark.run.runner import Runner

PROBES = 3


@dataclass(frozen=True, slots=True)
class OpenMember:
    """A member that is being asked: its runner, and what gives its judge back at the end."""

    name: str
    runner: Runner
    release: Callable[[], None]

    def close(self) -> None:
        """Let the runner's threads end and release the judge."""
        self.runner.close()
        self.release()


class EnsembleRunner:
    """Asks each wave member by member; all share one journal.

    A member that refuses for good keeps nobody else from being asked: the wave is asked to its
    end, and then Refused is raised, which names the member. `keep_open` keeps the judges between
    waves; without it each is released as soon as its part of a wave is done, so that engines need
    not share the memory.
    """

    def __init__(
        self, journal: Journal, open_member: Callable[[int], OpenMember], *, keep_open: bool
    ) -> None:
        self._journal = journal
        self._open_member = open_member
        self._keep_open = keep_open
        self._open: dict[int, OpenMember] = {}
        self._probed = {key.slot.member for key in journal.good}

    def run(self, plan: Plan) -> None:
        """Ask all that the plan yields.

        The first questions of a member without a verdict go ahead of its others, as in
        `Runner.run`. Raises what stopped the run, and Refused after a wave of which a member
        refused its part; what came until then is in the journal.
        """
        try:
            wave = next(plan)
            while True:
                wave = plan.send(self._ask(wave))
        except StopIteration:
            return
        finally:
            plan.close()
            while self._open:
                self._open.popitem()[1].close()

    def _ask(self, wave: Sequence[Question]) -> Mapping[QuestionKey, Outcome]:
        parts: dict[int, list[Question]] = {}
        for question in wave:
            parts.setdefault(question.key.slot.member, []).append(question)
        outcomes: dict[QuestionKey, Outcome] = {}
        refusals: list[str] = []
        for number in sorted(parts):
            part = parts[number]
            known = {q.key: self._journal.good[q.key] for q in part if q.key in self._journal.good}
            if len(known) == len(part):
                outcomes |= known
                continue
            member = self._member(number)
            try:
                probes = 0 if number in self._probed else PROBES
                outcomes |= member.runner.ask(part, probes)
                self._probed.add(number)
            except Refused as refused:
                refusals.append(f"judge {number + 1} ({member.name}): {refused}")
            if not self._keep_open:
                self._open.pop(number).close()
        if refusals:
            raise Refused("; ".join(refusals))
        return outcomes

    def _member(self, number: int) -> OpenMember:
        if number not in self._open:
            self._open[number] = self._open_member(number)
        return self._open[number]
