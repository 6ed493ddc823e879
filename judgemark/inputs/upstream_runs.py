"""Reads runs files of the upstream project: many runs in one JSON object.

Source of the format: the public Judgemark v2 repository's runs files (single judge, and ensembles
under `judge_outputs`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    TypeAdapter,
    field_validator,
)

from judgemark.errors import InputError, UsageError
from judgemark.inputs.bounded_types import Count, Number
from judgemark.inputs.json_file import place_of, read_json
from judgemark.inputs.validation import validated
from judgemark.judged import Judged, JudgedRun, Member, Unjudged
from judgemark.records import Class, Criterion, Rubric, text_hash
from judgemark.table.item_scores import ITEM_RULES, fold_name, valid_scores

LARGEST_SCORE = 1e6
"""An item score beyond this is a slip of some program: no scale reaches so far."""

Score = Number


_LENIENT = ITEM_RULES["v2.1"]
"""The item rule that needs the fewest criteria; v4 has it too."""


class _Output(BaseModel):
    model_config = ConfigDict(extra="ignore")
    judge_model: str | None = None
    parsed_scores: dict[str, Score | None] | None = None
    aggregated_score_raw: Annotated[Score, Field(ge=-LARGEST_SCORE, le=LARGEST_SCORE)] | None = None
    text_length: Count | None = None
    judge_response: str | None = None
    error: str | None = None

    @field_validator("parsed_scores", mode="before")
    @classmethod
    def _absent(cls, scores: Any) -> Any:
        """N/A stands for a score that the judge did not give."""
        if not isinstance(scores, dict):
            return scores
        return {name: None if _is_absent(score) else score for name, score in scores.items()}


class _Item(_Output):
    judge_outputs: list[_Output | None] | None = None


class _Range(BaseModel):
    min: Score = 0.0
    max: Score = 10.0


class _Criterion(BaseModel):
    name: StrictStr
    negative: StrictBool


class _Own(BaseModel):
    """What this program adds to a run where the format cannot say what its scores are."""

    mode: Literal["rubric", "pairwise"] = "rubric"
    tournament: dict[str, Count | Score | StrictStr] | None = None
    raw_scale: StrictBool = True


class _Run(BaseModel):
    model_config = ConfigDict(extra="ignore")
    judge_model: str | None = None
    judge_models: list[str] | str | None = None
    samples_file: str | None = None
    prompts_file: str | None = None
    scoring_range: _Range = Field(default_factory=_Range)
    criteria: list[_Criterion] | None = None
    ensemble_method: Literal["average", "median", "trimmed"] = "average"
    judgemark: _Own = Field(default_factory=_Own)
    results: dict[str, dict[str, dict[str, _Item]]]

    @field_validator("results", mode="before")
    @classmethod
    def _without_statistics(cls, results: Any) -> Any:
        """Upstream keeps each writer's own statistics among the iterations."""
        if not isinstance(results, dict):
            return results
        return {
            writer: {t: items for t, items in found.items() if not t.startswith("__")}
            if isinstance(found, dict)
            else found
            for writer, found in results.items()
        }

    @property
    def rubric(self) -> Rubric:
        """The range and, in files that this program wrote, the criteria and their polarity.

        Of several judges, functions and programs may have scored criteria of their own.
        """
        listed = self.criteria
        criteria = None if listed is None else tuple(Criterion(c.name, c.negative) for c in listed)
        low, high = self.scoring_range.min, self.scoring_range.max
        return Rubric(low, high, criteria, own_criteria=bool(self.member_names))

    @property
    def member_names(self) -> list[str]:
        """The judges of an ensemble; none for a single judge."""
        members = self.judge_models
        return members if isinstance(members, list) and len(members) > 1 else []

    @property
    def judge_name(self) -> str:
        """The judge, or the ensemble's members joined by commas."""
        members = self.judge_models
        if isinstance(members, list):
            return ",".join(members)
        return members or self.judge_model or "unknown"


_RUN = TypeAdapter(_Run)


def criteria_entry(rubric: Rubric) -> dict[str, Any]:
    """Return the entry `criteria` of a run: {} where polarity comes from the marker lists.

    Upstream's files have none, since its prompt files do not say which criteria are negative.
    """
    if rubric.criteria is None:
        return {}
    return {"criteria": [{"name": c.name, "negative": c.negative} for c in rubric.criteria]}


def own_entry(run: JudgedRun, *, raw_scale: bool) -> dict[str, Any]:
    """Return the entry `judgemark` of a run: {} where its item scores are those of a rubric.

    Ratings from tournaments, and scores of a judge's own scale, would else be read back as scores
    of the rubric's range.
    """
    tournament = run.protocol.get("tournament")
    if raw_scale and tournament is None:
        return {}
    mode = "rubric" if tournament is None else "pairwise"
    return {"judgemark": {"mode": mode, "tournament": tournament, "raw_scale": raw_scale}}


def is_runs_file(data: object) -> bool:
    """Return whether a JSON value has the shape of a runs file."""
    return isinstance(data, dict) and any(
        isinstance(run, dict) and "results" in run for run in data.values()
    )


def read_runs_file(path: Path, key: str | None = None) -> dict[str, JudgedRun]:
    """Return the runs of a file by key, or only the run that `key` names.

    Upstream's programs wrote NaN for figures that they could not compute; it is read as null.
    Raises InputError where the shape is wrong, and UsageError for a key that is not in the file.
    """
    data = read_json(path, nan_as_null=True)
    if not is_runs_file(data):
        raise InputError(
            path, "is not a runs file", fix='such a file holds {run_key: {"results": ...}}'
        )
    if key is not None and key not in data:
        raise UsageError(f'{path}: no run "{key}"; there are {", ".join(sorted(data))}')
    chosen = data if key is None else {key: data[key]}
    return {name: _read_run(name, run, path) for name, run in chosen.items()}


def _read_run(name: str, data: object, path: Path) -> JudgedRun:
    fix = "write it as the program that made the file does, or take that entry out"
    run = validated(_RUN, data, path, fix=fix, within=(name,))
    low, high = run.scoring_range.min, run.scoring_range.max
    if not low < high:
        place = place_of((name, "scoring_range"))
        raise InputError(path, "min is not below max", place=place, fix="give a min below the max")
    rubric = run.rubric
    judged: list[Judged] = []
    unjudged: list[Unjudged] = []
    replies: dict[tuple[str, str, str], str] = {}
    for writer, iteration, item, entry in _items(run):
        found = list(_judged(writer, iteration, item, entry, rubric))
        judged.extend(found)
        if not found:
            unjudged.append(Unjudged(writer, iteration, item, *_why_none(entry)))
        if entry.judge_response:
            replies[writer, iteration, item] = entry.judge_response
    pieces = {(j.writer, j.iteration, j.item) for j in judged}
    own = run.judgemark
    protocol: dict[str, Any] = {"name": "upstream runs file"}
    if own.tournament is not None:
        protocol["tournament"] = own.tournament
    return JudgedRun(
        run_id=name,
        judge={"spec": run.judge_name, "kind": "endpoint", "mode": own.mode, "endpoint": None},
        protocol=protocol,
        dataset={"name": Path(run.samples_file or "unknown").stem, "sha256": None},
        fingerprint={
            "samples": {"file": run.samples_file},
            "prompts": {"file": run.prompts_file},
            "scoring": {"min": low, "max": high, **criteria_entry(rubric)},
            "protocol": protocol,
        },
        rubric=rubric,
        judged=tuple(judged),
        unjudged=tuple(unjudged),
        pieces=len(pieces) + len(unjudged),
        classes=Counter({Class.OK: len(pieces), **Counter(u.cls for u in unjudged)}),
        replies=replies,
        method=run.ensemble_method,
        members=tuple(Member(n, spec) for n, spec in enumerate(run.member_names)),
        verdicts_sha256=_digest(judged, unjudged),
        own_scale=not own.raw_scale or _mostly_elsewhere(judged, rubric),
        rated_by=str(own.tournament.get("option")) if own.tournament else None,
    )


def _mostly_elsewhere(judged: Sequence[Judged], rubric: Rubric) -> bool:
    """Return whether most item scores lie neither in the rubric's range nor in 0..10.

    Files of ratings have none within. A few scores beyond are slips of a judge on that scale.
    """
    low, high = min(rubric.scoring_min, 0.0), max(rubric.scoring_max, 10.0)
    outside = [not low <= j.value <= high for j in judged if j.value is not None]
    return 2 * sum(outside) > len(outside)


def _digest(judged: Sequence[Judged], unjudged: Sequence[Unjudged]) -> str:
    """Return a hash of the verdicts behind the figures: what was scored and how, and what was
    not."""
    rows = [
        json.dumps(
            [j.writer, j.iteration, j.item, j.member, j.value, sorted((j.scores or {}).items())]
        )
        for j in judged
    ]
    rows += [json.dumps([u.writer, u.iteration, u.item]) for u in unjudged]
    return text_hash("\n".join(sorted(rows)))


def _items(run: _Run) -> Iterator[tuple[str, str, str, _Item]]:
    for writer, iterations in run.results.items():
        for iteration, items in iterations.items():
            for item, entry in items.items():
                yield writer, iteration, item, entry


def _judged(
    writer: str, iteration: str, item: str, entry: _Item, rubric: Rubric
) -> Iterator[Judged]:
    """Return the judges' scores of one piece: criterion scores where stored, else the item score.

    Where no member of an ensemble has a stored score, their common score counts. A piece with fewer
    valid criterion scores than any item rule needs has no verdict.
    """
    kept = [(n, o) for n, o in enumerate(entry.judge_outputs or ()) if o and _is_scored(o)]
    if not kept and _is_scored(entry):
        kept = [(0, entry)]
    for member, output in kept:
        scores = _present(output.parsed_scores)
        if scores and len(valid_scores(scores, rubric, _LENIENT)) < _LENIENT.fewest:
            continue
        yield Judged(
            writer,
            iteration,
            item,
            member,
            0,
            scores=scores or None,
            value=None if scores else output.aggregated_score_raw,
            text_length=output.text_length or entry.text_length,
        )


def _why_none(entry: _Item) -> tuple[Class, str]:
    """Return the reason why a piece has no verdict."""
    kept = [entry, *(o for o in entry.judge_outputs or () if o)]
    if any(_present(output.parsed_scores) for output in kept):
        few = f"fewer than {_LENIENT.fewest} criterion scores within the scoring range"
        return Class.UNPARSEABLE, few
    return Class.ERROR, entry.error or "the runs file holds no score for it"


def _is_absent(score: object) -> bool:
    return isinstance(score, str) and fold_name(score) in ("na", "")


def _is_scored(output: _Output) -> bool:
    """Return whether there is a score; one that comes with an error was filled in by the
    program."""
    value = None if output.error else output.aggregated_score_raw
    return value is not None or bool(_present(output.parsed_scores))


def _present(scores: Mapping[str, float | None] | None) -> dict[str, float]:
    return {name: score for name, score in (scores or {}).items() if score is not None}
