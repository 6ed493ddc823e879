"""The book club: first impressions, discussions of merits and of proposed scores, final scores.

Every member scores each piece alone. Then the members talk about its merits, in one or more rounds,
and about the scores that they propose, each in its turn and knowing what was said before. In the
end every member scores again on its own, with the discussion before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from judgemark.inputs.club_prompts import ClubPrompts, Contribution
from judgemark.judges.base import Json
from judgemark.protocols.discussion_words import discussion_outcome, with_words
from judgemark.protocols.ensemble_protocol import EnsembleProtocol, of_member
from judgemark.protocols.judging_protocol import Plan, question_key
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.protocols.stored_words import FINAL, FIRST, MERIT, PROPOSAL, SCORED, Table
from judgemark.records import Message, Outcome, Question, QuestionKey, Reply, Sample, Slot, Verdict

_VERSION = 1


@dataclass(frozen=True)
class ClubRules:
    """How many rounds there are, and the seed from which the turn orders are drawn."""

    merit_rounds: int
    scoring_rounds: int
    seed: int

    @property
    def discussed(self) -> tuple[str, ...]:
        """Return the stages of the discussion, in their order."""
        merits = [f"{MERIT}-{n + 1}" for n in range(self.merit_rounds)]
        return (*merits, *(f"{PROPOSAL}-{n + 1}" for n in range(self.scoring_rounds)))

    @property
    def stages(self) -> tuple[str, ...]:
        """Return all stages, in their order."""
        return (FIRST, *self.discussed, FINAL)


def turn_order(seed: int, item: str, repeat: int, members: int) -> tuple[int, ...]:
    """Return the order in which the members take their turns about the pieces of one item."""
    key = [repeat, *item.encode("utf-8", "surrogatepass")]
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=tuple(key)))
    return tuple(int(n) for n in rng.permutation(members))


@dataclass(frozen=True)
class Earlier:
    """What earlier commands left: failed questions, and how far each discussion had come.

    `reached` has the place of the last step of a discussion that has any outcome.
    """

    failed: Collection[QuestionKey] = ()
    reached: Mapping[Table, int] = field(default_factory=dict)


@dataclass
class _Discussion:
    """One discussion while it goes on: the members' first impressions, and what was said."""

    sample: Sample
    repeat: int
    order: tuple[int, ...]
    first: dict[int, str] = field(default_factory=dict)
    said: list[Contribution] = field(default_factory=list)

    @property
    def table(self) -> Table:
        return self.sample.item, self.sample.sha256, self.repeat


@dataclass(frozen=True)
class BookClubProtocol:
    """Asks the members of a book club; all are judges that read a prompt.

    `judges` are their configurations, which are part of every key. Pieces of one text on one item
    are discussed once.
    """

    members: tuple[RubricProtocol, ...]
    judges: tuple[Mapping[str, Json], ...]
    rules: ClubRules
    prompts: ClubPrompts

    @cached_property
    def _alone(self) -> EnsembleProtocol:
        return EnsembleProtocol(self.members, (None,) * len(self.members))

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Return that of the ensemble of the members, with the rules of the club."""
        rules = self.rules
        club: dict[str, Json] = {
            "version": _VERSION,
            "merit_rounds": rules.merit_rounds,
            "scoring_rounds": rules.scoring_rounds,
            "seed": rules.seed,
            "prompts_sha256": self.prompts.sha256,
        }
        return {**self._alone.fingerprint, "book_club": club}

    @property
    def steps(self) -> int:
        """Return how many steps a discussion has: one for all at each end, one for each turn."""
        return 2 + len(self.rules.discussed) * len(self.members)

    def step_of(self, slot: Slot, item: str) -> int:
        """Return the place of the step at which a question of this slot is asked, from 0."""
        if slot.stage == FIRST:
            return 0
        if slot.stage not in self.rules.discussed:
            return self.steps - 1
        order = turn_order(self.rules.seed, item, slot.repeat, len(self.members))
        rounds = self.rules.discussed.index(slot.stage)
        return 1 + rounds * len(self.members) + order.index(slot.member)

    @property
    def questions(self) -> int:
        """Return the number of questions of the whole run."""
        return len(self._talks()) * len(self.members) * len(self.rules.stages)

    def plan(self, earlier: Earlier | None = None) -> Plan:
        """Yield a wave for each step: all discussions take it together.

        A question that failed in an earlier command is left out where its discussion has gone on
        since: to ask it again would change all that was said after it. Other failures are asked
        again. A member that fails in its turn is left out of what the others are shown.
        """
        earlier = earlier or Earlier()
        talks = self._talks()
        for step in range(self.steps):
            asked = [
                (talk, question)
                for talk in talks
                for question in self._questions(talk, step)
                if not self._settled(talk, question, step, earlier)
            ]
            if not asked:
                continue
            outcomes = yield [question for _, question in asked]
            for talk, question in asked:
                _add_turn(talk, question, outcomes[question.key])

    def _talks(self) -> list[_Discussion]:
        """Return the discussions, one for each text on an item and each repeat."""
        first = self.members[0]
        found: dict[Table, _Discussion] = {}
        for repeat in range(first.repeats):
            for sample in first.samples:
                order = turn_order(self.rules.seed, sample.item, repeat, len(self.members))
                talk = _Discussion(sample, repeat, order)
                found.setdefault(talk.table, talk)
        return list(found.values())

    def _settled(self, talk: _Discussion, question: Question, step: int, earlier: Earlier) -> bool:
        return question.key in earlier.failed and earlier.reached.get(talk.table, 0) > step

    def _questions(self, talk: _Discussion, step: int) -> Iterator[Question]:
        if step == 0:
            for number in range(len(self.members)):
                yield self._first(talk, number)
        elif step == self.steps - 1:
            for number in range(len(self.members)):
                yield self._later(talk, number, FINAL, self.prompts.final)
        else:
            rounds, turn = divmod(step - 1, len(self.members))
            stage = self.rules.discussed[rounds]
            merit = stage.startswith(MERIT)
            text = self.prompts.merit if merit else self.prompts.proposal
            yield self._later(talk, talk.order[turn], stage, text)

    def _first(self, talk: _Discussion, number: int) -> Question:
        return of_member(self.members[number].question(talk.sample, talk.repeat), number)

    def _later(self, talk: _Discussion, number: int, stage: str, text: str) -> Question:
        """Return what a member is asked after its first impression, which it is shown again."""
        first = self._first(talk, number)
        told = self.prompts.render(text, number, len(self.members), talk.said)
        if number in talk.first:
            messages: Sequence[Message] = (
                *first.messages,
                Message("assistant", talk.first[number]),
                Message("user", told),
            )
        else:
            *before, prompt = first.messages
            messages = (*before, Message(prompt.role, f"{prompt.content}\n\n{told}"))
        slot = Slot(number, talk.repeat, stage)
        protocol: Mapping[str, Json] = {"name": "book_club", "version": _VERSION}
        key = question_key(self.judges[number], protocol, messages, slot, first.item)
        return Question(key, first.item, tuple(messages), first.pieces)

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return scores, with the reply's words, or in a discussion the words alone."""
        slot = question.key.slot
        if slot.stage not in SCORED:
            return discussion_outcome(reply.text, reply.finish_reason)
        return with_words(self.members[slot.member].read(question, reply), reply.text)


def _add_turn(talk: _Discussion, question: Question, outcome: Outcome) -> None:
    """Add what a member said to its discussion; a failure adds nothing."""
    slot = question.key.slot
    words = outcome.words if isinstance(outcome, Verdict) else None
    if not words:
        return
    if slot.stage == FIRST:
        talk.first[slot.member] = words
    elif slot.stage != FINAL:
        talk.said.append(Contribution(slot.member, words))
