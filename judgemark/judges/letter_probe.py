"""Finds out, with one short question, how an endpoint can be asked for the letters."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from judgemark.errors import AskFault, ParameterRejected, Refused, TransientFault
from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.vllm_server import VllmServer
from judgemark.records import Question, Reply


class AskingLetters(Protocol):
    """A chat judge that can be asked for the letters in different ways."""

    def ask_letters(self, question: Question, asking: LetterAsking) -> Reply:
        """As `Judge.ask`, with these fields in the request."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a fault that may pass is borne, and the first pause in seconds, which doubles."""

    retries: int = 10
    delay: float = 0.5
    longest: float = 30.0


def probe_letters(
    judge: AskingLetters,
    question: Question,
    server: VllmServer | None,
    *,
    thinking_off: bool,
    patience: Patience,
    sleep: Callable[[float], object] = time.sleep,
) -> LetterAsking | None:
    """The most that the endpoint gives of the letters' log-probabilities; None for nothing.

    `server` is vLLM's own where it was recognised; `thinking_off` tries to switch thinking off
    through the chat template. None means that the judge can only be asked in words. Raises
    Refused where the endpoint does, or where it cannot be reached.
    """
    asking: LetterAsking | None = LetterAsking(
        ids=server.ids if server else None, thinking_off=thinking_off
    )
    faults = 0
    while asking is not None:
        try:
            reply = judge.ask_letters(question, asking)
        except ParameterRejected as fault:
            faults += 1
            if fault.name in asking.body():
                asking = asking.without(fault.name)
        except TransientFault as fault:
            faults += 1
            if faults > patience.retries:
                raise Refused(f"the probe for log-probabilities failed: {fault}") from fault
            pause = min(patience.delay * 2 ** (faults - 1), patience.longest)
            sleep(max(pause, fault.retry_after or 0.0))
        except AskFault:
            # The endpoint did not say what it minds: less is asked for, step by step.
            faults += 1
            asking = asking.without(None)
        else:
            return asking if reply.logprobs is not None else None
        if faults > patience.retries + len(LetterAsking().body()) + 5:
            return None
    return None
