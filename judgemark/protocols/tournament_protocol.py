"""The tournament protocol: it chooses the pairs to ask about and rates the writers from them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from judgemark.judges.base import Json
from judgemark.judges.logprob import swap_average
from judgemark.protocols.judging_protocol import Plan
from judgemark.protocols.pairwise_protocol import Pair, Pairwise, preference_of
from judgemark.records import Outcome, Place, Question, QuestionKey, Reply, Sample, Verdict
from judgemark.tournaments.play import tournament
from judgemark.tournaments.tournament_result import Played, TournamentResult
from judgemark.tournaments.tournament_settings import Match, Settings

Outcomes = Mapping[QuestionKey, Outcome]


@dataclass(frozen=True)
class TournamentProtocol:
    """Plays the tournaments of `settings` over `samples`, asking through a pairwise protocol.

    No question is asked twice in one plan, not even one that failed: so the ratings of a run are
    those that its outcomes give when they are replayed. Identical texts tie without being asked.
    """

    asking: Pairwise
    samples: Sequence[Sample]
    settings: Settings = field(default_factory=Settings)

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """The pairwise protocol's, the rules of the tournaments, and the number of writers."""
        writers = len({sample.writer for sample in self.samples})
        rules = {**self.settings.fingerprint, "writers": writers}
        return {**self.asking.fingerprint, "tournament": rules}

    def plan(self) -> Plan:
        """Yield the new questions of the next round of all tournaments, both passes of a pair
        together.

        Raises UsageError where the samples make no field (fewer than two writers on an item).
        """
        yield from self._replay(_Ledger(self.asking, {}))

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return what the pairwise protocol reads in the reply."""
        return self.asking.read(question, reply)

    def score(self, outcomes: Outcomes) -> Played:
        """Return the tournaments that these outcomes decide; a question without one is missing."""
        ledger = _Ledger(self.asking, outcomes)
        replay = self._replay(ledger)
        try:
            next(replay)
            while True:
                replay.send({})
        except StopIteration as end:
            result: TournamentResult = end.value
        pairs = [self._pair(match) for match in result.matches]
        heard = [(pair, both) for pair in pairs if (both := ledger.chances(pair)) is not None]
        needed = 2 * sum(not pair.tied for pair in pairs)
        return Played(
            result,
            tuple(both for _, both in heard),
            ledger.calls,
            needed - ledger.calls,
            ledger.unanswered,
            tuple((pair.item, pair.one.sha256, pair.two.sha256) for pair, _ in heard),
        )

    def _replay(self, ledger: _Ledger) -> Generator[Sequence[Question], Outcomes, TournamentResult]:
        rounds = tournament(self._pieces, self.settings)
        try:
            wave = next(rounds)
            while True:
                pairs = [self._pair(match) for match in wave]
                if new := ledger.unasked(pairs):
                    ledger.record((yield new))
                firsts = [self._pieces[m.first, m.iteration, m.item] for m in wave]
                wave = rounds.send(
                    [ledger.preference(s, p) for s, p in zip(firsts, pairs, strict=True)]
                )
        except StopIteration as end:
            result: TournamentResult = end.value
            return result

    @cached_property
    def _pieces(self) -> Mapping[Place, Sample]:
        return {(s.writer, s.iteration, s.item): s for s in self.samples}

    def _pair(self, match: Match) -> Pair:
        first = self._pieces[match.first, match.iteration, match.item]
        return Pair.of(first, self._pieces[match.second, match.iteration, match.item])


_Texts = tuple[str, str, str]
"""What is asked about a pair: the item and the sha256 of both texts, without their writers."""


class _Ledger:
    """What one replay has asked so far, and what is known.

    Keeps keys and not questions: the messages of a large field would fill the memory. Of pairs
    whose outcomes are known from the start it keeps these alone.
    """

    def __init__(self, asking: Pairwise, known: Outcomes) -> None:
        self._asking = asking
        self._known = known
        self._heard: dict[QuestionKey, Outcome] = {}
        self._told: dict[_Texts, tuple[Outcome, Outcome]] = {}
        self._asked: dict[_Texts, tuple[QuestionKey, QuestionKey]] = {}

    @property
    def calls(self) -> int:
        """The number of different questions that came up."""
        return 2 * (len(self._told) + len(self._asked))

    @property
    def unanswered(self) -> int:
        """How many of them have no outcome."""
        return sum(self._outcome(key) is None for both in self._asked.values() for key in both)

    def unasked(self, pairs: Iterable[Pair]) -> tuple[Question, ...]:
        """Return those questions of these pairs that are new and have no outcome."""
        new: list[Question] = []
        for pair in pairs:
            texts = _texts(pair)
            if pair.tied or texts in self._told or texts in self._asked:
                continue
            keys = self._asking.keys(pair)
            one, two = (self._outcome(key) for key in keys)
            if one is not None and two is not None:
                self._told[texts] = one, two
                continue
            self._asked[texts] = keys
            questions = self._asking.questions(pair)
            new += [q for q, o in zip(questions, (one, two), strict=True) if o is None]
        return tuple(new)

    def record(self, outcomes: Outcomes) -> None:
        """Take in the outcomes of the questions that were asked."""
        self._heard.update(outcomes)

    def chances(self, pair: Pair) -> tuple[float, float] | None:
        """Return P(A) of both passes; None where one is missing or the texts are identical."""
        if pair.tied:
            return None
        texts = _texts(pair)
        found = self._told.get(texts) or [self._outcome(key) for key in self._asked[texts]]
        as_a, as_b = (o.preference if isinstance(o, Verdict) else None for o in found)
        return None if as_a is None or as_b is None else (as_a, as_b)

    def preference(self, sample: Sample, pair: Pair) -> float | None:
        """Return P(`sample` is the better one): 0.5 for identical texts, None where missing."""
        if pair.tied:
            return 0.5
        both = self.chances(pair)
        return None if both is None else preference_of(sample, pair, swap_average(*both))

    def _outcome(self, key: QuestionKey) -> Outcome | None:
        heard = self._heard.get(key)
        return self._known.get(key) if heard is None else heard


def _texts(pair: Pair) -> _Texts:
    return pair.item, pair.one.sha256, pair.two.sha256
