"""The settings of a job; each has the same name as its flag and the library's keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from judgemark.errors import UsageError
from judgemark.judges.base import Json
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.registry import all_options
from judgemark.judges.request_limits import RequestLimits

if TYPE_CHECKING:
    from judgemark.inputs.samples import SampleSet

_Part = TypeVar("_Part", bound=Any)

AUTO = "auto"
AUTO_START, AUTO_THREADS = 8, 256
"""How many requests `threads` "auto" begins with, and how many it reaches at the most."""


@dataclass(frozen=True)
class InputFiles:
    """Files to read; None means the file of our own set where it applies.

    `samples` names the set of our own samples; None means the newest. A caller of the
    library may give samples, writing prompts and reference scores as they stand in their files.
    """

    samples: str | None = None
    samples_file: Path | SampleSet | None = None
    prompts_file: Path | None = None
    template: Path | None = None
    criteria_file: Path | None = None
    rubric_criteria_file: Path | None = None
    score_anchoring_file: Path | None = None
    writing_prompts: Path | Mapping[str, Any] | None = None
    reference_scores: Path | Mapping[str, float] | None = None


@dataclass(frozen=True)
class Sampling:
    """How a judge's answers are sampled; `given` holds only what the user set.

    `structured` says whether scores are requested by a JSON schema: "off", "on", or "auto" for
    endpoints that support it. `score_method` is how criterion scores are taken from replies.
    """

    preset: str | None = None
    given: Mapping[str, Json] = field(default_factory=dict)
    structured: str = "off"
    score_method: str = "plain"


@dataclass(frozen=True)
class Selection:
    """Which pieces this command judges."""

    writers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    iterations: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Limits:
    """Limits of time, retries and cost; prices are dollars per million tokens.

    `threads` is "auto" where the run looks for the width that its endpoint can handle.
    `give_up_after` is how many seconds a run waits for an endpoint that answers no request.
    """

    threads: int | str = 6
    max_retries: int = 10
    retry_delay: float = 0.5
    timeout: float = 300.0
    give_up_after: float = 600.0
    max_cost: float | None = None
    max_requests: int | None = None
    price_in: float | None = None
    price_out: float | None = None
    confirm_above: float = 1.0
    max_reply_mb: float = 32.0

    @property
    def most_threads(self) -> int:
        """Return how many requests may be in flight at the same time."""
        return self.threads if isinstance(self.threads, int) else AUTO_THREADS

    @property
    def first_threads(self) -> int | None:
        """Return how many requests a run begins with that looks for its width; else None."""
        return None if isinstance(self.threads, int) else AUTO_START

    @property
    def request(self) -> RequestLimits:
        """Return the limits of a single request."""
        return RequestLimits(self.timeout, self.max_reply_mb)


@dataclass(frozen=True)
class BatchChoices:
    """Whether questions go out in a provider's batches, or through files.

    `batch_form` names the provider's form of batches, None for the one that its address tells.
    `batch_poll` is in seconds. `emit_batch` is a file to write the questions to, `ingest` a file of
    answers.
    """

    batch: bool = False
    batch_wait: bool = False
    batch_poll: float = 60.0
    batch_form: str | None = None
    emit_batch: Path | None = None
    ingest: Path | None = None

    def check(self) -> None:
        """Raise UsageError where these do not go together."""
        chosen = [n for n in ("batch", "emit_batch", "ingest") if getattr(self, n)]
        if len(chosen) > 1:
            raise UsageError(
                f"‹{chosen[0]}› and ‹{chosen[1]}› cannot be given together; leave one of them out"
            )
        if self.batch_wait and not self.batch:
            raise UsageError("‹batch_wait› works only with ‹batch›")

    @property
    def by_file(self) -> bool:
        """Whether another program asks the questions, which are never sent from here."""
        return self.emit_batch is not None or self.ingest is not None


@dataclass(frozen=True)
class ClusterChoices:
    """Copies of a judge on a cluster; `ray` is its address, or "local" for this machine."""

    ray: str | None = None
    replicas: int | None = None


@dataclass(frozen=True)
class PairwiseChoices:
    """How a pairwise judge is asked, and the tournament; None means the option's default.

    `verdicts` names a run whose verdicts are reused. `worded` asks an endpoint for a verdict in
    words even if it gives log-probabilities. `on_too_long` is what happens to a pair that does
    not fit the context: "error" or "skip".
    """

    tournament: str = "isolated"
    rounds: int | None = None
    bootstraps: int | None = None
    k_factor: float | None = None
    initial_rating: float | None = None
    verdicts: str | None = None
    worded: bool = False
    escape_non_ascii: bool = False
    card_fallback: bool = False
    on_too_long: str = "error"


@dataclass(frozen=True)
class EnsembleChoices:
    """The judges of an ensemble and how their scores are joined.

    `judge_models` names them, with repeats; empty for a single judge. A caller of the library may
    give functions among them. With `book_club` they discuss each piece, in rounds about its merits
    and about proposed scores (one of each by default), before they score it again.
    """

    judge_models: tuple[str | Callable[..., Any], ...] = ()
    ensemble_method: str = "average"
    book_club: bool = False
    merit_rounds: int | None = None
    scoring_rounds: int | None = None


@dataclass(frozen=True)
class JobSettings:
    """The settings of the main job, in groups; every setting has the name of its flag.

    `judge_model` is empty where `ensemble` names several judges instead.
    `engine` holds the options of the judge's kind that the user gave. `function` is the judge
    itself where a caller of the library passed one.
    """

    judge_model: str = ""
    mode: str | None = None
    protocol: str = "rubric"
    base_url: str | tuple[str, ...] | None = None
    api_key_env: str = "OPENAI_API_KEY"
    files: InputFiles = InputFiles()
    scoring_min: float = 0.0
    scoring_max: float = 10.0
    sampling: Sampling = Sampling()
    selection: Selection = Selection()
    limits: Limits = Limits()
    pairwise: PairwiseChoices = PairwiseChoices()
    batches: BatchChoices = BatchChoices()
    ensemble: EnsembleChoices = EnsembleChoices()
    cluster: ClusterChoices = ClusterChoices()
    engine: Mapping[str, Json] = field(default_factory=dict)
    function: Callable[..., Any] | None = None
    num_runs: int = 1
    seed: int = 0
    run_id: str | None = None
    runs_dir: Path = Path("runs")
    fresh: bool = False

    @staticmethod
    def of(values: Mapping[str, Any]) -> JobSettings:
        """Build the settings from a flat mapping of names to values.

        Names that are not settings are ignored, and a setting that is not named keeps its default.
        A parameter of the judge's answers is used only where it is named, because its default is
        part of the preset.
        """
        own = {f.name for f in fields(Sampling)}
        drawn = {f.name for f in fields(ChatParameters)} - own
        options = {option.name for option in all_options()}
        parts: dict[str, Any] = {
            "files": _filled(InputFiles, values),
            "selection": _filled(Selection, values),
            "limits": _filled(Limits, values),
            "pairwise": _filled(PairwiseChoices, values),
            "batches": _filled(BatchChoices, values),
            "ensemble": _filled(EnsembleChoices, values),
            "cluster": _filled(ClusterChoices, values),
            "sampling": _filled(
                Sampling, {**values, "given": {k: v for k, v in values.items() if k in drawn}}
            ),
            "engine": {k: v for k, v in values.items() if k in options},
        }
        return _filled(JobSettings, {**values, **parts})


def _filled(part: type[_Part], values: Mapping[str, Any]) -> _Part:
    """Return a group of settings from the values that have the names of its fields."""
    filled: _Part = part(**{f.name: values[f.name] for f in fields(part) if f.name in values})
    return filled
