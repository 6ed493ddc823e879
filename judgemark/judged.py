"""The verdicts of a run, which all figures are computed from, whichever file stored them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from judgemark.records import PLAIN, Class, Failure, Place, Rubric, Sample

if TYPE_CHECKING:
    from judgemark.tournaments.tournament_result import Played


@dataclass(frozen=True, slots=True)
class ExpectedScores:
    """Criterion scores of one verdict as expected values; `expected` of them are such values.

    The others are the scores of the plain reply, for want of usable log-probabilities.
    """

    scores: Mapping[str, float]
    expected: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One piece that one judge scored, with everything that the verdict gave.

    `scores` are criterion scores as given (a rubric judge), `value` is an item score already (a
    baseline, a rating, or a past run that kept no criterion scores). `text_length` is in
    characters, None where the text is not known. `expected` are the criterion scores from
    log-probabilities, where the journal holds some, and `plain` are those of the reply itself where
    `scores` are others.
    """

    writer: str
    iteration: str
    item: str
    member: int
    repeat: int
    scores: Mapping[str, float] | None
    value: float | None
    text_sha256: str = ""
    text_length: int | None = None
    cls: Class = Class.OK
    expected: ExpectedScores | None = None
    plain: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Unjudged:
    """One piece that was asked about and has no verdict, with the reason."""

    writer: str
    iteration: str
    item: str
    cls: Class
    reason: str
    reply: str | None = None
    member: int = 0
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run used: tokens, dollars, time and requests; None where the endpoint did not say.

    `seconds` sums the time of all attempts, `requests` counts them.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    seconds: float | None = None
    requests: int | None = None


@dataclass(frozen=True, slots=True)
class FirstTry:
    """Of the `replied` questions that got a reply, `parsed` could be scored from the first one."""

    parsed: int
    replied: int

    @property
    def parse_rate(self) -> float | None:
        """The share of replies that could be scored at once, 0..1; None without replies."""
        return self.parsed / self.replied if self.replied else None


@dataclass(frozen=True, slots=True)
class Member:
    """One judge of an ensemble; `number` is its place, from 0, and the member of its verdicts.

    `source` is the id of the run that its verdicts were taken from, None for one that this run
    asked itself. `failed` counts its questions without a usable answer. `single_range` is the range
    that it declares for a single score of a piece, None where it declares none.
    """

    number: int
    spec: str
    kind: str = "endpoint"
    endpoint: str | None = None
    source: str | None = None
    spent: Spent = Spent()
    failed: int = 0
    single_range: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a member said in its turn; `words` is None where it failed, with the reason."""

    stage: str
    member: int
    words: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Club:
    """The discussions of a book club.

    `impressions` are the verdicts that the members gave alone, before the discussion. `turns` are
    by item, sha256 of the text, and repeat, in their order.
    """

    merit_rounds: int
    scoring_rounds: int
    impressions: tuple[Judged, ...]
    turns: Mapping[tuple[str, str, int], tuple[Turn, ...]]


@dataclass(frozen=True, slots=True)
class LetterUse:
    """How a judge that gives log-probabilities used the letters, over `passes` passes.

    `mass` is the mean probability that fell on A and B at all, 0..1; `censored` counts passes in
    which a letter was only bounded, `other_tokens` those whose first token was neither letter.
    """

    passes: int
    mass: float
    censored: int
    other_tokens: int


@dataclass(frozen=True, slots=True)
class CutPrompts:
    """Evidence that a server did not read whole prompts.

    `tokens` is what it counted; `shortest` and `longest` are the characters of the prompts that
    it counted so. `constant` says that the count was the same for prompts of different length,
    which is how a full context shows; else it was far below an estimate. `prompts` counts those
    concerned, `of` all whose count is known.
    """

    tokens: int
    shortest: int
    longest: int
    constant: bool
    prompts: int
    of: int

    def __str__(self) -> str:
        seen = f"{self.prompts:,} of {self.of:,} prompts"
        if self.constant:
            lengths = f"{self.shortest:,} to {self.longest:,} characters"
            return (
                f"the server counted {self.tokens:,} prompt tokens for {seen}, which have "
                f"{lengths}: its context seems to be full, and it cuts longer prompts; give it a "
                "larger context"
            )
        return (
            f"the server counted {self.tokens:,} prompt tokens for a prompt of {self.longest:,} "
            f"characters, and similarly few for {seen}: it seems to cut prompts, or leaves out "
            "what it had in a cache; check its context"
        )


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A setting that the endpoint did not take as it was given.

    `field` is the request's field. `most` is the lower figure that the endpoint allowed it, the
    lowest of several; None for a field that was left out. It concerns `replies` of the `of` that
    came, from `since` (UTC) on.
    """

    field: str
    most: int | None
    replies: int
    of: int
    since: str

    def __str__(self) -> str:
        concerned = f"{self.replies:,} of {self.of:,} replies, from {self.since} on"
        if self.replies == self.of:
            concerned = f"all {self.of:,} replies"
        mixed = "; these figures mix two settings" if self.replies < self.of else ""
        if self.most is not None:
            return (
                f"the endpoint allows fewer tokens than {self.field} asked for (at the least "
                f"{self.most:,}): {concerned}"
            )
        return f"the endpoint does not take {self.field}: left out of {concerned}{mixed}"


@dataclass(frozen=True, slots=True)
class AskingFacts:
    """What the journal shows of how a run was asked, besides its verdicts.

    `cut_prompts` is None where nothing says that the server cut prompts.
    """

    adaptations: tuple[Adaptation, ...] = ()
    cut_prompts: CutPrompts | None = None


@dataclass(frozen=True, slots=True)
class Tournaments:
    """The tournaments behind a table of ratings.

    `asked` is the number of questions that this run asked itself, `lent` those that it reused
    from another run; `too_long` counts the questions left out because they do not fit the
    judge's context. `letters` is None for verdicts in words. `failures` are the questions without
    a verdict, with their item.
    """

    played: Played
    asked: int
    lent: int
    too_long: int
    letters: LetterUse | None
    failures: tuple[tuple[str, Failure], ...] = ()


@dataclass(frozen=True)
class JudgedRun:
    """A run ready to be measured.

    `judge`, `protocol` and `fingerprint` are as stored, for the reader; no figure depends on them.
    `unanswered` counts the questions that a command set out to ask and that have no outcome, not
    even a failure: asking was interrupted. `pieces` counts the whole set (of ratings, those that
    there are to be), `samples` is empty where the texts are not known. `method` says how the
    scores of `members`, the judges of an ensemble, are joined; a single judge has no members.
    `references` are those the run was last reported with, `tournaments` are those behind a table
    of ratings (a pairwise judge), `verdicts_sha256` names the verdicts. `asking` tells how it was
    asked. `member_replies` has the replies of each member by place, and
    `club` what a book club discussed. `own_scale` says that the item
    scores lie on another scale than 0..10, `undeclared_range` that a judge gives single scores
    without saying in which range they lie. `rated_by` is the option of the tournaments whose
    ratings a runs file holds without their verdicts; None for other runs.
    """

    run_id: str
    judge: Mapping[str, Any]
    protocol: Mapping[str, Any]
    dataset: Mapping[str, Any]
    fingerprint: Mapping[str, Any]
    rubric: Rubric
    judged: tuple[Judged, ...]
    unjudged: tuple[Unjudged, ...]
    pieces: int
    repeats: int = 1
    unanswered: int = 0
    classes: Mapping[Class, int] = field(default_factory=dict)
    first_try: FirstTry | None = None
    spent: Spent = Spent()
    samples: tuple[Sample, ...] = ()
    replies: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    method: str = "average"
    members: tuple[Member, ...] = ()
    club: Club | None = None
    member_replies: Mapping[Place, Mapping[int, str]] = field(default_factory=dict)
    tournaments: Tournaments | None = None
    verdicts_sha256: str | None = None
    seed: int = 0
    references: Mapping[str, float] | None = None
    asking: AskingFacts = AskingFacts()
    own_scale: bool = False
    score_method: str = PLAIN
    undeclared_range: bool = False
    rated_by: str | None = None

    @property
    def ratings(self) -> bool:
        """Whether the item scores are ratings, which have no scale of their own."""
        return self.tournaments is not None or self.rated_by is not None


def has_probabilities(run: JudgedRun) -> bool:
    """Return whether at least one criterion score of a run can be taken from probabilities."""
    return any(j.expected is not None and j.expected.expected for j in run.judged)


def scored_by(run: JudgedRun, method: str) -> JudgedRun:
    """Return a run with its criterion scores taken by one of SCORE_METHODS; no judge is asked.

    Verdicts without log-probabilities keep their plain scores. The method is named among the
    scoring settings of the fingerprint, unless it is `plain`.
    """
    if method == run.score_method:
        return run
    scoring = {k: v for k, v in (run.fingerprint.get("scoring") or {}).items() if k != "method"}
    if method != PLAIN:
        scoring["method"] = method
    judged = tuple(_judged_by(j, plain=method == PLAIN) for j in run.judged)
    return replace(
        run,
        judged=judged,
        score_method=method,
        fingerprint={**run.fingerprint, "scoring": scoring},
    )


def _judged_by(j: Judged, *, plain: bool) -> Judged:
    given = j.scores if j.plain is None else j.plain
    if plain or j.expected is None:
        return replace(j, scores=given, plain=None)
    return replace(j, scores=j.expected.scores, plain=given)
