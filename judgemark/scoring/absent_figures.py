"""The reasons why figures are absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from judgemark.errors import UndefinedFigure

T = TypeVar("T")


@dataclass
class Notes:
    """The reasons why figures are absent, by their dotted path in the result."""

    reasons: dict[str, str] = field(default_factory=dict)

    def add(self, section: str, reasons: Mapping[str, str]) -> None:
        """Note the reasons of a whole section, whose paths are relative to it; "" is itself."""
        for path, reason in reasons.items():
            self.reasons[f"{section}.{path}" if path else section] = reason

    def attempt(self, path: str, figure: Callable[[], T]) -> T | None:
        """Return the figure; where it is undefined, note the reason and return None."""
        try:
            return figure()
        except UndefinedFigure as undefined:
            self.reasons[path] = str(undefined)
            return None
