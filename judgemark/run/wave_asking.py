"""Other ways of asking a wave of questions than one request after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from judgemark.records import Outcome, Question


class WaveUnfinished(Exception):
    """Not all questions of a wave have an outcome, and later waves cannot be built yet."""


class WaveAsker(Protocol):
    """Asks whole waves of questions."""

    def ask(
        self, questions: Sequence[Question], answered: Callable[[Question, Outcome], None]
    ) -> None:
        """Ask all questions; `answered` is called with each outcome after it is recorded.

        Raises WaveUnfinished where this command can do no more, and what ends the run.
        """

    def close(self) -> None:
        """Close connections; called once, at the end."""
