"""Every error this package raises on purpose.

JudgemarkError
├── UsageError            what the user gave cannot be used: flags, files, settings (exit 2)
│   └── InputError        a file: which one, where in it, and how to fix it
├── Refused               the endpoint refuses for good: key, unknown judge (exit 3)
│   └── GivenUp           no request was answered for too long, or the wait asked for is too long
├── CapReached            max_cost or max_requests was reached (exit 3)
├── BatchOut              a batch has not been answered yet; the same command collects it (exit 4)
├── Interrupted           Ctrl-C or SIGTERM (exit 130)
├── AskFault              one question could not be asked, others may
│   ├── TransientFault    worth asking again, perhaps after a pause
│   ├── ContentRefused    the endpoint's content filter refuses this question
│   ├── OutputLimitReached the reply reached its limit of tokens, and none of it came
│   └── ParameterRejected the endpoint does not take one parameter
└── UndefinedFigure       a figure that these data do not define: the reason
    └── NotConverged      an iterative fit that did not reach its optimum
"""

from __future__ import annotations

from pathlib import Path

from judgemark.setting_names import as_keywords


class JudgemarkError(Exception):
    """The base of every error that this package raises on purpose.

    `message` is the text with its settings marked, so that the command line can show them as
    flags; converted to a string, the error shows them as keywords.
    """

    @property
    def message(self) -> str:
        """The text with its settings marked."""
        return super().__str__()

    def __str__(self) -> str:
        return as_keywords(self.message)


class UsageError(JudgemarkError):
    """What the user gave cannot be used; the message is one line that says how to fix it."""


class InputError(UsageError):
    """A file that cannot be used; the message names the file, the place in it and the fix."""

    def __init__(self, path: Path | str, problem: str, *, place: str = "", fix: str = "") -> None:
        self.path = Path(path)
        self.place = place
        self.problem = problem
        self.fix = fix
        where = f"{path}: {place}" if place else f"{path}"
        super().__init__(f"{where}: {problem}" + (f"; {fix}" if fix else ""))


class Refused(JudgemarkError):
    """The endpoint refuses for good (key, unknown judge), so that no further question is sent."""


class GivenUp(Refused):
    """No request was answered within `give_up_after`, or the endpoint asks to wait longer."""


class CapReached(JudgemarkError):
    """A cap that the user set on cost or requests was reached."""


class BatchOut(JudgemarkError):
    """A provider has not answered all batches yet; the same command collects them later."""


class Interrupted(JudgemarkError):
    """The user or the system asked the run to stop."""


class AskFault(JudgemarkError):
    """One question could not be asked this time."""


class TransientFault(AskFault):
    """A fault that may pass: rate limits, server errors, broken connections.

    `retry_after` is the pause in seconds that the endpoint asked for, if it did, however long;
    `throttled` says that the endpoint complained of too many requests at once;
    `unreached` that no connection was made at all; `timed_out` that the request was sent and no
    whole answer came in time; `maybe_paid` that the request was sent and its answer was lost, so
    that it may have been paid for (true for every `timed_out` one).
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        throttled: bool = False,
        unreached: bool = False,
        timed_out: bool = False,
        maybe_paid: bool = False,
    ) -> None:
        self.retry_after = retry_after
        self.throttled = throttled
        self.unreached = unreached
        self.timed_out = timed_out
        self.maybe_paid = maybe_paid or timed_out
        super().__init__(message)


class ContentRefused(AskFault):
    """The endpoint's content filter refuses this question; asking it again gives the same."""


class OutputLimitReached(AskFault):
    """The judge's reply reached the limit of its tokens, and the endpoint sent none of it."""


class ParameterRejected(AskFault):
    """The endpoint does not take the parameter `name`; ask again without it.

    `at_most` is the figure that it allows instead, for this question; None where it takes none.
    """

    def __init__(self, name: str, message: str, *, at_most: int | None = None) -> None:
        self.name = name
        self.at_most = at_most
        super().__init__(message)


class UndefinedFigure(JudgemarkError):
    """These data do not define the figure; the message is the reason shown to the reader."""


class NotConverged(UndefinedFigure):
    """An iterative fit that did not reach its optimum."""
