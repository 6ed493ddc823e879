"""The types of numbers in pydantic models of outside data: strict, finite and bounded."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from judgemark.bounds import LARGEST_COUNT, LARGEST_NUMBER

Number = Annotated[
    float,
    Field(strict=True, ge=-LARGEST_NUMBER, le=LARGEST_NUMBER, allow_inf_nan=False),
]
"""A finite number within +-LARGEST_NUMBER; JSON's `true` and strings of digits are not numbers."""

Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST_COUNT)]
"""A whole number of 0..LARGEST_COUNT."""

FiniteNumber = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""Any finite number, for values whose order alone matters."""

Seed = Annotated[int, Field(strict=True, ge=0, lt=2**128)]
"""The seed of a random generator."""
