"""A run's folder: what was asked, the pieces, the journal, and who may write."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.errors import InputError, UsageError
from judgemark.inputs.json_file import LARGEST_FILE, parse_json, place_of, read_json
from judgemark.inputs.samples import SampleSet, sample_set
from judgemark.inputs.validation import validated
from judgemark.redaction import Scrubber, looks_like_key, without_shapes
from judgemark.run.files import refuse_unwritable, write_json, write_json_gz
from judgemark.run.journal import NAME as JOURNAL

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SPEC = "run.json"
SAMPLES = "samples.json.gz"
RESULT = "result.json"
REPLICATES = "replicates.json"
REPORT = "report.html"
SCORES = "scores.csv"
REFERENCES = "reference_scores.json"
CHARTS = "charts"
WRITING_PROMPTS = "writing_prompts.json"
ANCHORS = "anchors.json"
PAIRS = "pairs.json"
DRAWN = "drawn.json.gz"
JUDGE_LOG = "judge.log"
BATCHES = "batches.jsonl"
ENSEMBLE = "ensemble.json"

_FORBIDDEN = re.compile(r"[/\\]")
_LONGEST_ID = 150
_RESTORE = "restore it from a copy"


def check_run_id(run_id: str) -> str:
    """Return the id if it can name a folder in the runs folder; raises UsageError otherwise."""
    if looks_like_key(run_id):
        raise UsageError("‹run_id›: what was given has the form of a key; give another name")
    if (
        not run_id.strip()
        or not run_id.isprintable()
        or _FORBIDDEN.search(run_id)
        or ".." in run_id
        or run_id.startswith((".", "-"))
        or len(run_id.encode()) > _LONGEST_ID
    ):
        if run_id.isprintable() and len(run_id.encode()) > _LONGEST_ID:
            raise UsageError(
                f'‹run_id›: "{run_id[:40]}…" cannot name a folder, because it is too long; '
                f"give at most {_LONGEST_ID} bytes"
            )
        shown = run_id.encode("unicode_escape").decode()
        raise UsageError(
            f'‹run_id›: "{shown}" cannot name a folder; use letters, digits, "-", "_" and "."'
        )
    return run_id


def default_run_id(judge: str, samples: str, fingerprint: Mapping[str, Any]) -> str:
    """Return an id made of judge and samples, with eight digits of the fingerprint's digest.

    It never has the form of a key, which would be withheld wherever the id is printed.
    """
    text = json.dumps(fingerprint, sort_keys=True, allow_nan=False)
    digits = hashlib.sha256(text.encode()).hexdigest()[:8]

    def slug(name: str, longest: int) -> str:
        return re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.")[:longest] or "x"

    made = re.sub(r"\.{2,}", ".", f"{slug(judge, 60)}--{slug(samples, 40)}--{digits}")
    if without_shapes(made) == made:
        return made
    # Keys of a service may begin with its name: xai/grok-4 would give "xai-grok-4--samples--...".
    return re.sub(r"[-_.]+", ".", made)


@dataclass(frozen=True)
class RunFolder:
    """The files of one run."""

    path: Path

    @property
    def run_id(self) -> str:
        """The id: the folder's name."""
        return self.path.name

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.path / JOURNAL

    @property
    def exists(self) -> bool:
        """Return whether a run was begun here."""
        return (self.path / SPEC).exists()

    def spec(self) -> dict[str, Any]:
        """Return what was asked, as `begin` stored it; raises InputError for damage."""
        from judgemark.run.run_description import RUN_DESCRIPTION

        path = self.path / SPEC
        found = read_json(path)
        validated(
            RUN_DESCRIPTION, found, path, fix=_RESTORE, summary="is not the description of a run"
        )
        described: dict[str, Any] = found
        return described

    def samples(self) -> SampleSet:
        """Return the pieces of the run as they were judged.

        Raises InputError where the file is damaged, and where its pieces are not the ones that
        the run was begun with: the judge's verdicts are about those.
        """
        path = self.path / SAMPLES
        data = parse_json(_unpacked(path), path)
        if not isinstance(data, dict) or "pieces" not in data:
            raise InputError(path, "holds no pieces", fix=_RESTORE)
        found = sample_set(data["pieces"], path, str(data.get("name", "samples")))
        if found.sha256 != self.spec()["fingerprint"]["samples"]["sha256"]:
            problem = f"holds other pieces than {SPEC} says were judged"
            raise InputError(path, problem, fix=_RESTORE)
        return found

    def judge_log_lines(self) -> tuple[str, ...]:
        """Return what a judge that is a program has logged; empty where there is no log."""
        path = self.path / JUDGE_LOG
        return tuple(path.read_text("utf-8").splitlines()) if path.exists() else ()

    def begin(
        self, spec: Mapping[str, Any], samples: SampleSet, drawn: Mapping[str, Any] | None = None
    ) -> None:
        """Write the description and the pieces, once, before the first question.

        `drawn` is what else a run that is not one of the main job needs to be scored from its
        folder; the description holds its digest.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        write_json_gz(self.path / SAMPLES, {"name": samples.name, "pieces": samples.to_json()})
        if drawn is not None:
            write_json_gz(self.path / DRAWN, drawn)
            spec = {**spec, "drawn_sha256": _digest(drawn)}
        write_json(self.path / SPEC, spec)

    def drawn(self) -> dict[str, Any]:
        """Return what `begin` stored beside the pieces; empty where the run has none.

        Raises InputError where the file is damaged or not the one that the run was begun with.
        """
        expected = self.spec().get("drawn_sha256")
        if expected is None:
            return {}
        path = self.path / DRAWN
        found = parse_json(_unpacked(path), path)
        if not isinstance(found, dict) or _digest(found) != expected:
            raise InputError(path, f"is not the file that {SPEC} names", fix=_RESTORE)
        return found

    def result(self) -> dict[str, Any] | None:
        """Return the figures as last written; None where there are none yet."""
        from judgemark.run.result_description import STORED_RESULT

        return self._derived(RESULT, STORED_RESULT)

    def pairs(self) -> dict[str, Any] | None:
        """Return the figures of a run over single pairs; None where there are none yet."""
        from judgemark.run.result_description import STORED_PAIRS

        return self._derived(PAIRS, STORED_PAIRS)

    def references(self) -> dict[str, float] | None:
        """Return the reference scores of the last report; None where there were none."""
        from judgemark.run.run_description import REFERENCE_SCORES

        return self._derived(REFERENCES, REFERENCE_SCORES)

    def ensemble_method(self) -> str | None:
        """Return how members were joined in the last report; None where that was not stored."""
        from judgemark.run.result_description import STORED_ENSEMBLE

        found = self._derived(ENSEMBLE, STORED_ENSEMBLE)
        return None if found is None else str(found["method"])

    def keep_ensemble_method(self, method: str) -> None:
        """Store how members are joined beside the result, so that scoring again finds it."""
        write_json(self.path / ENSEMBLE, {"method": method})

    def _derived(self, name: str, adapter: TypeAdapter[Any]) -> dict[str, Any] | None:
        """Return a file that a command wrote from the verdicts; None where there is none."""
        path = self.path / name
        if not path.exists():
            return None
        found: dict[str, Any] = read_json(path)
        again = "delete it: the command that wrote it makes it again"
        validated(adapter, found, path, fix=again, summary="is damaged")
        return found

    def keep_references(self, scores: Mapping[str, float] | None) -> None:
        """Store the reference scores beside the result, so that scoring again finds them."""
        if scores is None:
            (self.path / REFERENCES).unlink(missing_ok=True)
        else:
            write_json(self.path / REFERENCES, dict(scores))

    def instructions(self, items: Iterable[str] = ()) -> dict[str, str]:
        """Return the writing prompts that a pairwise judge was shown, by item.

        Raises InputError where the file is damaged or one of `items` is not in it.
        """
        from judgemark.run.run_description import STORED_INSTRUCTIONS

        path = self.path / WRITING_PROMPTS
        found = validated(
            STORED_INSTRUCTIONS, read_json(path), path, fix=_RESTORE, summary="is damaged"
        )
        for item in items:
            if "writing_prompt" not in found.get(item, {}):
                problem = "the item has no writing prompt"
                raise InputError(path, problem, place=place_of((item,)), fix=_RESTORE)
        return {item: entry["writing_prompt"] for item, entry in found.items() if entry}

    def keep_instructions(self, by_item: Mapping[str, str]) -> None:
        """Store the writing prompts of a new run, in the format of their files."""
        write_json(
            self.path / WRITING_PROMPTS,
            {item: {"writing_prompt": text} for item, text in sorted(by_item.items())},
        )

    def keep_anchors(self, choices: Sequence[Mapping[str, Any]]) -> None:
        """Store which anchors the judge is shown beside each piece of a new run."""
        write_json(self.path / ANCHORS, list(choices))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the run for this caller; raises UsageError where another one has it."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UsageError(
                f'run "{self.run_id}" is being asked by another process or thread; wait for it '
                "to end, or give this run its own id with ‹run_id›"
            ) from None
        except OSError as exc:
            raise UsageError(
                f"{self.path}: cannot be written ({exc.strerror}); check its permissions"
            ) from exc
        try:
            yield
        finally:
            lock.release()

    def refuse_lost_journal(self) -> None:
        """Raise UsageError where figures lie here, but not the verdicts that they were made of.

        Everything would be asked, and paid for, again.
        """
        made = [name for name in (RESULT, PAIRS) if (self.path / name).exists()]
        if made and not self.journal.exists():
            raise UsageError(
                f"{self.journal}: is missing, though {made[0]} was made of its verdicts; "
                f"{_RESTORE}, or ask everything again with ‹fresh›"
            )

    def refuse_unwritable(self) -> None:
        """Raise UsageError where result, report or charts could not be written in the end."""
        charts = self.path / CHARTS
        if charts.exists() and not charts.is_dir():
            raise UsageError(
                f"{charts}: is not a folder; move it away, because the charts are written there"
            )
        for path in (self.path / RESULT, self.path / REPORT, charts / "scores.svg"):
            if path.parent.is_dir():
                refuse_unwritable(path)

    def move_aside(self) -> Path:
        """Rename the folder to the first free `<id>~N` beside it; nothing is lost."""
        number = 1
        while (aside := self.path.with_name(f"{self.run_id}~{number}")).exists():
            number += 1
        self.path.rename(aside)
        return aside


def _digest(drawn: Mapping[str, Any]) -> str:
    text = json.dumps(drawn, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _unpacked(path: Path) -> str:
    """Return the text of a compressed file, read only as far as a file may be large."""
    try:
        with gzip.open(path) as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            large = f"unpacks to more than {LARGEST_FILE >> 20} MB"
            raise InputError(path, large, fix=_RESTORE)
        return data.decode()
    except FileNotFoundError:
        raise InputError(path, "no such file", fix=_RESTORE) from None
    except (gzip.BadGzipFile, EOFError, UnicodeDecodeError, zlib.error) as exc:
        raise InputError(path, "is damaged", fix=_RESTORE) from exc
    except OSError as exc:
        problem = f"cannot be read ({exc.strerror})"
        raise InputError(path, problem, fix="check the path and its permissions") from exc


def check_runs_folder(path: Path) -> None:
    """Raise UsageError where runs cannot be kept in this folder; it need not be there yet."""
    try:
        there = next(p for p in (path, *path.absolute().parents) if p.exists())
    except OSError as exc:
        raise UsageError(
            f"‹runs_dir›: {path} cannot be made ({exc.strerror}); name another folder"
        ) from exc
    if not there.is_dir():
        raise UsageError(
            f"‹runs_dir›: {path} cannot be made ({there} is not a folder); name another folder"
        )
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"‹runs_dir›: {there} cannot be written; name another folder")


def differences(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Say where two fingerprints differ, one text for each part."""
    found = []
    for part in sorted({*stored, *wanted}):
        a, b = stored.get(part), wanted.get(part)
        if a == b:
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            found.append(f"{part} ({'; '.join(differences(a, b))})")
        else:
            found.append(f"{part}: {_short(a)} then, {_short(b)} now")
    return found


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return (
        text if len(text) <= 48 else text[:12] + "…" + hashlib.sha256(text.encode()).hexdigest()[:6]
    )


def refuse_change(folder: RunFolder, wanted: Mapping[str, Any]) -> None:
    """Raise UsageError, with what changed, if the stored fingerprint differs from `wanted`."""
    scrubber = Scrubber()
    begun = folder.spec()["fingerprint"]
    changed = differences(scrubber.value(begun), scrubber.value(wanted))
    if changed:
        raise UsageError(
            f'run "{folder.run_id}" was begun with something else: {", ".join(changed)}; give '
            "another ‹run_id›, or ‹fresh› to begin again (the old run is kept aside)"
        )
