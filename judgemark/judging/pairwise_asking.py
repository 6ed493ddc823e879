"""Asking a judge which of two pieces is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.our_files import OUR_WRITING_PROMPTS
from judgemark.inputs.samples import SampleSet
from judgemark.inputs.writing_prompts import WritingPrompts, read_writing_prompts
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.judge_kind import PairwiseSetup
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judges.rendering import refuse_too_long
from judgemark.judging.asking import AskingEstimate, Say, tokens_of
from judgemark.judging.context_limit import fitting
from judgemark.judging.job_settings import JobSettings, PairwiseChoices
from judgemark.judging.judge_request import judge_request
from judgemark.judging.reuse import borrowing, check_lender, lent_verdicts
from judgemark.judging.schedule import Game
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.protocols.pairwise_protocol import Pairwise
from judgemark.records import Outcome, Question, QuestionKey
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal, read_entries
from judgemark.run.stored_pairwise_run import counted_answers


@dataclass(frozen=True)
class PairwiseAsking:
    """Puts `answering` to `game` over `pieces`, with the writing prompts as instructions."""

    answering: PairwiseSetup
    game: Game
    pieces: SampleSet
    prompts: WritingPrompts
    choices: PairwiseChoices
    lender: RunFolder | None = None

    @property
    def configuration(self) -> Mapping[str, Json]:
        """As in `Asking`."""
        return self.answering.configuration

    @cached_property
    def pairwise(self) -> Pairwise:
        """How one pair is asked about."""
        return Pairwise(
            self.configuration,
            self.prompts.by_item,
            worded=self.answering.worded,
            escape_non_ascii=self.choices.escape_non_ascii,
            card_fallback=self.choices.card_fallback,
        )

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """As in `Asking`."""
        return self.game.protocol(self.pairwise)

    @property
    def chosen(self) -> int:
        """All its pieces: whoever plays shapes all ratings."""
        return len(self.pieces.samples)

    @property
    def inputs(self) -> Mapping[str, Json]:
        """The writing prompts, and what the game adds."""
        return {"prompts": {"sha256": self.prompts.sha256}, **self.game.inputs}

    @property
    def described(self) -> Mapping[str, Any]:
        """As the judge is described."""
        return self.answering.described

    @property
    def prompts_name(self) -> str | None:
        """As in `Asking`."""
        return self.prompts.name

    def as_begun(self, spec: Mapping[str, Any]) -> PairwiseAsking:
        """As in `Asking`."""
        return replace(self, answering=self.answering.as_begun(spec["judge"]))

    def check(self) -> None:
        """The lender, and the longest pairs where this process can count their tokens."""
        if self.answering.known:
            self._check_lender()
        if self.answering.in_process:
            self._check_lengths()

    def settled(self, say: Say) -> PairwiseAsking:
        """Probe an endpoint; then the lender and the longest pairs are checked."""
        questions = next(self.protocol.plan(), ())
        settled = replace(self, answering=self.answering.settled(questions, say))
        settled._check_lender()
        settled._check_lengths()
        return settled

    def _check_lender(self) -> None:
        if self.lender is not None:
            asked = self.pairwise.fingerprint
            check_lender(self.lender, self.configuration, asked, self.prompts.by_item)

    def _check_lengths(self) -> None:
        if self.choices.on_too_long == "skip":
            return
        judge = self.answering.open(frozenset())
        try:
            longest = [q for p in self.game.longest() for q in self.pairwise.questions(p)]
            refuse_too_long(self.answering.length_check(judge)(longest))
        finally:
            judge.close()

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """As in `Asking`: the rounds are replayed as far as the journal goes."""
        known = self._known(journal)
        plan = self.protocol.plan()
        todo: list[Question] = []
        seen = 0
        unknown: list[Question] = []
        wave = next(plan, None)
        while wave is not None and not unknown:
            seen += len(wave)
            unknown = [q for q in wave if q.key not in known]
            todo += [q for q in wave if q.key not in known or not known[q.key].cls.good]
            if not unknown:
                wave = _sent(plan, {q.key: known[q.key] for q in wave})
        plan.close()
        left = len(todo) + (max(0, self.game.most - seen) if unknown else 0)
        tokens = tokens_of(todo) * left // len(todo) if todo else 0
        return AskingEstimate(
            questions=left,
            answered=seen - len(todo),
            prompt_tokens=tokens,
            completion_tokens=left * self.answering.tokens_per_reply,
            at_most=left > len(todo),
        )

    def _known(self, journal: Path | None) -> dict[QuestionKey, Outcome]:
        known: dict[QuestionKey, Outcome] = {}
        if self.lender is not None:
            known = {key: e.outcome for key, e in lent_verdicts(self.lender).items()}
        found = counted_answers(read_entries(journal) if journal else (), self.pairwise)
        mine = {key: f.outcome for key, f in found.items()}
        return known | {k: o for k, o in mine.items() if o.cls.good or k not in known}

    def open_judge(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """As in `Asking`."""
        return self.answering.open(adapted)

    def plan(self, judge: Judge | BatchJudge, journal: Journal) -> Plan:
        """As in `Asking`; verdicts at hand are looked up, and what is too long stays out."""
        plan = self.protocol.plan()
        if self.answering.worded:
            found = counted_answers(read_entries(journal.path), self.pairwise)
            journal.good.update({k: f.outcome for k, f in found.items() if f.outcome.cls.good})
        if self.lender is not None:
            plan = borrowing(plan, lent_verdicts(self.lender), journal)
        check = self.answering.length_check(judge)
        return fitting(plan, check, journal, skip=self.choices.on_too_long == "skip")

    def keep(self, folder: RunFolder) -> None:
        """The instructions: questions are found by them."""
        folder.keep_instructions(self.prompts.by_item)


def _sent(plan: Plan, outcomes: Mapping[QuestionKey, Outcome]) -> Any:
    try:
        return plan.send(outcomes)
    except StopIteration:
        return None


def pairwise_setup(
    settings: JobSettings,
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    pieces: SampleSet,
    prompts: WritingPrompts,
    say: Say,
) -> PairwiseSetup:
    """Return the judge's setup; UsageError for one that cannot play, before weights are loaded."""
    request = judge_request(
        settings, spec, endpoint, pieces.samples, instructions=prompts.by_item, say=say
    )
    if spec.kind.pairwise is None:
        raise UsageError(f"--mode pairwise is not for {spec.kind.prefix}: judges")
    return spec.kind.pairwise(request)


def read_instructions(
    settings: JobSettings, pieces: SampleSet, spec: JudgeSpec, *, ours: bool
) -> WritingPrompts:
    """The writing prompts of the items; a baseline and a function do without them.

    `ours` says that the pieces are our own samples, which bring theirs. Raises UsageError where
    they are not given, InputError where they do not fit.
    """
    given = settings.files.writing_prompts
    if given is None and ours:
        given = OUR_WRITING_PROMPTS
    if given is None and not (spec.kind.reads and spec.kind.needs_instructions):
        return WritingPrompts("none", dict.fromkeys(pieces.items, ""))
    if given is None:
        raise UsageError(
            "a pairwise judge is told what the writers were asked: give --writing-prompts F with "
            'these samples, {item: {"writing_prompt": text}}'
        )
    found = read_writing_prompts(given, pieces.items)
    return WritingPrompts(found.name, {item: found.by_item[item] for item in pieces.items})
