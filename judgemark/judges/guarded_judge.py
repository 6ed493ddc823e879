"""Judges of other packages: whatever they raise or return is a failure of its question.

A package may raise anything, so that everything is caught here but what ends the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from judgemark.errors import AskFault, JudgemarkError, UsageError
from judgemark.judges.answers import shown_answer
from judgemark.judges.base import USUAL_BATCH, Json
from judgemark.judges.exception_text import one_line, raised_by_judge
from judgemark.records import Question, Reply

_OURS = __name__.partition(".")[0]
_PASSED_ON = (
    "may_loop", "prepare", "ask_in_loop", "leave_loop", "interrupt", "stop_waiting", "load",
    "keep_log", "width", "threads", "accepted_before",
)  # fmt: skip
"""What judges of one kind or another offer besides asking; see `judges/base.py`."""


def guarded(judge: Any) -> Any:
    """Return a judge as it is where it is ours, else one that keeps its faults to its questions.

    Raises UsageError for what cannot be asked.
    """
    if _is_ours(type(judge)):
        return judge
    for asks, kind in _GUARDS.items():
        if callable(getattr(judge, asks, None)):
            # Interfaces are told by the attributes of the class.
            offered = {name: _passed_on(name) for name in _PASSED_ON if hasattr(judge, name)}
            return type(kind.__name__, (kind,), offered)(judge)
    asked = ", ".join(_GUARDS)
    raise UsageError(
        f"‹judge_model›: the judge is a {type(judge).__name__}, which has none of {asked}; update "
        "or correct its package"
    )


def set_up(make: Callable[..., Any], *arguments: Any) -> Any:
    """Return what another package makes; UsageError in one line for whatever it raises."""
    try:
        return make(*arguments)
    except JudgemarkError:
        raise
    except (Exception, SystemExit) as exc:
        if _is_ours(make):
            raise
        raise UsageError(
            f"‹judge_model›: the package of the judge failed ({type(exc).__name__}: "
            f"{one_line(exc)}); update or correct it"
        ) from exc


def _is_ours(made_by: Any) -> bool:
    return str(made_by.__module__).partition(".")[0] == _OURS


def _passed_on(name: str) -> property:
    return property(lambda guard: getattr(guard.judge, name))


class _Guard:
    def __init__(self, judge: Any) -> None:
        self.judge = judge

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return what the judge tells of itself."""
        found: Mapping[str, Json] = getattr(self.judge, "configuration", {})
        return found

    def close(self) -> None:
        """Close the judge, if it can be closed."""
        getattr(self.judge, "close", _nothing)()


class _GuardedJudge(_Guard):
    def enter_thread(self) -> None:
        """Prepare the calling thread, if the judge wants to."""
        getattr(self.judge, "enter_thread", _nothing)()

    def interrupt(self) -> None:
        """Break off what is under way, if the judge can."""
        getattr(self.judge, "interrupt", _nothing)()

    def ask(self, question: Question) -> Reply:
        """Return the reply; AskFault for whatever else the judge gives or raises."""
        try:
            reply = self.judge.ask(question)
        except JudgemarkError:
            raise
        except (Exception, SystemExit) as exc:
            raise raised_by_judge(exc) from exc
        checked = _checked(reply)
        if isinstance(checked, AskFault):
            raise checked
        return checked


class _GuardedBatchJudge(_Guard):
    @property
    def batch(self) -> int:
        """Return the judge's batch size, or a usual one."""
        return int(getattr(self.judge, "batch", USUAL_BATCH))

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Return a reply or a fault for each question, whatever the judge gives or raises."""
        try:
            given = list(self.judge.ask_batch(questions))
        except JudgemarkError:
            raise
        except (Exception, SystemExit) as exc:  # noqa: BLE001
            return [raised_by_judge(exc)] * len(questions)
        if len(given) != len(questions):
            told = f"the judge gave {len(given)} replies to {len(questions)} questions"
            return [AskFault(told)] * len(questions)
        return [_checked(one) for one in given]


class _GuardedStreamJudge(_Guard):
    def ask_stream(self, questions: Iterator[Question]) -> Iterator[tuple[int, Reply | AskFault]]:
        """Yield the judge's answers, and its fault for the questions that it then leaves open."""
        taken: set[int] = set()

        def taking() -> Iterator[Question]:
            for number, question in enumerate(questions):
                taken.add(number)
                yield question

        fault: AskFault | None = None
        try:
            for number, answer in self.judge.ask_stream(taking()):
                if number in taken:
                    taken.discard(number)
                    yield number, _checked(answer)
                else:
                    fault = AskFault(f"the judge answered {number!r:.20}, which was not open")
        except JudgemarkError:
            raise
        except (Exception, SystemExit) as exc:  # noqa: BLE001
            fault = raised_by_judge(exc)
        # A stream that ends by itself was told to end, or the runner says that it did.
        if fault is not None:
            yield from [(number, fault) for number in sorted(taken)]


_GUARDS: dict[str, type[_Guard]] = {
    "ask_stream": _GuardedStreamJudge,
    "ask_batch": _GuardedBatchJudge,
    "ask": _GuardedJudge,
}


def _checked(answer: object) -> Reply | AskFault:
    if isinstance(answer, Reply | AskFault):
        return answer
    return AskFault(f"the judge gave {shown_answer(answer)}, which is not a Reply")


def _nothing() -> None:
    """Do nothing."""
