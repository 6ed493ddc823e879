"""The rubric mode: a judge is asked for scores of single pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.errors import UsageError
from judgemark.inputs.prompts import PromptSet
from judgemark.inputs.samples import SampleSet
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.guarded_judge import guarded, set_up
from judgemark.judges.judge_kind import (
    AnswersInShapes,
    JudgeRequest,
    KnowsContext,
    RubricSetup,
    Say,
    SettledByAsking,
)
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judge_request import judge_request
from judgemark.judging.judging_mode import AskingEstimate, tokens_of
from judgemark.judging.rubric_prompts import known_writing_prompts, read_rubric, unused_fills
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.protocols.stored_words import ANCHORED
from judgemark.records import PLAIN, Outcome, Question, QuestionKey, Rubric, Sample
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal
from judgemark.run.stored_run import ReadJournal, good_verdicts

if TYPE_CHECKING:
    from judgemark.inputs.anchored_prompts import AnchoredPrompts
    from judgemark.judges.endpoint import Endpoint
    from judgemark.judging.anchors import AnchoredAsking


@dataclass(frozen=True)
class RubricMode:
    """Asks `judge` about each piece by itself, with `prompts` where it needs them."""

    samples: SampleSet
    selected: tuple[Sample, ...]
    rubric: Rubric
    repeats: int
    judge: RubricSetup
    prompts: PromptSet | None
    anchored: AnchoredAsking | None = None

    @cached_property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `JudgingMode`."""
        return self.judge.configuration

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """Implement `JudgingMode`; of the protocols, only the judge's own is loaded."""
        judge, rubric = self.judge, self.rubric
        if self.anchored is not None:
            from judgemark.protocols.anchored_protocol import AnchoredProtocol

            prompts = self.anchored.prompts
            return AnchoredProtocol(
                self.configuration,
                self.selected,
                prompts,
                self.anchored.anchors,
                self.repeats,
                judge.system if prompts.system is None else prompts.system,
            )
        if judge.protocol == "direct":
            from judgemark.protocols.number_protocol import NumberProtocol

            return NumberProtocol(self.configuration, self.selected, judge.by_place)
        if judge.protocol == "function":
            from judgemark.protocols.function_protocol import FunctionProtocol

            shown = judge.instructions if isinstance(judge, AnswersInShapes) else {}
            return FunctionProtocol(
                self.configuration, self.selected, self.prompts, rubric, self.repeats, shown
            )
        if self.prompts is None:
            raise UsageError("‹prompts_file›: this judge needs judge prompts; give a file of them")
        from judgemark.protocols.rubric_protocol import RubricProtocol

        system = judge.system if self.prompts.system is None else self.prompts.system
        return RubricProtocol(
            self.configuration, self.selected, self.prompts, rubric, self.repeats, system
        )

    @property
    def pieces(self) -> SampleSet:
        """Return all pieces, because a run over a part of them can be extended later."""
        return self.samples

    @property
    def piece_count(self) -> int:
        """Implement `JudgingMode`."""
        return len(self.selected)

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return the digest of the prompts, and the scoring."""
        criteria, declared = self.rubric.criteria, self.rubric.single_range
        listed: Json = None
        if criteria is not None:
            listed = [{"name": c.name, "negative": c.negative} for c in criteria]
        return {
            "prompts": {"sha256": shown.sha256 if (shown := self._shown) else None},
            "scoring": {
                "min": self.rubric.scoring_min,
                "max": self.rubric.scoring_max,
                "criteria": listed,
                **({"single_range": list(declared)} if declared else {}),
            },
            **({"anchors": {"sha256": self.anchored.sha256}} if self.anchored else {}),
        }

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what the judge says of itself, with the prompt set's system message."""
        system = self._shown.system if self._shown else None
        return {**self.judge.described, **({} if system is None else {"system": system})}

    @property
    def prompts_name(self) -> str | None:
        """Implement `JudgingMode`."""
        return self._shown.name if self._shown else None

    @property
    def _shown(self) -> PromptSet | AnchoredPrompts | None:
        """Return the prompts that the judge is shown."""
        return self.prompts if self.anchored is None else self.anchored.prompts

    @property
    def wants_range(self) -> bool:
        """Return whether single scores of this judge would need a declared range."""
        return self.judge.protocol == "function" and self.rubric.single_range is None

    def as_begun(self, spec: Mapping[str, Any]) -> RubricMode:
        """Implement `JudgingMode`."""
        if not isinstance(self.judge, SettledByAsking):
            return self
        return self._asking(self.judge.as_begun(spec["judge"]))

    def _asking(self, judge: RubricSetup) -> RubricMode:
        """Return the mode with another judge; the same one keeps the questions that were made."""
        return self if judge == self.judge else replace(self, judge=judge)

    @property
    def asks_before(self) -> bool:
        """Implement `JudgingMode`."""
        return isinstance(self.judge, SettledByAsking) and self.judge.asks_before

    def check(self) -> None:
        """Do nothing: everything was checked when it was read."""

    def settled(self, say: Say) -> RubricMode:
        """Implement `JudgingMode`; says how many pieces do not fit the judge's context."""
        if isinstance(self.judge, KnowsContext):
            found = self.judge.too_long(next(self.protocol.plan(), ()))
            if found:
                longest = max(found, key=lambda one: one.tokens)
                say(
                    f"{len({one.question.pieces['piece'].sha256 for one in found})} pieces do not "
                    f"fit the judge's context and get no verdict; the longest: {longest}; "
                    "‹max_model_len› sets the context"
                )
        if not isinstance(self.judge, SettledByAsking):
            return self
        return self._asking(self.judge.settled(say))

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """Implement `JudgingMode`."""
        wave = next(self.protocol.plan(), ())
        if journal is None:
            return self.estimate_of(wave, {})
        read = ReadJournal.of(journal, self.protocol.fingerprint, self.rubric)
        estimate = self.estimate_of(wave, read.good)
        return estimate if estimate.questions else replace(estimate, journal=read)

    def estimate_of(
        self, wave: Sequence[Question], good: Mapping[QuestionKey, Outcome]
    ) -> AskingEstimate:
        """Estimate what is left to ask of these questions, given the outcomes that are good."""
        # Equal texts on one item are one question, which is asked once.
        distinct = {question.key: question for question in wave}
        todo = [question for key, question in distinct.items() if key not in good]
        answered = len(distinct) - len(todo)
        each = self.judge.tokens_per_reply
        return AskingEstimate(len(todo), answered, tokens_of(todo), len(todo) * each)

    def open_judge(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `JudgingMode`."""
        judge: Judge | BatchJudge = guarded(self.judge.open(adapted))
        return judge

    def plan(self, judge: Judge | BatchJudge, journal: Journal) -> Plan:
        """Implement `JudgingMode`."""
        del judge
        journal.read_as(self.known(journal.path))
        return self.protocol.plan()

    def known(self, journal: Path | None) -> Mapping[QuestionKey, Outcome]:
        """Implement `JudgingMode`: the good outcomes."""
        if journal is None:
            return {}
        return good_verdicts(journal, self.rubric, self.protocol.fingerprint)

    def store_instructions(self, folder: RunFolder) -> None:
        """Store the choice of anchors, for the reader: scoring a run needs no prompts."""
        if self.anchored is not None:
            folder.keep_anchors(self.anchored.choices())


def rubric_mode(
    settings: JobSettings,
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    samples: SampleSet,
    selected: tuple[Sample, ...],
    say: Say,
    references: Mapping[str, float] | None = None,
) -> RubricMode:
    """Read and check everything that the rubric mode needs.

    `references` are the writers' reference scores, by which the anchored item chooses its anchors.
    Raises UsageError or InputError.
    """
    if spec.kind.rubric is None:
        raise UsageError(f"‹mode› rubric does not work with {spec.kind.prefix}: judges")
    if settings.protocol == ANCHORED:
        return _anchored_mode(settings, spec, endpoint, samples, selected, say, references)
    asked = read_rubric(settings, samples.items, needed=spec.kind.needs_prompts)
    for unused in unused_fills(settings) if asked.prompts is not None else ():
        say(unused)
    request = replace(
        judge_request(settings, spec, endpoint, samples.samples, say=say),
        prompted=asked.prompts is not None,
        prompts_system=asked.prompts is not None and asked.prompts.system is not None,
        instructions=known_writing_prompts(settings, samples.items),
    )
    _refuse_two_systems(request, asked.prompts, settings)
    rubric = Rubric(settings.scoring_min, settings.scoring_max, asked.criteria)
    request = _with_logprobs(_structured(request, settings, rubric), settings)
    judge: RubricSetup = set_up(spec.kind.rubric, request)
    method = settings.sampling.score_method
    if method != PLAIN and judge.protocol != "rubric":
        raise UsageError(
            f"‹score_method› {method} needs a judge that gives log-probabilities, at an endpoint "
            f"or on vLLM; {spec.text} gives none"
        )
    if isinstance(judge, AnswersInShapes):
        rubric = replace(rubric, single_range=judge.score_range)
    if judge.protocol == "direct" and settings.num_runs > 1:
        say(f"‹num_runs› is not used by {spec.text}: it always gives the same score")
    return RubricMode(samples, selected, rubric, settings.num_runs, judge, asked.prompts)


def _structured(request: JudgeRequest, settings: JobSettings, rubric: Rubric) -> JudgeRequest:
    """Add the schema for scores to the request where structured asks for it."""
    wish = settings.sampling.structured
    if wish == "off":
        return request
    if request.endpoint is None or request.parameters is None:
        raise UsageError(f"‹structured› is for judges at an endpoint, not for {request.text}")
    if rubric.criteria is None:
        raise UsageError(
            f"‹structured› {wish}: the schema needs the names of the criteria; give ‹criteria_file›"
        )
    from judgemark.judges.structured_scores import StructuredScores

    names = tuple(criterion.name for criterion in rubric.criteria)
    schema = StructuredScores(names, rubric.scoring_min, rubric.scoring_max)
    parameters = replace(request.parameters, structured=schema)
    return replace(request, parameters=parameters, structured=wish)


def _with_logprobs(request: JudgeRequest, settings: JobSettings) -> JudgeRequest:
    """Ask for log-probabilities where scores are to be taken from them."""
    method = settings.sampling.score_method
    if method == PLAIN:
        return request
    if request.structured != "off":
        raise UsageError(
            f"‹score_method› {method} needs replies in free text; leave ‹structured› out"
        )
    from judgemark.judges.alternatives_asked import STEPS

    parameters = request.parameters or ChatParameters()
    return replace(request, parameters=replace(parameters, score_logprobs=STEPS[0]))


def _anchored_mode(
    settings: JobSettings,
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    samples: SampleSet,
    selected: tuple[Sample, ...],
    say: Say,
    references: Mapping[str, float] | None,
) -> RubricMode:
    """Return the mode for the anchored item, as `rubric_mode` does for a rubric."""
    from judgemark.judging.anchors import anchored_asking

    asking = anchored_asking(settings, samples, selected, references)
    request = replace(
        judge_request(settings, spec, endpoint, samples.samples, say=say),
        prompted=True,
        prompts_system=asking.prompts.system is not None,
    )
    _refuse_two_systems(request, asking.prompts, settings)
    judge = spec.kind.rubric(request) if spec.kind.rubric else None
    if judge is None or judge.protocol != "rubric":
        raise UsageError(
            f"‹protocol› anchored is for judges that are asked by a prompt, not for {spec.text}"
        )
    rubric = Rubric(settings.scoring_min, settings.scoring_max)
    return RubricMode(samples, selected, rubric, settings.num_runs, judge, None, asking)


def _refuse_two_systems(
    request: JudgeRequest, prompts: PromptSet | AnchoredPrompts | None, settings: JobSettings
) -> None:
    if request.system is not None and prompts is not None and prompts.system is not None:
        raise UsageError(
            f"‹preset› {settings.sampling.preset} sends a system message of its own, and so do "
            "these prompts; leave one of the two out"
        )
