"""The settings of a job, each by the one name that its flag and the library's keyword have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from judgemark.judges.base import Json
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.registry import all_options
from judgemark.judges.request_limits import RequestLimits

if TYPE_CHECKING:
    from judgemark.inputs.samples import SampleSet

_Part = TypeVar("_Part", bound=Any)


@dataclass(frozen=True)
class InputFiles:
    """Files to read; None means our own, or none where ours do not fit.

    `samples` names the set of our own samples that is read; None means the newest. A caller of the
    library may give samples, writing prompts and reference scores as they stand in their files.
    """

    samples: str | None = None
    samples_file: Path | SampleSet | None = None
    prompts_file: Path | None = None
    criteria_file: Path | None = None
    rubric_criteria_file: Path | None = None
    score_anchoring_file: Path | None = None
    writing_prompts: Path | Mapping[str, Any] | None = None
    reference_scores: Path | Mapping[str, float] | None = None


@dataclass(frozen=True)
class Sampling:
    """How a judge's answers are drawn; a value that the user did not give is not in `given`.

    `structured` says whether scores are asked for in a JSON schema: "off", "on", or "auto" for
    where the endpoint supports it.
    """

    preset: str | None = None
    given: Mapping[str, Json] = field(default_factory=dict)
    structured: str = "off"


@dataclass(frozen=True)
class Selection:
    """Which pieces are judged now."""

    writers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    iterations: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Limits:
    """How hard to try and how much to spend; prices in dollars per million tokens.

    `give_up_after` is how many seconds a run waits for an endpoint that answers nobody.
    """

    threads: int = 6
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
    def request(self) -> RequestLimits:
        """The bounds of every single request."""
        return RequestLimits(self.timeout, self.max_reply_mb)


@dataclass(frozen=True)
class PairwiseChoices:
    """How a pairwise judge is asked and what is played; None means the option's own value.

    `verdicts` names the run that lends its verdicts, `worded` asks an endpoint in words whatever
    it gives, `on_too_long` is what happens to a pair that does not fit the context: error or skip.
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
class JobSettings:
    """The main job, in nested parts; every setting has the name of its flag.

    `engine` holds the options of the judge's kind that the user gave; `function` is the judge
    itself where a caller of the library handed one over.
    """

    judge_model: str
    mode: str | None = None
    base_url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    files: InputFiles = InputFiles()
    scoring_min: float = 0.0
    scoring_max: float = 10.0
    sampling: Sampling = Sampling()
    selection: Selection = Selection()
    limits: Limits = Limits()
    pairwise: PairwiseChoices = PairwiseChoices()
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

        Names that belong to no setting are left out; a setting that is not named keeps its default.
        A parameter of the judge's answers counts only where it is named, since its default belongs
        to the preset.
        """
        own = {f.name for f in fields(Sampling)}
        drawn = {f.name for f in fields(ChatParameters)} - own
        options = {option.name for option in all_options()}
        parts: dict[str, Any] = {
            "files": _filled(InputFiles, values),
            "selection": _filled(Selection, values),
            "limits": _filled(Limits, values),
            "pairwise": _filled(PairwiseChoices, values),
            "sampling": _filled(
                Sampling, {**values, "given": {k: v for k, v in values.items() if k in drawn}}
            ),
            "engine": {k: v for k, v in values.items() if k in options},
        }
        return _filled(JobSettings, {**values, **parts})


def _filled(part: type[_Part], values: Mapping[str, Any]) -> _Part:
    """A part of the settings from the values that have the names of its fields."""
    filled: _Part = part(**{f.name: values[f.name] for f in fields(part) if f.name in values})
    return filled
