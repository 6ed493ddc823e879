"""Try a judge out: ask it about three pieces, and estimate what a whole run would take."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from judgemark.errors import Refused, UsageError
from judgemark.jobs.ask_run import ask, outstanding
from judgemark.jobs.known_prices import known_prices
from judgemark.jobs.prepare_run import Prepared, prepare
from judgemark.judges.base import BatchJudge, LimitsThreads, SetsWidth, StreamJudge
from judgemark.judges.judge_kind import Say
from judgemark.judges.score_range import SCORE_RANGE
from judgemark.judging.ensemble_mode import EnsembleMode
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judging_mode import JudgingMode
from judgemark.judging.pairwise_mode import PairwiseMode
from judgemark.judging.rubric_mode import RubricMode
from judgemark.judging.schedule import ListedPairsSchedule
from judgemark.judging.tournament_mode import lending_run
from judgemark.metrics.scorecards import UNDECLARED_RANGE
from judgemark.protocols.pairwise_protocol import Pair
from judgemark.records import Sample, Verdict
from judgemark.run.asking_facts import asking_facts
from judgemark.run.folder import RunFolder
from judgemark.run.journal import read_entries
from judgemark.run.journal_entry import JournalEntry

PIECES = 3
"""How many pieces, or pairs, a check asks about."""


@dataclass(frozen=True)
class CheckedAnswer:
    """One question of a check: the names of its pieces, and what the journal says of it."""

    pieces: tuple[str, ...]
    entry: JournalEntry


@dataclass(frozen=True)
class WholeRun:
    """What all questions of a run would take, judged by the answers of a check.

    `seconds` is the time from the first question to the last answer, with as many questions at
    once as the judge and the run allow; None where nothing came. `cost` is in dollars; None where
    neither a price nor a cost is known. With `at_most`, all figures are upper bounds.
    """

    questions: int
    seconds: float | None
    prompt_tokens: int | None
    completion_tokens: int | None
    cost: float | None
    at_most: bool


@dataclass(frozen=True)
class JudgeCheck:
    """What a check found; `refused` is the reason where the judge could not be used."""

    prepared: Prepared
    answers: tuple[CheckedAnswer, ...]
    unsupported: tuple[str, ...]
    whole: WholeRun
    log: tuple[str, ...]
    refused: Refused | None

    @property
    def passed(self) -> bool:
        """Return whether every question has a verdict."""
        return bool(self.answers) and all(a.entry.outcome.cls.good for a in self.answers)


def check_judge(
    settings: JobSettings, environment: Mapping[str, str], say: Say = lambda _: None
) -> JudgeCheck:
    """Ask a judge about three pieces of the run that the settings describe; nothing is kept.

    The questions are those of the run. One that cannot be scored is repeated as in a run, and its
    last answer counts.
    Raises UsageError or InputError, and Refused where the judge's capabilities cannot be probed.
    """
    with TemporaryDirectory(prefix="judgemark-check-") as folder:
        settings = _with_verdicts_found(settings)
        settings = replace(settings, runs_dir=Path(folder), run_id="check", fresh=False)
        prepared = prepare(settings, environment, say)
        prepared.demand_keys()
        prepared = prepared.settled(say)
        judging = prepared.judging
        if isinstance(judging, EnsembleMode):
            raise UsageError("‹judge_models›: one judge is checked at a time; name it alone")
        few = replace(prepared, judging=_few(judging))
        refused: Refused | None = None
        try:
            ask(few, outstanding(few, None), bar=io.StringIO(), say=say, draw_bar=False)
        except Refused as exc:
            refused = exc
        entries = _last_of_each(few.folder)
        log = few.folder.judge_log_lines()
    pieces = judging.pieces.samples
    return JudgeCheck(
        prepared,
        tuple(CheckedAnswer(_named(entry, pieces), entry) for entry in entries),
        tuple(_unsupported(prepared, judging, entries)),
        _whole_run(prepared, judging, entries),
        log,
        refused,
    )


def _with_verdicts_found(settings: JobSettings) -> JobSettings:
    """Return the settings with the path of the run that lends verdicts in place of its id.

    A check has another folder of runs. Raises UsageError where there is no such run.
    """
    lending = lending_run(settings)
    if lending is None:
        return settings
    return replace(settings, pairwise=replace(settings.pairwise, verdicts=str(lending.path)))


def _last_of_each(folder: RunFolder) -> tuple[JournalEntry, ...]:
    """Return the last entry of each question that was asked."""
    if not folder.exists:
        return ()
    return tuple({entry.key: entry for entry in read_entries(folder.journal)}.values())


def _few(judging: JudgingMode) -> JudgingMode:
    """Return the same mode with three questions: pieces, or pairs of the first wave."""
    if isinstance(judging, RubricMode):
        return replace(judging, selected=judging.selected[:PIECES], repeats=1)
    if isinstance(judging, PairwiseMode):
        wave = next(judging.protocol.plan(), ())
        pairs = dict.fromkeys(Pair.of(q.pieces["A"], q.pieces["B"]) for q in wave)
        schedule = ListedPairsSchedule(tuple(pairs)[:PIECES], {})
        # The judge is asked here, even where another run has its verdict.
        return replace(judging, schedule=schedule, reused_run=None)
    return judging


def _named(entry: JournalEntry, samples: Sequence[Sample]) -> tuple[str, ...]:
    """Return the writers of an entry's pieces, by role."""
    writers = {s.sha256: s.writer for s in samples if s.item == entry.item}
    return tuple(writers.get(entry.texts[role], "?") for role in sorted(entry.texts))


def _unsupported(
    prepared: Prepared, judging: JudgingMode, entries: Sequence[JournalEntry]
) -> list[str]:
    """Return what this judge does not do, in sentences."""
    found = [str(a) for a in asking_facts(entries, judging.pieces.samples).adaptations]
    kind = prepared.spec.kind
    found += [
        f"‹mode› {mode} does not work with {kind.prefix}: judges"
        for mode in ("rubric", "pairwise")
        if mode not in kind.modes
    ]
    single = any(isinstance(e.outcome, Verdict) and e.outcome.value is not None for e in entries)
    if isinstance(judging, RubricMode) and single and judging.wants_range:
        takes_range = any(option.name == SCORE_RANGE.name for option in kind.options)
        advice = f"; give ‹{SCORE_RANGE.name}›" if takes_range else ""
        found.append(f"raw v2 and v2.1: {UNDECLARED_RANGE}{advice}")
    return found


def _whole_run(
    prepared: Prepared, judging: JudgingMode, entries: Sequence[JournalEntry]
) -> WholeRun:
    """Return what the whole run takes, by the mean of what these answers took."""
    limits = prepared.settings.limits
    estimate = judging.estimate(None)
    count = estimate.questions
    prices = known_prices(prepared.spec, prepared.endpoint, limits, judging.open_judge)
    prompt = _mean([e.usage.prompt_tokens for e in entries])
    completion = _mean([e.usage.completion_tokens for e in entries])
    cost = _mean([e.usage.cost for e in entries])
    if cost is None and prices is not None:
        sent = estimate.prompt_tokens / count if prompt is None and count else prompt or 0
        came = estimate.completion_tokens / count if completion is None and count else completion
        cost = (sent * prices.prompt + (came or 0) * prices.completion) / 1e6
    seconds = _mean([e.seconds for e in entries if e.reply is not None])
    return WholeRun(
        count,
        None
        if seconds is None
        else seconds * count / _together(judging, limits.most_threads, count),
        None if prompt is None else round(prompt * count),
        None if completion is None else round(completion * count),
        None if cost is None else cost * count,
        estimate.at_most,
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _together(judging: JudgingMode, width: int, questions: int) -> int:
    """Return how many questions are answered at the same time; a batch's answers share its time."""
    judge: Any = judging.open_judge(frozenset())
    try:
        if isinstance(judge, BatchJudge | StreamJudge):
            return 1
        if isinstance(judge, SetsWidth):
            width = judge.width
        elif isinstance(judge, LimitsThreads) and judge.threads:
            width = min(width, judge.threads)
        return max(1, min(width, questions))
    finally:
        judge.close()
