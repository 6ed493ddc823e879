"""Finds out, with one short question, how an endpoint can be asked for the letters A and B."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from judgemark.errors import AskFault, ParameterRejected
from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.logprob import MOST_MASS
from judgemark.judges.patience import Patience
from judgemark.judges.patient_asking import ask_patiently
from judgemark.judges.vllm_server import VllmServer
from judgemark.records import LetterLogprobs, Question, Reply

NO_LOGPROBS = "no log-probabilities come back"
NOT_SUPPORTED = "the endpoint does not support log-probabilities"
NEITHER_LETTER = "neither A nor B is among the most likely first tokens"
ONLY_ONE_TOKEN = "only the produced token comes back, which leaves the other letter unknown"

NO_PROBABILITIES = "the figures that come back as log-probabilities add up to more than 1"
_MOST_REFUSALS = 15
"""How many rejected requests the probe makes before it takes the answer for a no."""


class AskingLetters(Protocol):
    """A chat judge that can be asked for the letters in different ways."""

    def ask_letters(self, question: Question, asking: LetterAsking) -> Reply:
        """Ask as `Judge.ask` does, with these fields in the request."""


def probe_letters(
    judge: AskingLetters,
    question: Question,
    server: VllmServer | None,
    *,
    thinking_off: bool,
    patience: Patience,
    sleep: Callable[[float], None] = time.sleep,
    tell: Callable[[str], object] = lambda _: None,
) -> LetterAsking | None:
    """Find the request that gets the most of the letters' log-probabilities.

    Returns None where the judge can only be asked in words: where no log-probabilities come back,
    where they are none, where neither letter is among them, and where a single token comes back,
    since nothing then says how likely the other letter is.

    Args:
        judge: the judge to ask.
        question: one pass over a pair.
        server: vLLM's own server where it was recognised.
        thinking_off: try to switch thinking off through the chat template.
        patience: how transient faults are retried.
        sleep: pauses for a number of seconds; for tests.
        tell: takes the reason why the judge cannot be asked for letters.

    Raises:
        Refused: where the endpoint refuses, or cannot be reached.
    """
    asking: LetterAsking | None = LetterAsking(
        ids=server.ids if server else None, thinking_off=thinking_off
    )
    for _ in range(_MOST_REFUSALS):
        if asking is None:
            break
        try:
            reply = ask_patiently(
                partial(judge.ask_letters, question, asking), patience, "log-probabilities", sleep
            )
        except ParameterRejected as fault:
            # A field that is not among the letters' own is left out by the judge itself.
            if fault.name in asking.body():
                asking = asking.without(fault.name)
        except AskFault:
            # The endpoint did not say which field it rejects: less is asked for, step by step.
            asking = asking.without(None)
        else:
            reason = _unusable(reply.logprobs)
            if reason is None:
                return asking
            tell(reason)
            return None
    tell(NOT_SUPPORTED)
    return None


def _unusable(letters: LetterLogprobs | None) -> str | None:
    """Return why a verdict cannot be read from the letters; None where it can."""
    if letters is None:
        return NO_LOGPROBS
    bounded = letters.a_censored or letters.b_censored
    if not bounded and letters.mass > MOST_MASS:
        return NO_PROBABILITIES
    if letters.a_censored and letters.b_censored:
        return NEITHER_LETTER
    if bounded and letters.candidates == 1:
        return ONLY_ONE_TOKEN
    return None
