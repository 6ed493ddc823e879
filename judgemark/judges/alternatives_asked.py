"""How many alternatives of each token an endpoint is asked for."""

from __future__ import annotations

import threading

from judgemark.errors import AskFault, ParameterRejected, TransientFault

STEPS = (20, 10, 5)
"""How many top log-probabilities to ask for: first the most that the API allows, then fewer."""

_FIELD = "top_logprobs"


class AlternativesAsked:
    """How many alternatives of each token are asked for; fewer once an endpoint refuses them.

    Safe for several threads. `count` is None where none are asked for.
    """

    def __init__(self, count: int | None) -> None:
        self.count = count
        self._lock = threading.Lock()

    def fewer(self, fault: AskFault, sent: object) -> ParameterRejected | None:
        """Return the fault by which a question is asked again with fewer alternatives.

        None where the fault is not about their number, or where fewer make no sense. `sent` is
        how many the refused request asked for.
        """
        named = fault.name if isinstance(fault, ParameterRejected) else None
        about = named == _FIELD or (named is None and "logprobs" in str(fault).lower())
        if not about or not isinstance(sent, int) or isinstance(fault, TransientFault):
            return None
        with self._lock:
            if self.count is not None and self.count >= sent:
                steps = [step for step in STEPS if step < sent]
                if not steps:
                    return None
                self.count = steps[0]
        return ParameterRejected(_FIELD, str(fault))
