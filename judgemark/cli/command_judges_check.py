"""Tries a judge out on three pieces before a run."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.asking_summary import judge_line
from judgemark.cli.environment_file import read_environment
from judgemark.cli.flags_to_settings import job_settings
from judgemark.cli.terminal import say, table
from judgemark.cli.terminal_log import log_to_terminal
from judgemark.jobs.check_judge import CheckedAnswer, WholeRun, check_judge
from judgemark.records import Failure, Verdict
from judgemark.run.journal_entry import JournalEntry

_LONGEST_REPLY = 160
_SCORES = 3
_LAST_LINES = 3


def run(args: argparse.Namespace) -> int:
    """Ask, print what came and return the exit code; raises Refused where nothing can be used."""
    environment = read_environment()
    log_to_terminal(args.verbosity, environment)
    found = check_judge(job_settings(args, environment), environment, say)
    say(judge_line(found.prepared))
    say(f"Mode       {found.prepared.mode}")
    for number, answer in enumerate(found.answers, 1):
        say(f"Answer {number}   {_told(answer)}")
        say(table(_details(answer.entry), indent=11))
    for told in found.unsupported:
        say(f"Note       {told}")
    for line in found.log[-_LAST_LINES:]:
        say(f"Log        {line}")
    if found.refused is not None:
        raise found.refused
    say(f"Whole run  {_whole(found.whole)}")
    return DONE if found.passed else INCOMPLETE


def _told(answer: CheckedAnswer) -> str:
    entry = answer.entry
    return (
        f"item {entry.item}, {' against '.join(answer.pieces)}: {entry.outcome.cls.value}, "
        f"{entry.seconds:.2f} s"
    )


def _details(entry: JournalEntry) -> list[tuple[str, str]]:
    rows = [("read as", _outcome(entry))]
    if entry.reply is not None:
        text = " ".join(entry.reply.text.split())
        shown = text if len(text) <= _LONGEST_REPLY else f"{text[:_LONGEST_REPLY]}…"
        rows.append(("reply", f"“{shown}”" if shown else "empty"))
    usage = entry.usage
    if usage.prompt_tokens is not None or usage.completion_tokens is not None:
        rows.append(("tokens", f"{usage.prompt_tokens} sent, {usage.completion_tokens} received"))
    return rows


def _outcome(entry: JournalEntry) -> str:
    outcome = entry.outcome
    if isinstance(outcome, Failure):
        return f"no verdict: {outcome.reason}"
    if outcome.value is not None:
        return f"one score, {outcome.value:g}"
    if outcome.preference is not None:
        return f"the probability {outcome.preference:.3f} that the first piece is the better one"
    return _scores(outcome)


def _scores(verdict: Verdict) -> str:
    scores = verdict.scores or {}
    first = ", ".join(f"{name} {score:g}" for name, score in list(scores.items())[:_SCORES])
    more = ", …" if len(scores) > _SCORES else ""
    return f"{len(scores)} criterion scores: {first}{more}"


def _whole(whole: WholeRun) -> str:
    parts = [f"{'at most ' if whole.at_most else ''}{whole.questions:,} questions"]
    if whole.seconds is not None:
        parts.append(f"about {_duration(whole.seconds)}")
    if whole.prompt_tokens is not None and whole.completion_tokens is not None:
        parts.append(
            f"about {whole.prompt_tokens:,} tokens sent and {whole.completion_tokens:,} received"
        )
    parts.append("the cost is not known" if whole.cost is None else f"about ${whole.cost:,.2f}")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"
