"""The pairwise mode: a judge is asked which of two pieces is better."""

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
from judgemark.judges.guarded_judge import guarded, set_up
from judgemark.judges.judge_kind import PairwiseSetup, Say
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judges.rendering import refuse_too_long
from judgemark.judging.context_limit import within_context
from judgemark.judging.job_settings import JobSettings, PairwiseChoices
from judgemark.judging.judge_request import judge_request
from judgemark.judging.judging_mode import AskingEstimate, tokens_of, waves_so_far
from judgemark.judging.reuse import (
    check_reused_run,
    reusable_verdicts,
    reusing,
    told_of_reuse,
    why_none,
)
from judgemark.judging.schedule import PairSchedule
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.protocols.pairwise_protocol import Pairwise
from judgemark.records import Outcome, Question, QuestionKey
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal, read_entries
from judgemark.run.stored_pairwise_run import counted_answers
from judgemark.run.stored_texts import without_text


@dataclass(frozen=True)
class PairwiseMode:
    """Asks a judge about the pairs of a schedule over `pieces`.

    The writing prompts are shown as instructions. `reused_run` is a run of the same judge whose
    verdicts are reused."""

    judge_setup: PairwiseSetup
    schedule: PairSchedule
    pieces: SampleSet
    prompts: WritingPrompts
    choices: PairwiseChoices
    reused_run: RunFolder | None = None

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `JudgingMode`."""
        return self.judge_setup.configuration

    @cached_property
    def pairwise(self) -> Pairwise:
        """Return how one pair is asked about."""
        return Pairwise(
            self.configuration,
            self.prompts.by_item,
            worded=self.judge_setup.worded,
            escape_non_ascii=self.choices.escape_non_ascii,
            card_fallback=self.choices.card_fallback,
        )

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """Implement `JudgingMode`."""
        return self.schedule.protocol(self.pairwise)

    @property
    def piece_count(self) -> int:
        """Return the number of all pieces, since each of them influences all ratings."""
        return len(self.pieces.samples)

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return the digest of the writing prompts and what the schedule adds."""
        return {"prompts": {"sha256": self.prompts.sha256}, **self.schedule.fingerprint_parts}

    @property
    def described(self) -> Mapping[str, Any]:
        """Return how the judge's setup describes it."""
        return self.judge_setup.described

    @property
    def prompts_name(self) -> str | None:
        """Implement `JudgingMode`."""
        return self.prompts.name

    def as_begun(self, spec: Mapping[str, Any]) -> PairwiseMode:
        """Implement `JudgingMode`."""
        return replace(self, judge_setup=self.judge_setup.as_begun(spec["judge"]))

    @property
    def asks_before(self) -> bool:
        """Implement `JudgingMode`."""
        return not self.judge_setup.known

    def check(self) -> None:
        """Check the reused run, and the longest pairs where this process can count tokens."""
        if self.judge_setup.known:
            self._check_reused_run()
        if self.judge_setup.in_process:
            self._check_lengths()

    def settled(self, say: Say) -> PairwiseMode:
        """Probe an endpoint, then check the reused run and the longest pairs."""
        questions = next(self.protocol.plan(), ())
        settled = replace(self, judge_setup=self.judge_setup.settled(questions, say))
        settled._check_reused_run()
        settled._check_lengths()
        return settled

    def _check_reused_run(self) -> None:
        if self.reused_run is not None:
            asked = self.pairwise.fingerprint
            check_reused_run(self.reused_run, self.configuration, asked, self.prompts.by_item)

    def _check_lengths(self) -> None:
        if self.choices.on_too_long == "skip":
            return
        judge = self.judge_setup.open(frozenset())
        try:
            longest = [q for p in self.schedule.longest_pairs() for q in self.pairwise.questions(p)]
            refuse_too_long(self.judge_setup.length_check(judge)(longest))
        finally:
            judge.close()

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """Implement `JudgingMode`: rounds are replayed as far as the journal has verdicts."""
        known = self.known(journal)
        todo: list[Question] = []
        seen = 0
        finished = True
        for wave in waves_so_far(self.protocol.plan(), known):
            seen += len(wave)
            finished = all(q.key in known for q in wave)
            todo += [q for q in wave if q.key not in known or not known[q.key].cls.good]
        left = len(todo) + (max(0, self.schedule.most_questions - seen) if not finished else 0)
        tokens = tokens_of(todo) * left // len(todo) if todo else 0
        return AskingEstimate(
            questions=left,
            answered=seen - len(todo),
            prompt_tokens=tokens,
            completion_tokens=left * self.judge_setup.tokens_per_reply,
            at_most=left > len(todo),
        )

    def known(self, journal: Path | None) -> Mapping[QuestionKey, Outcome]:
        """Implement `JudgingMode`: also how questions ended that got no good verdict."""
        known: dict[QuestionKey, Outcome] = {}
        if self.reused_run is not None:
            known = {key: e.outcome for key, e in reusable_verdicts(self.reused_run).items()}
        entries = read_entries(journal) if journal else ()
        found = counted_answers(entries, self.pairwise, without_text)
        mine = {key: f.outcome for key, f in found.items()}
        return known | {k: o for k, o in mine.items() if o.cls.good or k not in known}

    def open_judge(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `JudgingMode`."""
        judge: Judge | BatchJudge = guarded(self.judge_setup.open(adapted))
        return judge

    def plan(self, judge: Judge | BatchJudge, journal: Journal) -> Plan:
        """Implement `JudgingMode`: known verdicts are reused, too long pairs left out."""
        plan = self.protocol.plan()
        if self.judge_setup.worded:
            found = counted_answers(read_entries(journal.path), self.pairwise, without_text)
            journal.good.update({k: f.outcome for k, f in found.items() if f.outcome.cls.good})
        if self.reused_run is not None:
            plan = reusing(plan, reusable_verdicts(self.reused_run), journal)
        check = self.judge_setup.length_check(judge)
        return within_context(plan, check, journal, skip=self.choices.on_too_long == "skip")

    @property
    def nothing_to_reuse(self) -> str | None:
        """Return why the reused run can give no verdict; None where it may, or without one."""
        if self.reused_run is None:
            return None
        return why_none(reusable_verdicts(self.reused_run), self.pieces.samples)

    def told_of_reuse(self, journal: Path) -> str | None:
        """Return one line that says what the reused run gave; None without one."""
        if self.reused_run is None:
            return None
        return told_of_reuse(self.reused_run, journal, self.pieces.samples)

    def store_instructions(self, folder: RunFolder) -> None:
        """Store the instructions, from which the questions are built again."""
        folder.keep_instructions(self.prompts.by_item)


def pairwise_setup(
    settings: JobSettings,
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    pieces: SampleSet,
    prompts: WritingPrompts,
    say: Say,
) -> PairwiseSetup:
    """Return the judge's setup before any weights are loaded.

    Raises UsageError for a kind of judge without a pairwise mode."""
    request = judge_request(
        settings, spec, endpoint, pieces.samples, instructions=prompts.by_item, say=say
    )
    if spec.kind.pairwise is None:
        raise UsageError(f"‹mode› pairwise does not work with {spec.kind.prefix}: judges")
    setup: PairwiseSetup = set_up(spec.kind.pairwise, request)
    return setup


def read_instructions(
    settings: JobSettings, pieces: SampleSet, spec: JudgeSpec, *, ours: bool
) -> WritingPrompts:
    """Return the writing prompts of the items; a baseline and a function do without them.

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
            "a pairwise judge is shown the writing prompts: give ‹writing_prompts› F for these "
            'samples, {item: {"writing_prompt": text}}'
        )
    found = read_writing_prompts(given, pieces.items)
    return WritingPrompts(found.name, {item: found.by_item[item] for item in pieces.items})
