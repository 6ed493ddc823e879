"""Whether a prepared run may ask by batches or files, and what its batches still hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from judgemark.errors import InputError, UsageError
from judgemark.jobs.prepare_run import Prepared
from judgemark.judges.judge_kind import RUBRIC
from judgemark.judging.ensemble_mode import EnsembleMode
from judgemark.judging.judging_mode import waves_so_far
from judgemark.run.folder import BATCHES


def check_batches(prepared: Prepared) -> None:
    """Raise UsageError where the run's settings of batches cannot be used, before any request."""
    choices = prepared.settings.batches
    choices.check()
    _refuse_outstanding(prepared)
    named = next((n for n in ("batch", "emit_batch", "ingest") if getattr(choices, n)), None)
    if named is None:
        return
    if isinstance(prepared.judging, EnsembleMode):
        raise UsageError(f"‹{named}› is for a single judge; judge with each, then join the runs")
    if prepared.endpoint is None:
        raise UsageError(f"‹{named}› is for judges at an endpoint, not for {prepared.spec.text}")
    if prepared.endpoint.others:
        raise UsageError(f"‹{named}› goes to one endpoint; give one ‹base_url›")
    if choices.ingest is not None and not choices.ingest.is_file():
        problem = "no such file"
        if choices.ingest.exists():
            problem = f"{'a folder' if choices.ingest.is_dir() else 'a pipe or device'}, not a file"
        raise UsageError(f"‹ingest›: {choices.ingest}: {problem}; give a file of results")
    if choices.emit_batch is not None:
        from judgemark.run.batch_files import refuse_other_file
        from judgemark.run.files import refuse_unwritable

        refuse_unwritable(choices.emit_batch, "‹emit_batch›")
        refuse_other_file(choices.emit_batch)
    if choices.by_file and prepared.judging.asks_before:
        fix = "leave ‹structured› out" if prepared.mode == RUBRIC else "give ‹worded›"
        raise UsageError(
            f"‹{named}›: the judge's capabilities would have to be probed first, and nothing is "
            f"sent to it; {fix}"
        )


def check_results(prepared: Prepared, journal: Path | None) -> None:
    """Raise InputError where a file to ingest has no answer to any question of the run.

    `journal` is that of a run that was begun. Whether the file is one of results shows here too,
    before anything is written.
    """
    path = prepared.settings.batches.ingest
    if path is None:
        return
    from judgemark.run.batch_reading import answered_digests, question_digest
    from judgemark.run.result_files import digest_of, read_results

    answers = [digest_of(answer) for answer, _ in read_results(path, warn=False)]
    if not answers:
        raise InputError(path, "it holds no results", fix="give a file of results")
    ours = answered_digests(journal) if journal is not None else set()
    if not ours.isdisjoint(answers):
        return
    judging = prepared.judging
    if isinstance(judging, EnsembleMode):
        return
    for wave in waves_so_far(judging.protocol.plan(), judging.known(journal)):
        if not {question_digest(q.key) for q in wave}.isdisjoint(answers):
            return
    raise InputError(
        path,
        f"none of its {len(answers)} answers belongs to a question of run {prepared.folder.run_id}",
        fix="give the results of the questions that ‹emit_batch› writes with the same settings",
    )


def questions_out(prepared: Prepared, journal: Path | None) -> int:
    """Return how many of the questions without a verdict wait for the answers of a batch.

    `journal` is that of a run that was begun.
    """
    judging = prepared.judging
    if journal is None or not prepared.settings.batches.batch or isinstance(judging, EnsembleMode):
        return 0
    from judgemark.run.batch_log import BatchLog
    from judgemark.run.batch_reading import question_digest

    sent = {d for b in BatchLog(journal.parent).batches if not b.fetched for d in b.questions}
    if not sent:
        return 0
    known = judging.known(journal)
    waves = waves_so_far(judging.protocol.plan(), known)
    keys = {q.key for wave in waves for q in wave}
    left = (key for key in keys if key not in known or not known[key].cls.good)
    return sum(question_digest(key) in sent for key in left)


def tell_results(prepared: Prepared, say: Callable[[str], None]) -> None:
    """Say, where a file is ingested into a run that has all outcomes, that it brings nothing."""
    if prepared.settings.batches.ingest is not None:
        from judgemark.run.batch_files import tell_known_results

        tell_known_results(prepared.settings.batches.ingest, prepared.folder.journal, say)


def _refuse_outstanding(prepared: Prepared) -> None:
    """Raise UsageError where questions are out in batches and this command would ask them again."""
    settings, folder = prepared.settings, prepared.folder
    begun = folder.exists and not settings.fresh
    if settings.batches.batch or not begun or not (folder.path / BATCHES).exists():
        return
    from judgemark.run.batch_log import BatchLog

    log = BatchLog(folder.path)
    out = [b for b in log.batches if not b.fetched]
    if out:
        count = sum(len(b.questions) for b in out)
        raise UsageError(
            f"{count} questions of this run are out in batches: give ‹batch› to collect "
            f"their answers, or remove {log.path} to ask these questions a second time"
        )
