"""Standard output and error without secrets: whatever a command prints passes here."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO, cast

from judgemark.cli.standard_streams import STANDARD_ERROR, STANDARD_OUTPUT, named
from judgemark.errors import JudgemarkError
from judgemark.redaction import Scrubber, secrets_in, secrets_of_address, secrets_of_environment

_KEY_FLAG, _BODY_FLAG, _ADDRESS_FLAG = "--api-key-env", "--extra-body", "--base-url"


class ScrubbedStream(io.TextIOBase):
    """Writes to another stream what is left without secrets; all else is that stream's own."""

    def __init__(self, below: TextIO, scrub: Callable[[str], str], name: str) -> None:
        """`name` is how an error of the stream names it."""
        self._below = below
        self._scrub = scrub
        self._name = name

    def write(self, text: str) -> int:
        """Write the text without secrets."""
        with named(self._name):
            return self._below.write(self._scrub(text))

    def flush(self) -> None:
        """Flush the stream below."""
        with named(self._name):
            self._below.flush()

    def isatty(self) -> bool:
        """Return whether the stream below is a terminal."""
        return self._below.isatty()

    def fileno(self) -> int:
        """Return the descriptor of the stream below."""
        return self._below.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream below."""
        return self._below.encoding

    @property
    def buffer(self) -> Any:
        """The bytes of the stream below."""
        return cast("Any", self._below).buffer


class _Known:
    """The secrets of one command; looked for when something is first printed."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = arguments

    def in_data(self, text: str) -> str:
        """Return the text of standard output without secrets."""
        return self._scrubber.text(text)

    def in_messages(self, text: str) -> str:
        """Return the text of standard error without secrets."""
        return self._scrubber.message(text)

    @cached_property
    def _scrubber(self) -> Scrubber:
        """Knows the secrets of the environment, of `.env` and of the arguments."""
        variables = ("OPENAI_API_KEY", *_values(self._arguments, _KEY_FLAG))
        return Scrubber(
            (
                *secrets_of_environment(_environment(), variables),
                *(s for a in self._arguments if "://" in a for s in secrets_of_address(a)),
                *_in_bodies(_values(self._arguments, _BODY_FLAG)),
                *_under_names(self._arguments),
            )
        )


@contextlib.contextmanager
def scrubbed_output(arguments: Sequence[str]) -> Iterator[None]:
    """Within this context, standard output and error are written without secrets, or nowhere if
    closed."""
    known = _Known(arguments)
    out, err = sys.stdout, sys.stderr
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        # Data goes to standard output: a key like `test` must not change a word of it.
        scrubbed = ScrubbedStream(out or nowhere, known.in_data, STANDARD_OUTPUT)
        sys.stdout = cast("TextIO", scrubbed)
        scrubbed = ScrubbedStream(err or nowhere, known.in_messages, STANDARD_ERROR)
        sys.stderr = cast("TextIO", scrubbed)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = out, err


def _environment() -> dict[str, str]:
    if not Path(".env").is_file():
        return dict(os.environ)
    from judgemark.cli.environment_file import read_environment

    try:
        return dict(read_environment())
    except JudgemarkError:
        # The command itself says what is wrong with the file, and never quotes it.
        return dict(os.environ)


def _values(arguments: Sequence[str], flag: str) -> list[str]:
    """Return what a flag was given, as `--flag value` or `--flag=value`."""
    found = [a.partition("=")[2] for a in arguments if a.startswith(f"{flag}=")]
    following = pairwise(arguments)
    return found + [value for name, value in following if name == flag]


def _under_names(arguments: Sequence[str]) -> Iterator[str]:
    """Yield what follows flags that no command has and that a key is often given to."""
    for name in ("--api-key", "--apikey", "--key", "--token", "--openai-api-key", "--password"):
        yield from _values(arguments, name)


def _in_bodies(bodies: Sequence[str]) -> Iterator[str]:
    from judgemark.inputs.json_file import parse_json

    for body in bodies:
        with contextlib.suppress(JudgemarkError):
            yield from secrets_in(parse_json(body, _BODY_FLAG))
