"""Writes the requirements files from pyproject.toml; `--check` says whether they fit already.

pyproject.toml is the one place where a dependency is declared. `--lock` also pins everything that
the checks and tests install, with hashes, in requirements-lock.txt; it needs `uv`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOME = Path(__file__).resolve().parents[1]
LOCK = "requirements-lock.txt"
LOCKED_EXTRAS = ("dev", "browser")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class RequirementsFile:
    """One requirements file: the extra or dependency group it repeats, and what it is for."""

    name: str
    source: str | None
    purpose: tuple[str, ...]


FILES = (
    RequirementsFile(
        "requirements.txt",
        None,
        ("What every user needs; the engines that need torch have files of their own.",),
    ),
    RequirementsFile(
        "requirements-vllm.txt",
        "vllm",
        ("For vllm: judges on a GPU. On a CPU see requirements-engines-cpu.txt.",),
    ),
    RequirementsFile(
        "requirements-hf.txt",
        "hf",
        (
            "For hf: judges on a GPU or a CPU. For a CPU-only torch add",
            "--extra-index-url https://download.pytorch.org/whl/cpu",
        ),
    ),
    RequirementsFile("requirements-dev.txt", "dev", ("For the tests and the checks.",)),
    RequirementsFile(
        "requirements-browser.txt",
        "browser",
        ("For `make test-browser`; Chromium and its driver come from the system.",),
    ),
    RequirementsFile(
        "requirements-engines-cpu.txt",
        "engines-cpu",
        (
            "Both engines on a CPU, as the engine tests use them. Where pip does not find the CPU",
            "build of torch by itself, add --extra-index-url https://download.pytorch.org/whl/cpu",
            "Afterwards: pip uninstall -y torchvision torchaudio torchcodec (their builds do not "
            "fit it).",
        ),
    ),
)


def read_declared(home: Path = HOME) -> Mapping[str | None, tuple[str, ...]]:
    """The requirements of the package (None) and of each extra and group, self-references expanded.

    Raises KeyError where an extra that is referred to does not exist.
    """
    parsed: dict[str, Any] = tomllib.loads((home / "pyproject.toml").read_text("utf-8"))
    project = parsed["project"]
    lists: dict[str, list[str]] = {
        **project["optional-dependencies"],
        **parsed.get("dependency-groups", {}),
    }

    def expand(lines: Iterable[str]) -> Iterable[str]:
        for line in lines:
            requirement = Requirement(line)
            if requirement.name != project["name"]:
                yield line
            for extra in sorted(requirement.extras) if requirement.name == project["name"] else ():
                yield from expand(lists[extra])

    return {
        None: tuple(project["dependencies"]),
        **{name: tuple(expand(lines)) for name, lines in lists.items()},
    }


def render(file: RequirementsFile, declared: Mapping[str | None, tuple[str, ...]]) -> str:
    """The text of a requirements file."""
    lines = ["# Written from pyproject.toml by `make requirements`; change it there."]
    lines += [f"# {line}" for line in file.purpose]
    lines += [] if file.source is None else ["-r requirements.txt"]
    return "\n".join([*lines, *declared[file.source]]) + "\n"


def unlocked(lock: str, declared: Mapping[str | None, tuple[str, ...]]) -> list[str]:
    """The declared requirements for which the lock pins no version, or one outside their range."""
    pins: dict[str, list[str]] = {}
    for name, version in _PIN.findall(lock):
        pins.setdefault(canonicalize_name(name), []).append(version)
    wanted = [line for source in (None, *LOCKED_EXTRAS) for line in declared[source]]
    return [
        line
        for line in wanted
        if not (found := pins.get(canonicalize_name((needed := Requirement(line)).name)))
        or not all(needed.specifier.contains(version) for version in found)
    ]


def complaints(home: Path = HOME) -> list[str]:
    """What does not fit pyproject.toml, one line each."""
    declared = read_declared(home)
    found = [
        f"{file.name} does not say what pyproject.toml says; run: make requirements"
        for file in FILES
        if not (home / file.name).is_file()
        or (home / file.name).read_text("utf-8") != render(file, declared)
    ]
    lock = home / LOCK
    missing = unlocked(lock.read_text("utf-8") if lock.is_file() else "", declared)
    return found + [f"{LOCK} does not pin {line}; run: make lock" for line in missing]


def write_lock(home: Path = HOME) -> None:
    """Pin what the checks and tests install, for every platform, with hashes."""
    extras = [word for extra in LOCKED_EXTRAS for word in ("--extra", extra)]
    command = ["uv", "pip", "compile", "pyproject.toml", *extras, "--universal", "--quiet"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-annotate"]
    command += ["--custom-compile-command", "make lock", "--output-file", LOCK]
    subprocess.run(command, cwd=home, check=True)


def main(arguments: list[str]) -> int:
    """Write, lock or check; 1 where the check fails."""
    if arguments == ["--check"]:
        found = complaints()
        print(*found, sep="\n", end="\n" if found else "")
        return int(bool(found))
    declared = read_declared()
    for file in FILES:
        (HOME / file.name).write_text(render(file, declared), "utf-8")
    if arguments == ["--lock"]:
        write_lock()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
