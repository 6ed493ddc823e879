"""What asks the questions of a prepared run by batches or files."""

from __future__ import annotations

import time

from judgemark.errors import UsageError
from judgemark.jobs.prepare_run import Prepared
from judgemark.judges.base import BatchJudge, Judge
from judgemark.run.attempts import RetryRules
from judgemark.run.budget import Budget
from judgemark.run.clock import SystemClock
from judgemark.run.journal import Journal
from judgemark.run.progress import Progress
from judgemark.run.runner import RunnerSettings
from judgemark.run.stop import Stop
from judgemark.run.wave_asking import WaveAsker


def wave_asker(
    prepared: Prepared,
    judge: Judge | BatchJudge,
    journal: Journal,
    settings: RunnerSettings,
    *,
    progress: Progress,
    stop: Stop,
    budget: Budget,
) -> WaveAsker | None:
    """Return what asks the questions by batches or files; None where they are asked at once."""
    choices, endpoint = prepared.settings.batches, prepared.endpoint
    if endpoint is None or not (choices.batch or choices.by_file):
        return None
    from judgemark.judges.batches.service_choice import BATCH_FORMS, form_of
    from judgemark.judges.chat import ChatJudge
    from judgemark.run.batch_asking import BatchAsker, BatchRules, RunControl
    from judgemark.run.batch_files import EmitAsker, IngestAsker
    from judgemark.run.batch_log import BatchLog
    from judgemark.run.batch_reading import AnswerReading, recorded_answers
    from judgemark.run.recording import Recorder

    if not isinstance(judge, ChatJudge):
        raise UsageError(f"‹batch› does not work with {prepared.spec.text}; leave it out")
    if choices.emit_batch is not None:
        return EmitAsker(choices.emit_batch, judge, progress.say)
    reading = AnswerReading(
        judge,
        prepared.protocol,
        Recorder(journal, progress),
        settings.prices,
        recorded_answers(journal.path),
    )
    if choices.ingest is not None:
        return IngestAsker(choices.ingest, reading, journal.path, progress.say)
    make = BATCH_FORMS[choices.batch_form or form_of(endpoint)]
    return BatchAsker(
        make(endpoint, prepared.settings.limits.request),
        reading,
        BatchLog(prepared.folder.path),
        BatchRules(
            RetryRules(settings.max_retries, settings.repeatable),
            choices.batch_wait,
            choices.batch_poll,
        ),
        RunControl(SystemClock(), stop, budget, time.time, progress.say),
    )
