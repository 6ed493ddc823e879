"""What programs call: the functions and results of `import judgemark`."""

from collections.abc import Mapping
from types import MappingProxyType

_MODULES = {
    "errors": (
        "CapReached",
        "InputError",
        "Interrupted",
        "JudgemarkError",
        "Refused",
        "UndefinedFigure",
        "UsageError",
    ),
    "library.board_call": ("RunBoard", "board"),
    "library.compare_call": ("RunComparison", "compare"),
    "library.ensemble_call": ("choose_jury", "ensemble"),
    "library.headline_score": ("HeadlineScore", "ScoreDifference"),
    "library.judge_call": ("judge", "load"),
    "library.judged_result": ("Run",),
    "library.ladder_call": ("ladder",),
    "library.pairs_call": ("PairsRun", "pairs"),
    "library.probe_call": ("ProbeRun", "probe"),
    "library.run_scores": ("RunScores",),
    "library.score_call": ("score",),
    "library.scripted_judge": ("ScriptedJudge",),
    "library.validity_run": ("ValidityRun",),
}

PLACES: Mapping[str, str] = MappingProxyType(
    {name: module for module, names in _MODULES.items() for name in names}
)
"""The module of each name that `judgemark` offers."""
