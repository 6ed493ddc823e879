"""Keys that carry a mark, an endpoint that says back all that it is sent, and where marks are."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.fake_endpoint import Answer, Asked, as_json, refused

# Of the form of a key, and of no form at all: those can only be known by where they stand.
SHAPED = "sk-or-v1-MARKED0123456789abcdef0123456789"
PLAIN = "MARKED/plain+77"
MARK = "MARKED"
WRITERS = ("ann", "bea")
CRITERIA = ("Wit", "Rhythm", "Voice", "Turn", "Detail")


def everything_written(folder: Path) -> dict[str, str]:
    """All files below a folder by name, unpacked, but for what the test itself put there."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        found[str(path.relative_to(folder))] = data.decode("utf-8", "replace")
    return found


def leaks(capsys: pytest.CaptureFixture[str], folder: Path, given: Sequence[str] = ()) -> list[str]:
    """Where the mark stands: names of files, and lines that were printed."""
    printed = capsys.readouterr()
    lines = (printed.out + printed.err).splitlines()
    files = everything_written(folder)
    return [
        *(name for name, text in files.items() if name not in given and MARK in name + text),
        *(line for line in lines if MARK in line),
    ]


def rubric_files() -> list[str]:
    samples = {w: {"samples": {"1": {str(i): f"{w} wrote {i}" for i in range(3)}}} for w in WRITERS}
    prompt = "Score this.\n[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]\nThank you."
    return [
        "--samples-file", _write("s.json", samples),
        "--prompts-file", _write("p.json", {str(i): prompt for i in range(3)}),
    ]  # fmt: skip


def _write(name: str, value: object) -> str:
    Path(name).write_text(json.dumps(value), "utf-8")
    return name


def echoing(asked: Asked) -> Answer:
    """Scores the piece and says back all that it was sent; one piece in six is refused first."""
    back = " ".join((asked.path, *map(str, asked.headers.values()), json.dumps(asked.body)))
    if asked.number == 1:
        return refused(500, f"failed with {back}", code=back)
    scores = "\n".join(f"{name}: {6 + asked.number % 3}" for name in (*CRITERIA, f"Key {SHAPED}"))
    choice = {
        "index": 0,
        "finish_reason": f"stop {SHAPED}",
        "message": {"role": "assistant", "content": f"{scores}\nYou sent {back}"},
    }
    return as_json({"choices": [choice], "model": f"judge {back}", "provider": back})
