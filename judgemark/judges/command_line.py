"""The program that `command:PROGRAM` names: its words, and what identifies it as a judge."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from judgemark.errors import UsageError
from judgemark.judges.base import Json
from judgemark.redaction import looks_like_key

_DIGITS = 16
_LARGEST_DIGESTED = 50_000_000


@dataclass(frozen=True)
class CommandLine:
    """A program and its arguments, as the operating system is given them; no shell is involved."""

    text: str
    words: tuple[str, ...]

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return what identifies the program: how it is called, and the files that are named so.

        A file counts by its content, so that a changed program is not taken for the old one. Of a
        file above 50 MB, such as weights, only the size counts.
        """
        files: dict[str, Json] = {word: _digest(path) for word, path in self._files()}
        return {"kind": "command", "name": self.text, "files": files}

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Yield the words, and values of options after an equals sign, that name files of the
        user's.

        A program found on the PATH is not one of them: it may be an interpreter.
        """
        first, *others = self.words
        named = [first] if os.sep in first else []
        for word in (*named, *others):
            path = Path(word if not word.startswith("-") else word.partition("=")[2])
            if path.is_file():
                yield word, path


def read_command(text: str) -> CommandLine:
    """Return the program that a spec names, split into words as a shell does; nothing is started.

    Quotes and backslashes count as in a POSIX shell; variables, patterns, pipes and redirections
    do not. A program with a slash in its name is a path from the current folder, any other is
    looked up on the PATH. Raises UsageError where the quotes do not match, where there is no such
    program, where it may not be executed, and for an argument in the form of a key.
    """
    try:
        words = shlex.split(text)
    except ValueError as exc:
        raise UsageError(f"‹judge_model›: command:{text}: {str(exc).lower()}") from exc
    if not words:
        raise UsageError("‹judge_model›: command: names no program")
    if any(looks_like_key(word.rpartition("=")[2]) for word in words):
        raise UsageError(
            "‹judge_model›: an argument of the program has the form of a key; give the program its "
            "key in an environment variable"
        )
    words[0] = str(Path(words[0]).expanduser()) if words[0].startswith("~") else words[0]
    _check_program(words)
    return CommandLine(text, tuple(words))


def _check_program(words: Sequence[str]) -> None:
    program = words[0]
    path = Path(program)
    if shutil.which(program) is not None:
        return
    if os.sep not in program:
        hint = f"; for the file in this folder write command:./{program}" if path.exists() else ""
        raise UsageError(f'‹judge_model›: no program "{program}" is on the PATH{hint}')
    if not path.exists():
        raise UsageError(f"‹judge_model›: {program}: no such file; check the path")
    if path.is_dir():
        raise UsageError(f"‹judge_model›: {program} is a folder; name a program")
    raise UsageError(
        f"‹judge_model›: {program} may not be executed; run chmod +x {program}, or name its "
        f'interpreter: "command:python {program}"'
    )


def _digest(path: Path) -> str:
    size = path.stat().st_size
    if size > _LARGEST_DIGESTED:
        return f"{size} bytes"
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS]
    except OSError as exc:
        raise UsageError(f"‹judge_model›: {path} cannot be read ({exc.strerror})") from exc
