"""A book club of judges: its rules and prompts, and what is left to ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from judgemark.errors import UsageError
from judgemark.inputs.club_prompts import ClubPrompts, read_club_prompts
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judging_mode import AskingEstimate, tokens_of
from judgemark.judging.rubric_mode import RubricMode
from judgemark.protocols.book_club import BookClubProtocol, ClubRules, Earlier
from judgemark.protocols.judging_protocol import Plan
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.protocols.stored_words import SCORED, Table
from judgemark.records import PLAIN, Outcome, Question, QuestionKey
from judgemark.run.journal import read_entries

_WORDS = 300
"""About how many tokens a turn has."""

Good = Mapping[QuestionKey, Outcome]


@dataclass(frozen=True)
class BookClubSetup:
    """How a club discusses; its members are handed in, because they may still be settled."""

    rules: ClubRules
    prompts: ClubPrompts

    def protocol(self, members: Sequence[RubricMode]) -> BookClubProtocol:
        """Return the protocol of these members."""
        protocols = tuple(m.protocol for m in members if isinstance(m.protocol, RubricProtocol))
        judges = tuple(m.configuration for m in members)
        return BookClubProtocol(protocols, judges, self.rules, self.prompts)

    def plan(self, members: Sequence[RubricMode], good: Good, journal: Path | None) -> Plan:
        """Return the plan of a run with this journal; `good` are its usable outcomes."""
        protocol = self.protocol(members)
        return protocol.plan(_earlier(protocol, good, journal))

    def estimates(
        self, members: Sequence[RubricMode], good: Good, journal: Path | None
    ) -> list[AskingEstimate]:
        """Return the most that is left to ask of each member."""
        protocol = self.protocol(members)
        answered, settled = _progress(self.plan(members, good, journal), good)
        if settled:
            return [AskingEstimate(0, answered.get(n, 0), 0, 0) for n in range(len(members))]
        first = next(protocol.plan(), ())
        talks = len(first) // len(members)
        turns = len(self.rules.discussed)
        found = []
        for number, member in enumerate(members):
            done = answered.get(number, 0)
            left = max(0, talks * len(self.rules.stages) - done)
            whole = tokens_of(q for q in first if q.key.slot.member == number) // max(1, talks)
            # On average a question is shown half of all that is said.
            prompt = whole + _WORDS * turns * len(members) // 2
            scored = member.judge.tokens_per_reply
            reply = (len(SCORED) * scored + turns * _WORDS) // len(self.rules.stages)
            found.append(AskingEstimate(left, done, left * prompt, left * reply, at_most=True))
        return found


def _progress(plan: Plan, good: Good) -> tuple[dict[int, int], bool]:
    """Return how many questions of each member are answered, and whether all are.

    Only as far as the discussions are known: a wave with an open question ends the count.
    """
    answered: dict[int, int] = {}
    try:
        wave: Sequence[Question] = next(plan)
        while True:
            for question in wave:
                if question.key in good:
                    member = question.key.slot.member
                    answered[member] = answered.get(member, 0) + 1
            if not all(question.key in good for question in wave):
                return answered, False
            wave = plan.send({question.key: good[question.key] for question in wave})
    except StopIteration:
        return answered, True
    finally:
        plan.close()


def _earlier(protocol: BookClubProtocol, good: Good, journal: Path | None) -> Earlier:
    """Return what earlier commands left in a journal."""
    failed: set[QuestionKey] = set()
    reached: dict[Table, int] = {}
    for entry in read_entries(journal) if journal is not None else ():
        if entry.key not in good:
            failed.add(entry.key)
        table = (entry.item, entry.texts.get("piece", ""), entry.key.slot.repeat)
        step = protocol.step_of(entry.key.slot, entry.item)
        reached[table] = max(step, reached.get(table, 0))
    return Earlier(failed, reached)


def book_club_setup(
    settings: JobSettings, members: Iterable[tuple[str, RubricMode]]
) -> BookClubSetup | None:
    """Return the club that the settings ask for; None where they ask for none.

    Raises UsageError for members that cannot discuss, and for settings that do not go with a club.
    """
    choices = settings.ensemble
    if not choices.book_club:
        for name in ("merit_rounds", "scoring_rounds"):
            if getattr(choices, name) is not None:
                raise UsageError(f"‹{name}› is for ‹book_club›; give that too, or leave it out")
        return None
    for spec, mode in members:
        if not isinstance(mode.protocol, RubricProtocol):
            raise UsageError(
                f'‹book_club›: "{spec}" cannot discuss, because it is not asked by a rubric; a '
                "club has judges that read a judge prompt and answer in words"
            )
    for name, value, usual in (
        ("structured", settings.sampling.structured, "off"),
        ("score_method", settings.sampling.score_method, PLAIN),
    ):
        if value != usual:
            raise UsageError(f"‹book_club›: judges discuss in free text; leave ‹{name}› out")
    merits, scorings = choices.merit_rounds, choices.scoring_rounds
    rules = ClubRules(
        1 if merits is None else merits, 1 if scorings is None else scorings, settings.seed
    )
    return BookClubSetup(rules, read_club_prompts())
