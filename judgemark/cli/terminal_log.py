"""Shows on the terminal what the program logs while a command runs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping

from judgemark.cli.flag_values import shortened
from judgemark.cli.terminal import warn
from judgemark.errors import UsageError


class _TerminalHandler(logging.Handler):
    """Prints each record to standard error, as it is when the record comes."""

    def emit(self, record: logging.LogRecord) -> None:
        # Where standard error is full or closed, there is nobody to tell.
        with contextlib.suppress(OSError):
            warn(self.format(record))


def log_to_terminal(level: str | None, environment: Mapping[str, str]) -> None:
    """Log to standard error at this level, else at that of LOG_VERBOSITY; UsageError for none."""
    level = level or environment.get("LOG_VERBOSITY", "WARNING").upper()
    if level not in logging.getLevelNamesMapping():
        raise UsageError(
            f'LOG_VERBOSITY: "{shortened(level)}" is not a level; '
            "give DEBUG, INFO, WARNING or ERROR"
        )
    handler = _TerminalHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("judgemark")
    logger.handlers = [handler]
    logger.setLevel(level)
