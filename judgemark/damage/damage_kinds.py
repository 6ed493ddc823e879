"""The registry of damage: one entry for each kind; the kinds are named nowhere else."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from judgemark.damage.content_kinds import other_half, sense_flipped, sentence_lifted
from judgemark.damage.order_kinds import (
    ending_moved,
    paragraphs_shuffled,
    sentences_shuffled,
    words_shuffled,
)
from judgemark.damage.people_kinds import dialogue_exchanged, names_exchanged
from judgemark.damage.plans import DamagePlan, DamageSource, NotApplicable
from judgemark.damage.wording_kinds import (
    adverbs_added,
    end_cut,
    paragraph_repeated,
    stock_phrases,
    tense_drift,
)
from judgemark.errors import UsageError


class Keeps(StrEnum):
    """What a kind of damage leaves unchanged in a piece."""

    EVERY_WORD = "every word"
    LENGTH_AND_STYLE = "length and style"
    CHANGES_WORDS = "changes words"


@dataclass(frozen=True, slots=True)
class DamageKind:
    """One way to damage a piece.

    `plan` makes the plan of damage, and its docstring says what a good judge should do. `least`
    and `most` are the shares (0..1) of the piece that the lowest and the highest level damage.
    `changes_length` is true only where the length is the point; any other kind keeps it within 5%.
    """

    key: str
    label: str
    keeps: Keeps
    plan: Callable[[DamageSource], DamagePlan | NotApplicable]
    least: float = 0.15
    most: float = 0.65
    changes_length: bool = False

    @property
    def expects(self) -> str:
        """What a good judge should do, from the docstring of the plan's function."""
        text = " ".join((inspect.getdoc(self.plan) or "").split())
        start = text.find("A good judge")
        return text[start:] if start >= 0 else ""

    def shares(self, levels: int) -> tuple[float, ...]:
        """Return the share of the piece that each level damages, evenly spaced, lowest first."""
        if levels == 1:
            return (self.most,)
        step = (self.most - self.least) / (levels - 1)
        return tuple(self.least + n * step for n in range(levels))


_WORDS, _STYLE, _CHANGES = Keeps.EVERY_WORD, Keeps.LENGTH_AND_STYLE, Keeps.CHANGES_WORDS

DAMAGE_KINDS: tuple[DamageKind, ...] = (
    DamageKind("sentences-shuffled", "Sentences shuffled", _WORDS, sentences_shuffled),
    DamageKind("paragraphs-shuffled", "Paragraphs shuffled", _WORDS, paragraphs_shuffled),
    DamageKind("ending-moved", "Ending at the front", _WORDS, ending_moved, 0.1, 0.45),
    DamageKind("names-exchanged", "Names exchanged", _WORDS, names_exchanged, 0.15, 0.55),
    DamageKind("dialogue-exchanged", "Speakers exchanged", _WORDS, dialogue_exchanged),
    DamageKind("words-shuffled", "Words shuffled", _WORDS, words_shuffled),
    DamageKind("other-half", "Half of another piece", _STYLE, other_half, 0.2, 0.5),
    DamageKind("sentence-lifted", "Sentences of another piece", _STYLE, sentence_lifted),
    DamageKind("sense-flipped", "Sense inverted", _STYLE, sense_flipped),
    DamageKind("paragraph-repeated", "Paragraphs repeated", _CHANGES, paragraph_repeated),
    DamageKind("stock-phrases", "Stock phrases", _CHANGES, stock_phrases),
    DamageKind("adverbs-added", "Adverbs added", _CHANGES, adverbs_added),
    DamageKind("tense-drift", "Tense drift", _CHANGES, tense_drift),
    DamageKind("end-cut", "End cut off", _CHANGES, end_cut, 0.1, 0.5, changes_length=True),
)


def kinds_named(keys: Sequence[str] = ()) -> tuple[DamageKind, ...]:
    """Return the kinds of these keys in the order of the registry; all for no key or `all`.

    Raises UsageError for a key that no kind has; it names the nearest one.
    """
    known = {kind.key: kind for kind in DAMAGE_KINDS}
    if not keys or "all" in keys:
        return DAMAGE_KINDS
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(known)}"
            raise UsageError(f'‹kinds›: "{key}" is not a kind of damage; {hint}')
    return tuple(kind for kind in DAMAGE_KINDS if kind.key in keys)
