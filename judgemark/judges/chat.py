"""A judge at an OpenAI-compatible chat endpoint."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from judgemark.errors import AskFault, JudgemarkError, ParameterRejected
from judgemark.judges.adaptations import Adaptations
from judgemark.judges.alternatives_asked import AlternativesAsked
from judgemark.judges.base import Json
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.completions import read_completion
from judgemark.judges.configuration import endpoint_configuration
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.faults import (
    map_answer_without_json,
    map_error_within,
    map_fault,
    map_refusal,
    map_told_error,
)
from judgemark.judges.http_exchange import RAISED, HttpAnswer, HttpRequest
from judgemark.judges.limit_headers import AnnouncedLimit
from judgemark.judges.lowered_figures import lowered_name
from judgemark.judges.prepared_requests import PreparedRequests
from judgemark.judges.prompt_counts import PromptWatch
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.thread_clients import ThreadClients
from judgemark.records import NumberLogprobs, Question, Reply
from judgemark.redaction import Scrubber

if TYPE_CHECKING:
    from judgemark.judges.endpoint_logprobs import LetterAsking

_PATH = "/chat/completions"
_LEFT_OUT_KEPT = 8


class ChatJudge:
    """Asks one endpoint; safe for many threads at once.

    Every request has a deadline and a size limit (`limits`); `interrupt` breaks all of them off.
    With `letters` every reply carries the log-probabilities of A and B, where the endpoint returns
    them. `tells` False keeps quiet about fields that it leaves out. Raises UsageError where a proxy
    or the certificates that the environment prescribes cannot be used.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        parameters: ChatParameters,
        limits: RequestLimits,
        known_adaptations: frozenset[str] = frozenset(),
        letters: LetterAsking | None = None,
        *,
        tells: bool = True,
    ) -> None:
        self._letters = letters
        self._endpoint = endpoint
        self._parameters = parameters
        # They differ only by what was left out so far.
        self._fields = lru_cache(_LEFT_OUT_KEPT)(parameters.body)
        self._adaptations = Adaptations(known_adaptations, tells=tells)
        self._alternatives = AlternativesAsked(parameters.score_logprobs)
        self._numbers_in = None if parameters.score_logprobs is None else _numbers_reader()
        self._prompts = PromptWatch()
        self._clients = ThreadClients(endpoint, limits)
        self._prepared = PreparedRequests()
        self._announced = AnnouncedLimit()
        self._reached = self._completed = False
        self._scrubber = Scrubber((*endpoint.secrets, *parameters.secret_values))

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return name and parameters; not the address, which does not shape answers."""
        return endpoint_configuration(self._endpoint.judge_name, self._parameters.to_json())

    def ask(self, question: Question) -> Reply:
        """Return the completion; hidden reasoning that came beside it is not part of the reply."""
        return self._ask(question, self._letters)

    def ask_letters(self, question: Question, asking: LetterAsking) -> Reply:
        """Return the reply as `ask` does, with the letters' log-probabilities asked for so."""
        return self._ask(question, asking)

    def post(self, address: str, body: Mapping[str, Any]) -> object:
        """Return the JSON that an address beside the chat API answers with; None for any fault."""
        try:
            answer = self._clients.mine().post(address, body)
            return answer.json() if answer.ok else None
        except RAISED:
            return None

    def batch_body(self, question: Question) -> Mapping[str, Any]:
        """Return the body of the request that asks a question, for another program to send."""
        return self._body(question, self._letters)[0]

    def read_answer(self, question: Question, status: int, answer: Any) -> Reply:
        """Return the reply that an answer holds, to a request that another program has sent.

        Raises what `ask` does; `status` is the answer's HTTP status.
        """
        body, noted = self._body(question, self._letters)
        error = map_error_within(answer, body, self._scrubber)
        if error is None and status >= 400:
            error = map_told_error(status, answer, body, self._scrubber)
        if isinstance(error, AskFault):
            raise self._learned(error, question, body, self._letters)
        if error is not None:
            raise error
        return self._read(question, answer, body, noted, self._letters)

    def _ask(self, question: Question, asking: LetterAsking | None) -> Reply:
        body, noted = self._body(question, asking)
        try:
            answer = self._understood(self._posted(question, body), body)
        except AskFault as fault:
            raise self._learned(fault, question, body, asking) from fault
        return self._read(question, answer, body, noted, asking)

    @property
    def may_loop(self) -> bool:
        """Implement `AsksInLoop`: an endpoint behind a proxy is asked from threads."""
        return self._clients.in_loop is not None

    def prepare(self, question: Question) -> None:
        """Implement `AsksInLoop`."""
        if not self._prepared.wants(question.key):
            return
        body, _ = self._body(question, self._letters)
        # What cannot be sent is said when it is asked.
        with contextlib.suppress(*RAISED):
            self._prepared.hold(question.key, body, self._clients.request(_PATH, body))

    async def ask_in_loop(self, question: Question) -> Reply:
        """Implement `AsksInLoop`."""
        body, noted = self._body(question, self._letters)
        try:
            answer = self._understood(await self._posted_in_loop(question, body), body)
        except AskFault as fault:
            raise self._learned(fault, question, body, self._letters) from fault
        return self._read(question, answer, body, noted, self._letters)

    def leave_loop(self) -> None:
        """Implement `AsksInLoop`."""
        self._prepared.clear()
        if self._clients.in_loop is not None:
            self._clients.in_loop.leave()

    def _learned(
        self,
        fault: AskFault,
        question: Question,
        body: Mapping[str, Any],
        asking: LetterAsking | None,
    ) -> AskFault:
        """Return the fault to raise after a rejection that the judge has adapted to, if it can."""
        named = fault.name if isinstance(fault, ParameterRejected) else None
        if asking is not None and named in asking.body():
            return fault
        if asking is None:
            fewer = self._alternatives.fewer(fault, body.get("top_logprobs"))
            if fewer is not None:
                return fewer
        if not isinstance(fault, ParameterRejected):
            return fault
        return self._adaptations.learn(fault, question.key, body)

    def _body(
        self, question: Question, asking: LetterAsking | None
    ) -> tuple[dict[str, Any], frozenset[str]]:
        """Return a request's body, and what was adapted in it."""
        noted, lowered = self._adaptations.dropped, self._adaptations.most_for(question.key)
        body = {
            "model": self._endpoint.judge_name,
            "messages": [{"role": m.role, "content": m.content} for m in question.messages],
            **self._fields(noted),
            **(asking.body() if asking else {}),
        }
        own = "top_logprobs" in self._parameters.extra_body
        if asking is None and self._alternatives.count and "top_logprobs" in body and not own:
            body["top_logprobs"] = self._alternatives.count
        if lowered is not None and lowered[0] in body:
            body[lowered[0]] = lowered[1]
            noted |= {lowered_name(*lowered)}
        return body, noted

    def _read(
        self,
        question: Question,
        answer: Any,
        body: Mapping[str, Any],
        noted: frozenset[str],
        asking: LetterAsking | None,
    ) -> Reply:
        reply = read_completion(answer, noted, self._scrubber)
        self._adaptations.answered(body)
        self._prompts.note(question, reply)
        schema = self._parameters.structured
        if schema is not None:
            reply = replace(reply, text=schema.with_names(reply.text))
        if self._numbers_in is not None:
            numbers = self._numbers_in(answer["choices"][0].get("logprobs"), reply.text)
            reply = replace(reply, numbers=numbers)
        if asking is None:
            return reply
        letters = asking.read(answer["choices"][0].get("logprobs"))
        if letters is not None:
            letters = replace(letters, produced=self._scrubber.text(letters.produced))
        return replace(reply, logprobs=letters)

    @property
    def wait_announced(self) -> float:
        """Return the seconds until the endpoint takes a request again, by its own headers."""
        return self._announced.wait

    def accepted_before(self) -> None:
        """Take all fields for accepted: an earlier command of the same run was answered with them.

        Those that are known to be left out are not among them.
        """
        self._adaptations.answered(self._parameters.body(self._adaptations.dropped))

    def enter_thread(self) -> None:
        """Build the calling thread's client, unless it sends over an event loop's connections."""
        if not self.may_loop:
            self._clients.mine()

    def prices(self) -> tuple[float, float] | None:
        """Return the endpoint's published dollars per million prompt and completion tokens.

        None where it publishes none, or none that are numbers of at least 0.
        """
        if not self._endpoint.publishes_prices:
            return None
        try:
            for listed in self._clients.mine().get("/models").json()["data"]:
                pricing = listed.get("pricing")
                if listed["id"] == self._endpoint.judge_name and isinstance(pricing, dict):
                    prices = [float(pricing[name]) for name in ("prompt", "completion")]
                    if all(0 <= price < math.inf for price in prices):
                        return prices[0] * 1e6, prices[1] * 1e6
        except (*RAISED, KeyError, TypeError, AttributeError):
            return None
        return None

    def interrupt(self) -> None:
        """Break off all requests in flight; later ones fail at once."""
        self._clients.interrupt()

    def close(self) -> None:
        """Close every thread's connections."""
        self._clients.close()

    def _posted(self, question: Question, body: Mapping[str, Any]) -> HttpAnswer:
        try:
            return self._clients.send(self._request(question, body))
        except RAISED as exc:
            raise self._not_answered(exc) from exc

    async def _posted_in_loop(self, question: Question, body: Mapping[str, Any]) -> HttpAnswer:
        try:
            return await self._clients.send_in_loop(self._request(question, body))
        except RAISED as exc:
            raise self._not_answered(exc) from exc

    def _request(self, question: Question, body: Mapping[str, Any]) -> HttpRequest:
        """Return the request with this body: the prepared one, unless it is out of date."""
        prepared = self._prepared.take(question.key, body)
        return self._clients.request(_PATH, body) if prepared is None else prepared

    def _not_answered(self, exc: Exception) -> JudgemarkError:
        return map_fault(exc, self._scrubber, proxy=self._proxy_shown, reached=self._reached)

    @property
    def _proxy_shown(self) -> str:
        return self._clients.proxy.shown if self._clients.proxy else ""

    def _understood(self, came: HttpAnswer, body: Mapping[str, Any]) -> Any:
        """Return the answer to a request as plain JSON."""
        self._announced.note(came.headers)
        self._reached = True
        if not came.ok:
            proxy, completed = self._proxy_shown, self._completed
            raise map_refusal(came, body, self._scrubber, proxy=proxy, completed=completed)
        try:
            answer = came.json()
        except (ValueError, RecursionError) as exc:
            raise map_answer_without_json(came, self._scrubber) from exc
        error = map_error_within(answer, body, self._scrubber)
        if error is not None:
            raise error
        self._completed = True
        return answer


def _numbers_reader() -> Callable[[object, str], tuple[NumberLogprobs, ...] | None]:
    # Few judges need it, and these before they are asked: later no file may be left to load it.
    from judgemark.judges.number_logprobs import number_logprobs

    return number_logprobs
