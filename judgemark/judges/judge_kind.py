"""What a kind of judge declares about itself: one entry of the registry of judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from judgemark.judges.base import BatchJudge, Json, Judge
    from judgemark.judges.chat_parameters import ChatParameters
    from judgemark.judges.endpoint import Endpoint
    from judgemark.judges.patience import Patience
    from judgemark.judges.rendering import TooLong
    from judgemark.judges.request_limits import RequestLimits
    from judgemark.records import Question, Sample

RUBRIC, PAIRWISE = "rubric", "pairwise"

Say = Callable[[str], None]
"""Shows one line of text to the user."""

LengthCheck = Callable[[Iterable["Question"]], "tuple[TooLong, ...]"]
"""Finds the questions that do not fit the judge's context."""


def no_limit(questions: Iterable[Question]) -> tuple[TooLong, ...]:
    """Find nothing: the length check of a judge whose context is not known."""
    del questions
    return ()


@dataclass(frozen=True, slots=True)
class JudgeOption:
    """One setting of a kind of judge, from which its command-line flag is made.

    Attributes:
        name: the setting's name; its flag is the name with dashes.
        type: int, float, str, or bool for a switch.
        help: what it does, and its default.
        metavar: how help shows its value.
        least: the least value of a number; None for 0.
        most: the greatest value of a number; None for no bound of its own.
        auto: whether the word `auto` may stand in place of a number; the judge then chooses.
    """

    name: str
    type: type[int] | type[float] | type[str] | type[bool]
    help: str
    metavar: str = "X"
    least: float | None = None
    most: float | None = None
    auto: bool = False


@dataclass(frozen=True)
class JudgeRequest:
    """Everything that a kind of judge may need to make a judge.

    Attributes:
        text: the judge as the user named it.
        name: the same without the kind's prefix.
        seed: the run's seed.
        pieces: the pieces of the run.
        options: the kind's options that the user gave, by name.
        instructions: the writing prompts by item, where they are known.
        endpoint: the address, for a kind that has one.
        parameters: how answers are drawn, for a judge that answers in words.
        system: the message that precedes every rubric prompt, where there is one.
        limits: the bounds of every request, and of every answer of a program.
        threads: how many questions are asked at the same time.
        patience: how often and how long a probe is repeated.
        worded: whether a pairwise judge is asked in words even if it gives log-probabilities.
        structured: whether scores are asked for in a JSON schema: off, on, or auto for where the
            endpoint supports it; the schema is part of `parameters`.
        prompted: whether each piece comes with a rendered judge prompt.
        prompts_system: whether the judge prompts bring a system message.
        function: the judge itself, where the caller passed a function.
        elsewhere: whether copies of the judge on other machines will answer.
        say: shows a line of text to the user.
    """

    text: str
    name: str
    seed: int
    pieces: Sequence[Sample]
    options: Mapping[str, Json] = field(default_factory=dict)
    instructions: Mapping[str, str] = field(default_factory=dict)
    endpoint: Endpoint | None = None
    parameters: ChatParameters | None = None
    system: str | None = None
    limits: RequestLimits | None = None
    threads: int = 6
    patience: Patience | None = None
    worded: bool = False
    structured: str = "off"
    prompted: bool = False
    prompts_system: bool = False
    function: Callable[..., Any] | None = None
    elsewhere: bool = False
    say: Say = lambda _: None


class RubricSetup(Protocol):
    """A judge of single pieces, ready to be opened."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return what shapes its answers, which is part of every question's key."""

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what run.json says about it besides the configuration."""

    @property
    def protocol(self) -> str:
        """How it is asked: `rubric` (a prompt), `direct` (the text), `function` (both)."""

    @property
    def by_place(self) -> bool:
        """Return whether its answer depends on more than the text of a piece."""

    @property
    def system(self) -> str | None:
        """The message that precedes every prompt."""

    @property
    def tokens_per_reply(self) -> int:
        """Return about how many tokens a reply has; 0 where tokens cost nothing."""

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Open the judge; `adapted` names parameters that it is known to reject."""


@runtime_checkable
class SettledByAsking(Protocol):
    """A rubric judge with capabilities that are probed before a run begins."""

    @property
    def asks_before(self) -> bool:
        """Return whether there is anything to probe."""

    def as_begun(self, judge: Mapping[str, Any]) -> RubricSetup:
        """Return a copy with what a stored run's probes showed; `judge` is run.json's section."""

    def settled(self, say: Say) -> RubricSetup:
        """Return a copy with its capabilities probed; may send requests.

        Raises Refused or UsageError."""


@runtime_checkable
class AnswersInShapes(Protocol):
    """A rubric judge that answers as it likes: one score, named scores, or a reply to be read."""

    @property
    def score_range(self) -> tuple[float, float] | None:
        """Return the range of its single scores; None where it declares none."""

    @property
    def instructions(self) -> Mapping[str, str]:
        """Return the writing prompts, by item, that are part of its questions."""


@runtime_checkable
class KnowsContext(Protocol):
    """A rubric judge whose context is known before it is asked."""

    def too_long(self, questions: Iterable[Question]) -> tuple[TooLong, ...]:
        """Return the questions that do not fit the context, counted without loading weights."""


class PairwiseSetup(Protocol):
    """A judge that compares two pieces, ready to be opened."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return what shapes its answers, which is part of every question's key."""

    @property
    def in_process(self) -> bool:
        """Return whether it runs in this process, where tokens can be counted without asking."""

    @property
    def known(self) -> bool:
        """Return whether all of its capabilities are known."""

    @property
    def worded(self) -> bool:
        """Return whether it answers in words, which is a different protocol."""

    @property
    def tokens_per_reply(self) -> int:
        """Return about how many tokens a reply has."""

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what run.json says about it besides the configuration."""

    def as_begun(self, judge: Mapping[str, Any]) -> PairwiseSetup:
        """Return a copy with what a stored run's probes showed; `judge` is run.json's section."""

    def settled(self, questions: Sequence[Question], say: Say) -> PairwiseSetup:
        """Return a copy with its capabilities probed; may ask the first of `questions`."""

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Open the judge; `adapted` names parameters that it is known to reject."""

    def length_check(self, judge: Judge | BatchJudge) -> LengthCheck:
        """Return what finds questions too long for `judge`, which `open` gave."""


@dataclass(frozen=True)
class JudgeKind:
    """One kind of judge: an entry of the registry.

    Attributes:
        prefix: what stands before the colon of its specs; also its `kind` in run.json.
        form: how a spec is written, for help.
        summary: one line that describes it.
        rubric: makes a judge of single pieces; None where it does not have this mode.
        pairwise: makes a judge of pairs; None where it does not have this mode.
        default_mode: the mode if the user names none.
        options: its settings.
        place: where the judge answers, for the first line of a run.
        reads: whether it reads; embedded baselines do not, and need no instructions.
        needs_prompts: whether a judge of single pieces must be shown a judge prompt.
        needs_instructions: whether a judge of pairs must be shown the writing prompts.
        also_hosted: whether endpoints serve judges under names with this prefix.
        replicable: whether copies of it can run on other machines, on an engine each.
    """

    prefix: str
    form: str
    summary: str
    rubric: Callable[[JudgeRequest], RubricSetup] | None = None
    pairwise: Callable[[JudgeRequest], PairwiseSetup] | None = None
    default_mode: str = RUBRIC
    options: tuple[JudgeOption, ...] = ()
    place: str = "in this process: no endpoint, no key"
    reads: bool = True
    needs_prompts: bool = False
    needs_instructions: bool = True
    also_hosted: bool = False
    replicable: bool = False

    @property
    def modes(self) -> tuple[str, ...]:
        """Return the modes that it has."""
        makers = ((RUBRIC, self.rubric), (PAIRWISE, self.pairwise))
        return tuple(mode for mode, make in makers if make is not None)
