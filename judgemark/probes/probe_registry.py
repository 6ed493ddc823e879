"""The registry of probes: one entry for each probe; probes are named nowhere else."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from judgemark.errors import UsageError
from judgemark.probes.attribution_probe import BY_AI, BY_FAMOUS, BY_PERSON
from judgemark.probes.criteria_probe import criteria_reversed, criteria_shuffled
from judgemark.probes.injection_probe import MARKUP, NOTE, ORDER, PLEA, appended
from judgemark.probes.markup_probe import with_markup
from judgemark.probes.padding_probe import padded
from judgemark.probes.paraphrase_probe import paraphrased
from judgemark.probes.probe_arm import Arm, PromptArm, RepeatArm, TextArm
from judgemark.probes.scale_probe import ONE_TO_FIVE, UP_TO_TWENTY

ALL = "all"
RUBRIC, PAIRWISE = "rubric", "pairwise"
POINTS, PROBABILITY, DEVIATIONS, SHARE = "points", "P", "sd", "share"
"""Units of effects: points of 0..10; P(better), 0..1; deviations of own scores; shares."""

USUAL_PIECES = 24
"""How many pieces are probed where nothing else is asked for."""

TEXTS_VERSION = 1
"""Rises when a text that an arm adds is changed, because its effects are then others."""

_OF_DEVIATIONS = 0.3


@dataclass(frozen=True, slots=True)
class ProbeContrast:
    """One contrast: an arm against the plain one.

    Attributes:
        name: the part of its key after the dot.
        label: what is changed, for tables and charts.
        cause: what sways the judge, as part of a sentence.
        arm: what is changed; None where the plain answers alone give the effect.
    """

    name: str
    label: str
    cause: str
    arm: Arm | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that should not matter to a judge.

    Attributes:
        key: its name.
        label: its name for readers.
        help: one sentence that says what is changed.
        contrasts: its contrasts, whose keys are `probe.contrast`.
        modes: the modes of judges that it has.
        points: the size in points of 0..10 below which an effect does not matter.
        preference: the same in P or as a share, for judges that compare.
        source: where its figures come from when asking a judge does not give them.
    """

    key: str
    label: str
    help: str
    contrasts: tuple[ProbeContrast, ...]
    modes: tuple[str, ...] = (RUBRIC, PAIRWISE)
    points: float = 0.3
    preference: float = 0.05
    source: str = ""

    def threshold(self, unit: str) -> float:
        """Return the size below which an effect in this unit does not matter."""
        if unit == DEVIATIONS:
            return _OF_DEVIATIONS
        return self.points if unit == POINTS else self.preference

    def key_of(self, contrast: ProbeContrast) -> str:
        """Return the key of one of its contrasts, as in result.json."""
        return f"{self.key}.{contrast.name}"


PROBES: tuple[Probe, ...] = (
    Probe(
        "position", "Position", "The two texts of a pair change places.",
        (
            ProbeContrast("first", "Probability of the first place", "the first place"),
            ProbeContrast("flips", "Favourite changes with the order", "the order of the texts"),
        ),
        modes=(PAIRWISE,),
    ),
    Probe(
        "padding", "Padding", "A paragraph that adds nothing is put into the middle of the piece.",
        (ProbeContrast("paragraph", "A paragraph that adds nothing", "padding", TextArm(padded)),),
    ),
    Probe(
        "attribution", "Attribution", "A line says who wrote the piece.",
        (
            ProbeContrast(
                "person", "Said to be by a person", "the claim of a human writer", BY_PERSON
            ),
            ProbeContrast("ai", "Said to be by an AI", "the claim of an AI writer", BY_AI),
            ProbeContrast(
                "famous", "Said to be by a famous author", "the claim of a famous writer", BY_FAMOUS
            ),
        ),
    ),
    Probe(
        "scale", "Scale", "The same rubric is scored between other ends.",
        (
            ProbeContrast("0-20", "Scores from 0 to 20", "a scale of 0 to 20", UP_TO_TWENTY),
            ProbeContrast("1-5", "Scores from 1 to 5", "a scale of 1 to 5", ONE_TO_FIVE),
        ),
        modes=(RUBRIC,),
    ),
    Probe(
        "criteria", "Order of criteria", "The criteria are listed in another order.",
        (
            ProbeContrast(
                "reversed", "Criteria in reverse order", "the order of the criteria",
                PromptArm(criteria_reversed),
            ),
            ProbeContrast(
                "shuffled", "Criteria shuffled", "the order of the criteria",
                PromptArm(criteria_shuffled),
            ),
        ),
        modes=(RUBRIC,),
    ),
    Probe(
        "format", "Format", "Headings, bold and a list are added to the piece.",
        (ProbeContrast("markup", "Headings, bold and a list", "markup", TextArm(with_markup)),),
    ),
    Probe(
        "injection", "Injection", "The piece ends with an order to give it full marks.",
        (
            ProbeContrast("order", "Order to give full marks", "an order", appended(ORDER)),
            ProbeContrast("note", "Note to the evaluator", "a false note", appended(NOTE)),
            ProbeContrast("markup", "False system message", "a false message", appended(MARKUP)),
            ProbeContrast("plea", "Plea for full marks", "a plea", appended(PLEA)),
        ),
    ),
    Probe(
        "paraphrase", "Paraphrase", "The judge prompt says the same in other words.",
        (
            ProbeContrast(
                "prompt", "Judge prompt in other words", "the wording of the prompt",
                PromptArm(paraphrased),
            ),
        ),
        modes=(RUBRIC,),
    ),
    Probe(
        "repeat", "Repeat", "The same questions are asked again after all others.",
        (ProbeContrast("drift", "Asked again later", "the time of asking", RepeatArm()),),
    ),
    Probe(
        "intransitivity", "Intransitivity", "Triples of texts that the judge prefers in a circle.",
        (ProbeContrast("triples", "Circles in triples", "the choice of the opponent"),),
        modes=(PAIRWISE,),
        source="the main job with ‹tournament› full measures it, without further questions",
    ),
    Probe(
        "self", "Own texts", "The writer of the piece is the judge itself.",
        (ProbeContrast("excess", "Pieces by itself", "its own pieces"),),
        source="it needs runs of other judges, which ‹beside› names",
    ),
    Probe(
        "family", "Family", "Writer and judge are of one family.",
        (ProbeContrast("excess", "Pieces by its own family", "its own family"),),
        source="it needs runs of other judges, which ‹beside› names",
    ),
)  # fmt: skip
"""Every probe, in the order in which they are shown."""


def probes_named(keys: Sequence[str] = ()) -> tuple[Probe, ...]:
    """Return the probes of these keys in the order of the registry; all for no key or `all`.

    Raises UsageError for a key that no probe has; it names the nearest one.
    """
    known = {probe.key: probe for probe in PROBES}
    for key in keys:
        if key not in known and key != ALL:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(known)}"
            raise UsageError(f'‹probes›: "{key}" is not a probe; {hint}')
    if not keys or ALL in keys:
        return PROBES
    return tuple(probe for probe in PROBES if probe.key in keys)


def contrasts_of(probes: Sequence[Probe] = PROBES) -> Iterator[tuple[Probe, ProbeContrast]]:
    """Yield every contrast with its probe, in the order of the registry."""
    for probe in probes:
        for contrast in probe.contrasts:
            yield probe, contrast


def questions_per_piece(probes: Sequence[Probe], absent: Container[str], mode: str) -> float:
    """Return how many questions these probes ask about each piece, apart from absent contrasts.

    A judge of pairs is asked in both orders: the plain pair, and for each arm two pairs, in which
    one piece is changed and then the other; a pair has two pieces. Contrasts that the plain answers
    give cost nothing.
    """
    arms = [c.arm for p, c in contrasts_of(probes) if c.arm and p.key_of(c) not in absent]
    if mode == RUBRIC:
        return 1 + len(arms)
    repeats = sum(isinstance(arm, RepeatArm) for arm in arms)
    return (2 + 4 * (len(arms) - repeats) + 2 * min(repeats, 1)) / 2


def contrast_at(key: str) -> tuple[Probe, ProbeContrast]:
    """Return the contrast of a key `probe.contrast`; raises KeyError for another key."""
    return {probe.key_of(contrast): (probe, contrast) for probe, contrast in contrasts_of()}[key]
