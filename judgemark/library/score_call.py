"""`score`: the figures of scores that were made elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.library.judged_result import Run


def score(
    scores: Any,
    reference: Mapping[str, float] | str | PathLike[str] | None = None,
    *,
    seed: int = 0,
    name: str = "scores",
    scale: tuple[float, float] | None = None,
    missing: str = "error",
    writers: Sequence[str | int] | None = None,
    iterations: Sequence[str | int] | None = None,
    items: Sequence[str | int] | None = None,
) -> Run:
    """Measure a judge by the scores that it gave; nobody is asked.

    Args:
        scores: a long table with the columns `writer`, `item` and `score`, and where there are
            several `iteration` (the writer's), `repeat` (the judge's, from 0) and `member` (of an
            ensemble, from 0): a pandas, polars or pyarrow frame, a mapping of columns, or an
            iterable of mappings. Or an array of numbers of shape (writers, iterations, items).
            Higher scores are better.
        reference: the known quality of each writer, higher is better: `{writer: number}` or a
            file of it. The agreement with this order is then among the figures.
        seed: the seed of everything random: resamples, shuffles, the permutation null.
        name: what the judge is called.
        scale: the judge's lowest and highest score, mapped linearly to 0..10. Without it, scores
            outside 0..10 have no raw v2 and v2.1, whose constants were made for that scale; v4
            and the calibrated scores do not depend on it.
        missing: what a score that is None or NaN means: `error`, or `skip` for a piece without a
            verdict. In a table with a column `class`, as `scores.csv` has it, it is always the
            latter.
        writers: the names along the array's first axis.
        iterations: the names along its second axis.
        items: the names along its third axis.

    Returns:
        The figures. `run.v4` is a number, 0..133, with its interval; `run.result` has them all.

    Raises:
        UsageError: in one line, with the row, for a missing column, a score that is not a number,
            two rows of one piece, or an array of another shape.
    """
    from judgemark.library.score_input import ArrayNames, judged_run
    from judgemark.scoring.result_json import compose

    if missing not in ("error", "skip"):
        raise UsageError(f'missing: "{missing}" is unknown; give "error" or "skip"')
    names = ArrayNames(writers, iterations, items)
    judged = judged_run(scores, name=name, names=names, scale=scale, skip=missing == "skip")
    known = known_references(reference, {j.writer for j in judged.judged})
    judged = replace(judged, references=known, seed=_checked_seed(seed))
    return Run(compose(judged), folder=None, judged=judged)


def known_references(
    reference: Mapping[str, float] | str | PathLike[str] | None, writers: Collection[str]
) -> Mapping[str, float] | None:
    """Return the reference scores of these writers, read from a file or given; None for none.

    Raises UsageError where they are no numbers, or score fewer than two of the writers.
    """
    from judgemark.inputs.references import checked_references, read_references

    if reference is None:
        return None
    if isinstance(reference, Mapping):
        return checked_references(dict(reference), "reference", writers)
    return read_references(Path(reference), writers)


def _checked_seed(seed: int) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise UsageError(f"seed: {seed!r:.40} is not a whole number of 0 or more")
    return seed
