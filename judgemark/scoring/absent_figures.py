"""Why figures are absent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from judgemark.errors import UndefinedFigure

T = TypeVar("T")


@dataclass
class Notes:
    """Why figures are absent, by their dotted path in the result."""

    reasons: dict[str, str] = field(default_factory=dict)

    def attempt(self, path: str, figure: Callable[[], T]) -> T | None:
        """The figure, or None and its reason noted."""
        try:
            return figure()
        except UndefinedFigure as undefined:
            self.reasons[path] = str(undefined)
            return None
