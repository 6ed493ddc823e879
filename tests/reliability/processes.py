"""Commands in processes of their own, which a test may kill or take the disk from."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

LOG = "said.txt"
_CONTEXT = multiprocessing.get_context("forkserver")
# The server imports this once; each process begins as a copy of it.
_CONTEXT.set_forkserver_preload(["tests.reliability.preloaded"])


def start(
    arguments: Sequence[str], folder: Path, *, largest_file: int | None = None
) -> ForkServerProcess:
    """Start a command in a folder; what it says goes to `said.txt` beside the folder.

    `largest_file` is the size in bytes at which every file of the process is full.
    """
    process = _CONTEXT.Process(target=_run, args=(list(arguments), folder, largest_file))
    process.start()
    return process


def run(arguments: Sequence[str], folder: Path, *, largest_file: int | None = None) -> int:
    """Run a command to its end; the exit code."""
    process = start(arguments, folder, largest_file=largest_file)
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def said_in(folder: Path) -> str:
    """What all commands in a folder have said."""
    return (folder / LOG).read_text("utf-8") if (folder / LOG).exists() else ""


def _run(arguments: list[str], folder: Path, largest_file: int | None) -> None:
    log = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(folder)
    for name in ("OPENAI_API_KEY", "OPENAI_API_URL", "OPENAI_BASE_URL", "LOG_VERBOSITY"):
        os.environ.pop(name, None)
    from judgemark.cli import main
    from judgemark.jobs import finish_run

    # Drawing takes longer than all the rest of a small run.
    finish_run.write_report = lambda *_, **__: None
    if largest_file is not None:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, hard))
    code = main(arguments)
    sys.stdout.flush()
    os._exit(code)
