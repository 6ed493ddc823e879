"""The records that every layer shares, all frozen: what is judged, what is asked, how it ended."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

PLAIN, EXPECTED, RANKED = "plain", "expected", "ranked"
SCORE_METHODS = (PLAIN, EXPECTED, RANKED)
"""How criterion scores are taken from a reply: as written, as expected values over what the judge
might have written, or those values weighted by how the criteria agree in order."""

Place = tuple[str, str, str]
"""Which piece is meant: (writer, iteration, item)."""


def text_hash(text: str) -> str:
    """Return the sha256 (hex) of a text as UTF-8; lone surrogates are kept, not refused."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Sample:
    """One piece of writing, placed by its writer, the writer's iteration and the writing prompt.

    `derived_from` names the writer whose piece of the same iteration and item this one was made
    from, `kind` how, `severity` (0..1) how far and `seed` with which random stream; all four are
    None for a piece as its writer left it.
    """

    writer: str
    iteration: str
    item: str
    text: str
    derived_from: str | None = None
    kind: str | None = None
    severity: float | None = None
    seed: int | None = None
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", text_hash(self.text))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a rubric; a `negative` one is better the lower its score."""

    name: str
    negative: bool


@dataclass(frozen=True, slots=True)
class Rubric:
    """How criterion scores are read: the range they lie in and, where known, the criteria.

    `criteria` is None for a prompt set that brings no criteria file: then the names that the
    replies give are the criteria, and polarity comes from the marker lists of the scorecards.
    `single_range` is the range that a judge which gives one score for a piece declares for it.
    `own_criteria` allows a function or a program to score criteria of its own in place of these;
    their polarity comes from the marker lists.
    """

    scoring_min: float
    scoring_max: float
    criteria: tuple[Criterion, ...] | None = None
    single_range: tuple[float, float] | None = None
    own_criteria: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message; `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Which of several answers to a question is meant: by member, repeat, stage and pass."""

    member: int = 0
    repeat: int = 0
    stage: str = "score"
    passage: int = 0

    def to_json(self) -> dict[str, int | str]:
        """Return the slot as the journal spells it."""
        return {
            "member": self.member,
            "repeat": self.repeat,
            "stage": self.stage,
            "pass": self.passage,
        }


@dataclass(frozen=True, slots=True)
class QuestionKey:
    """The key under which a verdict is stored: the question's sha256 and its slot."""

    question: str
    slot: Slot

    def __hash__(self) -> int:
        """Return a hash that differs between questions; keys are looked up for every reply."""
        return hash((self.question, self.slot.repeat))


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a judge: rendered messages about one or more pieces.

    `pieces` names the samples by role (`piece`; `A` and `B`); all belong to `item`.
    `messages` may be rendered whenever they are looked at, so that many questions take little room.
    `by_place` is true for a question whose answer may depend on where the sample stands (writer,
    iteration) and not on its text alone; only the random baseline needs that.
    """

    key: QuestionKey
    item: str
    messages: Sequence[Message]
    pieces: Mapping[str, Sample]
    by_place: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and dollars of one question over all its attempts; None where not reported."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class LetterLogprobs:
    """Natural-log probabilities of the letters A and B as the first new token.

    A censored letter was not among the returned tokens; its value is then an upper bound.
    `produced` is the token really produced; `variants` are the other spellings of a letter
    (leading space, lower case) whose mass `a` and `b` include. `candidates` counts the tokens
    that came back, None where that is not known; it is evidence and takes no part in comparisons.
    """

    a: float
    b: float
    produced: str
    a_censored: bool = False
    b_censored: bool = False
    variants: tuple[str, ...] = ()
    candidates: int | None = field(default=None, compare=False)

    @property
    def mass(self) -> float:
        """The captured probability exp(a)+exp(b), 0..1; an upper bound where one is censored."""
        # Some endpoints round a certain token's log-probability to a hair above 0.
        return math.exp(min(self.a, 0.0)) + math.exp(min(self.b, 0.0))


@dataclass(frozen=True, slots=True)
class NumberLogprobs:
    """A number in a reply, with the log-probabilities of its tokens.

    `at` is the place of its first digit in the reply's text. `steps` holds, for each token of the
    number, (token, natural-log probability) of the token that was written, and then of its likely
    alternatives. `after` holds those of the next token that would have made the number go on.
    """

    at: int
    steps: tuple[tuple[tuple[str, float], ...], ...]
    after: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a judge, before it is read.

    `numbers` are the numbers in the text with their log-probabilities; None where they were not
    asked for, or not given.
    """

    text: str
    finish_reason: str | None = None
    judge_name: str | None = None
    provider: str | None = None
    usage: Usage = Usage()
    logprobs: LetterLogprobs | None = None
    adapted: tuple[str, ...] = ()
    numbers: tuple[NumberLogprobs, ...] | None = None


class Class(StrEnum):
    """How a question ended. OK and PARTIAL are good: they are never asked again."""

    OK = "ok"
    PARTIAL = "partial"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    UNPARSEABLE = "unparseable"
    ERROR = "error"

    @property
    def good(self) -> bool:
        """Whether the outcome can be scored."""
        return self in (Class.OK, Class.PARTIAL)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reply that could be read.

    A rubric judge fills `scores` (criterion -> score as given, not inverted; names as the rubric
    spells them, or as the judge did where the rubric names no criteria),
    a judge that answers with one number `value`, a pairwise judge `preference` = P(A is better).
    In a book club `words` is what the judge said, without its hidden reasoning.
    """

    cls: Class
    scores: Mapping[str, float] | None = None
    value: float | None = None
    preference: float | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A question without a usable answer: its class and a reason for the reader."""

    cls: Class
    reason: str


Outcome = Verdict | Failure
