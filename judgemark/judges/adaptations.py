"""How a chat judge adapts its requests to what an endpoint takes, and what it says about that.

A field that the endpoint does not support is left out from then on. A limit on tokens that is too
high is lowered for all further questions where the endpoint allows no reply more, and for the one
question alone where it may depend on the prompt: a shorter prompt leaves more room, and its reply
must not be cut because another was asked first.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Collection, Mapping
from typing import Any

from judgemark.errors import AskFault, ParameterRejected
from judgemark.judges.lowered_figures import Lowered, lowered_figure
from judgemark.judges.rejected_fields import is_for_all_questions
from judgemark.records import QuestionKey

_LOG = logging.getLogger(__name__)
OLD_LIMIT, NEW_LIMIT = "max_tokens", "max_completion_tokens"
"""Two names of the same limit: the second is tried where the endpoint does not take the first."""


class Adaptations:
    """What one endpoint takes, learnt while it is asked; safe for many threads.

    A field that the endpoint has once accepted in this run is never left out later: one figure
    must not mix two settings. The limit on tokens is renamed, but never lifted.
    """

    def __init__(self, known: Collection[str] = (), *, tells: bool = True) -> None:
        """Begin with what is known of earlier commands.

        These are the names of fields to leave out from the start, and records of figures that were
        lowered; those that are for all questions are kept to from the start too. With `tells` False
        nothing is said: what is learnt concerns questions that only try something out.
        """
        self._tells = tells
        self._dropped = frozenset(
            name for name in known if lowered_figure(name) is None and name != NEW_LIMIT
        )
        self._accepted: set[str] = set()
        self._most: dict[QuestionKey, Lowered] = {}
        lowered = [found for name in known if (found := lowered_figure(name)) and found.for_all]
        self._most_for_all = min(lowered, key=lambda found: found.most, default=None)
        self._lock = threading.Lock()

    @property
    def dropped(self) -> frozenset[str]:
        """The fields to leave out of the next request."""
        return self._dropped

    def most_for(self, key: QuestionKey) -> Lowered | None:
        """Return the figure that was lowered for a question, or for all."""
        return self._most.get(key, self._most_for_all)

    def answered(self, sent: Collection[str]) -> None:
        """Remember that the endpoint answered a request with these fields."""
        if not self._accepted.issuperset(sent):
            with self._lock:
                self._accepted.update(sent)

    def learn(
        self, fault: ParameterRejected, key: QuestionKey, sent: Mapping[str, Any]
    ) -> AskFault:
        """Adapt to a rejection; returns the fault to raise.

        ParameterRejected where the question can be asked again with what was learnt, another
        AskFault where it cannot.
        """
        if fault.at_most is not None:
            return self._lower(fault, fault.at_most, key, sent)
        with self._lock:
            if fault.name in self._accepted:
                return AskFault(f"{fault} (it took {fault.name} before in this run)")
            if fault.name == NEW_LIMIT or (fault.name != OLD_LIMIT and _is_limit(fault.name)):
                return AskFault(
                    f"{fault}; the limit on tokens is never left out: set ‹max_tokens› to what "
                    "the endpoint takes"
                )
            known = fault.name in self._dropped
            self._dropped |= {fault.name}
        if not known and self._tells:
            _LOG.warning("%s", _told(fault))
        return fault

    def _lower(
        self, fault: ParameterRejected, most: int, key: QuestionKey, sent: Mapping[str, Any]
    ) -> AskFault:
        figure = sent.get(fault.name)
        if not isinstance(figure, int) or not 1 <= most < figure:
            return AskFault(str(fault))
        for_all = is_for_all_questions(str(fault), most)
        lowered = Lowered(fault.name, most, for_all)
        with self._lock:
            first = not self._most
            self._most[key] = lowered
            if for_all:
                self._most_for_all = lowered
        if first and self._tells:
            _LOG.warning(
                "the endpoint allows at most %d tokens for a reply where %s asked for %d: %s asked "
                "with its figure (%s)", most, fault.name, figure,
                "all further questions are" if for_all else "such questions are", fault,
            )  # fmt: skip
        return fault


def _is_limit(field: str) -> bool:
    return re.fullmatch(r"max_?\w*tokens", field, re.IGNORECASE) is not None


def _told(fault: ParameterRejected) -> str:
    if fault.name == OLD_LIMIT:
        return f"the endpoint takes {NEW_LIMIT} in the place of {OLD_LIMIT} ({fault})"
    return f"the endpoint does not take {fault.name}: it is left out from now on ({fault})"
