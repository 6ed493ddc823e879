"""The reference for pairs of pieces: a finished rubric run or a file of item scores."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.inputs.json_file import read_json
from judgemark.inputs.piece_scores import read_item_scores
from judgemark.inputs.upstream_runs import is_runs_file
from judgemark.judged import Judged, JudgedRun
from judgemark.metrics.validity.drawn_pairs import to_hundred
from judgemark.records import Place, Sample
from judgemark.run.run_lookup import find_folder, load_one
from judgemark.table.item_scores import ITEM_RULES, valid_scores
from judgemark.table.member_joining import exact_mean
from judgemark.table.score_table import mean


@dataclass(frozen=True)
class ReferenceScores:
    """Scores of pieces from 0 to 100, higher is better, by writer, iteration and item.

    `repeats` holds the scores of each repetition of the reference; with fewer than two its
    repeatability is unknown. `texts` holds the hashes of the texts that were scored and `samples`
    the texts themselves, where they are known.
    """

    name: str
    scores: Mapping[Place, float]
    repeats: tuple[Mapping[Place, float], ...]
    texts: Mapping[Place, str]
    samples: tuple[Sample, ...]

    @property
    def sha256(self) -> str:
        """Return a digest of the scores."""
        rows = [[*place, score] for place, score in sorted(self.scores.items())]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def read_reference(name: str, runs_dir: Path) -> ReferenceScores:
    """Return the scores of a run (id, folder or upstream runs file) or of a score file.

    Raises UsageError for a run that has no rubric scores, InputError for a file of another shape.
    """
    path = Path(name)
    if path.is_file() and not is_runs_file(read_json(path)):
        scores = read_item_scores(path)
        return ReferenceScores(path.name, scores, (scores,), {}, ())
    if find_folder(name, runs_dir) is None and not Path(name.partition("::")[0]).is_file():
        raise UsageError(
            f'‹reference›: no "{name}": neither a run in {runs_dir} nor a run\'s folder nor a file'
        )
    return _of_run(load_one(name, runs_dir))


def _of_run(run: JudgedRun) -> ReferenceScores:
    """Return mean criterion scores, mapped from the scoring range to 0..100."""
    score = _scorer(run)
    by_repeat: dict[int, dict[Place, list[float]]] = defaultdict(lambda: defaultdict(list))
    for j in run.judged:
        try:
            found = score(j)
        except UndefinedFigure:
            continue
        by_repeat[j.repeat][j.writer, j.iteration, j.item].append(found)
    repeats = tuple(
        {place: exact_mean(members) for place, members in pieces.items()}
        for _, pieces in sorted(by_repeat.items())
    )
    together: dict[Place, list[float]] = defaultdict(list)
    for pieces in repeats:
        for place, value in pieces.items():
            together[place].append(value)
    if not together:
        raise UsageError(f'‹reference›: run "{run.run_id}" has no scored piece')
    return ReferenceScores(
        run.run_id,
        {place: exact_mean(values) for place, values in together.items()},
        repeats,
        {(j.writer, j.iteration, j.item): j.text_sha256 for j in run.judged if j.text_sha256},
        run.samples,
    )


def _scorer(run: JudgedRun) -> Callable[[Judged], float]:
    if run.ratings or run.judge.get("kind") == "baseline":
        raise UsageError(
            f'‹reference›: run "{run.run_id}" is not a rubric run: its numbers have no range that '
            "could be mapped to 0..100"
        )
    low, high = run.rubric.scoring_min, run.rubric.scoring_max
    rule = ITEM_RULES["v2.1"]

    def score(j: Judged) -> float:
        if j.value is not None:
            return to_hundred(j.value, low, high)
        valid = valid_scores(j.scores or {}, run.rubric, rule)
        if len(valid) < rule.fewest:
            raise UndefinedFigure(f"{len(valid)} valid criterion scores")
        return to_hundred(mean(valid), low, high)

    return score
