"""A pairwise judge at an OpenAI-compatible endpoint: asked for letters, or in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.configuration import endpoint_configuration
from judgemark.judges.endpoint import OPENAI, Endpoint
from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.judge_kind import LengthCheck, Say, no_limit
from judgemark.judges.letter_probe import NO_LOGPROBS, probe_letters
from judgemark.judges.logprob import LetterIds
from judgemark.judges.patience import Patience
from judgemark.judges.rendering import TooLong
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.vllm_server import VllmServer, recognise
from judgemark.records import Question

if TYPE_CHECKING:
    from judgemark.judges.chat import ChatJudge
    from judgemark.judges.chat_parameters import ChatParameters

_TOKENS_IN_WORDS = 800
_ORDERS = 2
"""The questions of one pair, which stand next to each other: one for each order."""


@dataclass(frozen=True)
class LettersOrWords:
    """How an endpoint is asked: for the letters like this, or (None) in words."""

    letters: LetterAsking | None

    def to_json(self) -> dict[str, Json] | None:
        """Return what run.json stores and every question's key hashes."""
        return None if self.letters is None else asdict(self.letters)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> LettersOrWords:
        """Return the way that `to_json` described."""
        if stored is None:
            return cls(None)
        ids = stored["ids"]
        letters = LetterAsking(
            stored["top"], LetterIds(**ids) if ids else None, stored["thinking_off"]
        )
        return cls(letters)


@dataclass(frozen=True)
class EndpointPairwiseSetup:
    """A judge at an OpenAI-compatible endpoint; `way` is None until it was probed."""

    endpoint: Endpoint
    parameters: ChatParameters
    limits: RequestLimits
    patience: Patience
    way: LettersOrWords | None = None
    in_process: bool = False

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Name, parameters and, where it gives letters, how it is asked for them."""
        letters = self.way.to_json() if self.way else None
        return endpoint_configuration(self.endpoint.judge_name, self._parameters.to_json(), letters)

    @property
    def known(self) -> bool:
        """Implement `PairwiseSetup`."""
        return self.way is not None

    @property
    def worded(self) -> bool:
        """Implement `PairwiseSetup`."""
        return self.way is not None and self.way.letters is None

    @property
    def tokens_per_reply(self) -> int:
        """One for a letter, which is what is asked for first; in words no more than is allowed."""
        if not self.worded:
            return 1
        most = self.parameters.max_tokens
        return _TOKENS_IN_WORDS if most is None else min(_TOKENS_IN_WORDS, most)

    @property
    def described(self) -> Mapping[str, Any]:
        """The parameters, and how the judge is asked for the letters (null: in words)."""
        return {
            "parameters": self._parameters.to_json(),
            "letters": self.way.to_json() if self.way else None,
        }

    @property
    def _parameters(self) -> ChatParameters:
        """As given, but for the letters one new token is all that counts."""
        letters = self.way.letters if self.way else None
        return self.parameters if letters is None else replace(self.parameters, max_tokens=1)

    @property
    def _public(self) -> bool:
        """Whether it is one of the services that are known not to be a server of one's own."""
        return self.endpoint.base_url == OPENAI or self.endpoint.publishes_prices

    def as_begun(self, judge: Mapping[str, Any]) -> EndpointPairwiseSetup:
        """Implement `PairwiseSetup`; a way that is settled stays."""
        parameters = self.parameters.as_begun(judge.get("parameters"))
        begun = self if parameters is self.parameters else replace(self, parameters=parameters)
        if self.way is not None or "letters" not in judge:
            return begun
        return replace(begun, way=LettersOrWords.from_json(judge["letters"]))

    def settled(self, questions: Sequence[Question], say: Say) -> EndpointPairwiseSetup:
        """Probe what the endpoint gives, and say so in one line.

        One reply without log-probabilities may be due to its pieces: two decide.
        """
        if self.way is not None:
            return self
        letters = None
        reasons: list[str] = []
        for question in questions[: _ORDERS + 1 : _ORDERS]:
            letters = letters or self._probe(question, reasons.append)
        if letters is None:
            why = reasons[-1] if reasons else NO_LOGPROBS
            say(f"Letters    {why}: asked for A, B or tie in words")
        else:
            details = ", ".join(f"{k} {v}" for k, v in letters.details.items())
            say(f"Letters    log-probabilities of A and B: {details}")
        return replace(self, way=LettersOrWords(letters))

    def _probe(self, question: Question, tell: Say) -> LetterAsking | None:
        known = self.parameters.extra_body
        judge = replace(self, way=LettersOrWords(LetterAsking())).open_chat(
            frozenset(), asking=False
        )
        try:
            return probe_letters(
                judge,
                question,
                None if self._public else self._server(judge),
                thinking_off=not self._public and "chat_template_kwargs" not in known,
                patience=self.patience,
                tell=tell,
            )
        finally:
            judge.close()

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `PairwiseSetup`."""
        from judgemark.judges.shared_judge import at_all_endpoints

        return at_all_endpoints(
            self.endpoint, lambda one: replace(self, endpoint=one).open_chat(adapted)
        )

    def open_chat(self, adapted: frozenset[str], *, asking: bool = True) -> ChatJudge:
        """Return the chat judge.

        Without `asking` each question says how it asks for the letters.
        """
        from judgemark.judges.chat import ChatJudge

        letters = self.way.letters if self.way and asking else None
        return ChatJudge(self.endpoint, self._parameters, self.limits, adapted, letters)

    def length_check(self, judge: Judge | BatchJudge) -> LengthCheck:
        """Return the count of vLLM's own server; the limits of other servers are not known."""
        from judgemark.judges.chat import ChatJudge
        from judgemark.judges.shared_judge import first_of

        judge = first_of(judge)
        if self._public or not isinstance(judge, ChatJudge):
            return no_limit
        server = cache(lambda: self._server(judge))
        asking = (self.way.letters if self.way else None) or LetterAsking()

        def check(questions: Iterable[Question]) -> tuple[TooLong, ...]:
            asked = list(questions)
            found = server() if asked else None
            return found.too_long(asked, asking) if found else ()

        return check

    def _server(self, judge: ChatJudge) -> VllmServer | None:
        return recognise(self.endpoint.base_url, self.endpoint.judge_name, judge.post)
