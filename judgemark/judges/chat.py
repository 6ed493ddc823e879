"""A judge at an OpenAI-compatible chat endpoint."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx2
import openai

from judgemark.errors import ParameterRejected
from judgemark.judges.base import Json
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.completions import read_completion
from judgemark.judges.configuration import endpoint_configuration
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.faults import map_fault
from judgemark.records import Question, Reply


class ChatJudge:
    """Asks one endpoint; safe for many threads at once.

    Each thread has a client of its own over one shared TLS context: a client shared by hundreds of
    threads scans its whole pool for each request. With `letters` every reply carries the
    log-probabilities of A and B, where the endpoint returns them.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        parameters: ChatParameters,
        timeout: float,
        known_adaptations: frozenset[str] = frozenset(),
        letters: LetterAsking | None = None,
    ) -> None:
        self._letters = letters
        self._endpoint = endpoint
        self._parameters = parameters
        self._timeout = timeout
        self._dropped = known_adaptations
        self._tls = httpx2.create_ssl_context()
        self._mine = threading.local()
        self._clients: list[openai.OpenAI] = []
        self._lock = threading.Lock()

    @property
    def configuration(self) -> Mapping[str, Json]:
        """The judge's name and parameters; not the address, which does not shape answers."""
        return endpoint_configuration(self._endpoint.judge_name, self._parameters.to_json())

    def ask(self, question: Question) -> Reply:
        """The completion alone; hidden reasoning that came beside it is not part of the reply."""
        return self._ask(question, self._letters)

    def ask_letters(self, question: Question, asking: LetterAsking) -> Reply:
        """As `ask`, for the letters' log-probabilities in this way."""
        return self._ask(question, asking)

    def post(self, address: str, body: Mapping[str, Any]) -> object:
        """The JSON that an address beside the chat API answers with; None for any fault."""
        try:
            return self._client().post(address, body=dict(body), cast_to=object)
        except (openai.OpenAIError, httpx2.HTTPError, ValueError):
            return None

    def _ask(self, question: Question, asking: LetterAsking | None) -> Reply:
        messages = [{"role": m.role, "content": m.content} for m in question.messages]
        dropped = self._dropped
        extra = {k: v for k, v in asking.body().items() if k not in dropped} if asking else {}
        try:
            answer = self._request(messages, dropped, extra)
            reply = read_completion(answer, dropped, self._endpoint.key)
            if asking is None:
                return reply
            return replace(reply, logprobs=asking.read(answer["choices"][0].get("logprobs")))
        except ParameterRejected as fault:
            if fault.name not in extra:
                self._learn(fault)
            raise

    def enter_thread(self) -> None:
        """Build the thread's client."""
        self._client()

    def prices(self) -> tuple[float, float] | None:
        """Dollars per million prompt and completion tokens as the endpoint publishes them."""
        if not self._endpoint.publishes_prices:
            return None
        try:
            for listed in self._client().models.list():
                pricing = (listed.model_extra or {}).get("pricing")
                if listed.id == self._endpoint.judge_name and isinstance(pricing, dict):
                    return float(pricing["prompt"]) * 1e6, float(pricing["completion"]) * 1e6
        except (openai.OpenAIError, httpx2.HTTPError, KeyError, TypeError, ValueError):
            return None
        return None

    def interrupt(self) -> None:
        """Break off all requests in flight."""

    def close(self) -> None:
        """Close every thread's connections."""
        with self._lock:
            for client in self._clients:
                client.close()
            self._clients.clear()

    def _client(self) -> openai.OpenAI:
        client: openai.OpenAI | None = getattr(self._mine, "client", None)
        if client is None:
            client = openai.OpenAI(
                api_key=self._endpoint.key,
                base_url=self._endpoint.base_url,
                max_retries=0,
                timeout=self._timeout,
                http_client=httpx2.Client(verify=self._tls, timeout=self._timeout),
            )
            self._mine.client = client
            with self._lock:
                self._clients.append(client)
        return client

    def _request(
        self,
        messages: list[dict[str, str]],
        dropped: frozenset[str],
        extra: Mapping[str, Any],
    ) -> Any:
        """The endpoint's answer as plain JSON: the SDK's typed form costs time and hides fields."""
        body = {
            "model": self._endpoint.judge_name,
            "messages": messages,
            **self._parameters.body(dropped),
            **extra,
        }
        try:
            response = self._client().post("/chat/completions", body=body, cast_to=httpx2.Response)
            return response.json()
        except (openai.OpenAIError, httpx2.HTTPError, ValueError, RecursionError) as exc:
            raise map_fault(exc, frozenset(body), self._endpoint.key) from exc

    def _learn(self, fault: ParameterRejected) -> None:
        with self._lock:
            self._dropped = self._dropped | {fault.name}
