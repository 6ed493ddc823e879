"""Judgemark measures how well a judge separates strong writing from weak.

    import judgemark as jm

    run = jm.judge("openai/gpt-4o-mini", samples="samples.json", threads=32)
    run.v4, run.v4.ci95         # the separability score, 0..133, and its 95% interval
    run.scores.to_frame()       # one row for each verdict
    run.report("report.html")

    jm.ladder("openai/gpt-4o-mini").reads   # does it notice known damage?
    jm.score(scores).v4         # the figures of scores that were made elsewhere
    jm.compare(a, b).v4         # two judges on the same samples
    jm.board([a, b]).to_html("board.html")

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judgemark.version import __version__

if TYPE_CHECKING:
    from judgemark.errors import (
        CapReached,
        InputError,
        Interrupted,
        JudgemarkError,
        Refused,
        UndefinedFigure,
        UsageError,
    )
    from judgemark.library.board_call import RunBoard, board
    from judgemark.library.compare_call import RunComparison, compare
    from judgemark.library.ensemble_call import choose_jury, ensemble
    from judgemark.library.headline_score import HeadlineScore, ScoreDifference
    from judgemark.library.judge_call import judge, load
    from judgemark.library.judged_result import Run
    from judgemark.library.ladder_call import ladder
    from judgemark.library.pairs_call import PairsRun, pairs
    from judgemark.library.probe_call import ProbeRun, probe
    from judgemark.library.run_scores import RunScores
    from judgemark.library.score_call import score
    from judgemark.library.scripted_judge import ScriptedJudge
    from judgemark.library.validity_run import ValidityRun

__all__ = [
    "CapReached",
    "HeadlineScore",
    "InputError",
    "Interrupted",
    "JudgemarkError",
    "PairsRun",
    "ProbeRun",
    "Refused",
    "Run",
    "RunBoard",
    "RunComparison",
    "RunScores",
    "ScoreDifference",
    "ScriptedJudge",
    "UndefinedFigure",
    "UsageError",
    "ValidityRun",
    "__version__",
    "board",
    "choose_jury",
    "compare",
    "ensemble",
    "judge",
    "ladder",
    "load",
    "pairs",
    "probe",
    "score",
]

if not TYPE_CHECKING:
    from judgemark.library import PLACES

    def __getattr__(name: str) -> object:
        """Import what the library offers when it is first asked for (PEP 562)."""
        if name not in PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = getattr(import_module(f"judgemark.{PLACES[name]}"), name)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        return list(__all__)
