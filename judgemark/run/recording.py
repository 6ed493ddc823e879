"""Record the outcomes of questions in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from judgemark.records import Outcome, Question
from judgemark.run.attempts import Attempt, total_usage
from judgemark.run.journal import Journal
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.progress import Progress


class Recorder:
    """Appends outcomes to the journal and counts them for the user."""

    def __init__(self, journal: Journal, progress: Progress) -> None:
        self._journal = journal
        self._progress = progress

    def record(
        self, question: Question, attempts: Sequence[Attempt], *, batch: str | None = None
    ) -> Outcome:
        """Append the outcome: the last reply that came, or the fault where none did.

        `batch` names the batch whose answer it is.
        """
        replied = [a for a in attempts if a.reply is not None]
        counted = replied[-1] if replied else attempts[-1]
        usage = total_usage([a.reply.usage for a in replied if a.reply is not None])
        samples = question.pieces
        piece = samples.get("piece")
        self._journal.append(
            JournalEntry(
                key=question.key,
                item=question.item,
                texts={role: s.sha256 for role, s in samples.items()},
                outcome=counted.outcome,
                reply=counted.reply,
                attempts=len(attempts),
                first_class=replied[0].outcome.cls if replied else None,
                seconds=sum(a.seconds for a in attempts),
                time=datetime.now(UTC).isoformat(timespec="seconds"),
                usage=usage,
                prompt_characters=sum(len(message.content) for message in question.messages),
                place=(piece.writer, piece.iteration) if question.by_place and piece else None,
                batch=batch,
            )
        )
        good = counted.outcome.cls.good
        self._progress.came(good=good, cost=usage.cost, requests=len(attempts))
        return counted.outcome
