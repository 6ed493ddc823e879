"""The registry of judges: which kinds there are, ours and those of installed packages.

A kind registers under the entry point group `judgemark.judges`; ours do too. In a checkout that
is not installed, ours are found in the folder `judgemark/judges/kinds` all the same.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from judgemark.errors import UsageError
from judgemark.judges import kinds
from judgemark.judges.judge_kind import JudgeKind, JudgeOption

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "judgemark.judges"
ENDPOINT = "endpoint"
"""The kind of a judge at an endpoint, whose specs have no prefix of ours."""


def built_in() -> tuple[JudgeKind, ...]:
    """Return our own kinds: the `KIND` of each module of the folder `kinds`, by name."""
    found = [
        importlib.import_module(f"{kinds.__name__}.{module.name}")
        for module in pkgutil.iter_modules(kinds.__path__)
    ]
    return tuple(module.KIND for module in found)


@cache
def judge_kinds() -> Mapping[str, JudgeKind]:
    """Return every kind by its prefix; ours come first and cannot be replaced."""
    from importlib.metadata import entry_points  # takes long to load

    return merged(built_in(), entry_points(group=GROUP))


def merged(ours: Iterable[JudgeKind], others: Iterable[EntryPoint]) -> dict[str, JudgeKind]:
    """Return kinds by prefix.

    An entry point loads a JudgeKind, or a function that returns several. Raises UsageError, naming
    the package, for one that fails to load or is not a kind of judge.
    """
    found = {kind.prefix: kind for kind in ours}
    for entry in others:
        for kind in _loaded(entry):
            found.setdefault(kind.prefix, kind)
    return found


def _loaded(entry: EntryPoint) -> tuple[JudgeKind, ...]:
    package = entry.dist.name if entry.dist else entry.value
    try:
        value = entry.load()
        listed = (
            tuple(value()) if callable(value) and not isinstance(value, JudgeKind) else (value,)
        )
    except Exception as exc:
        raise UsageError(
            f'the judge "{entry.name}" of the installed package {package} cannot be loaded '
            f"({type(exc).__name__}: {exc}); update or uninstall the package"
        ) from exc
    for kind in listed:
        if not isinstance(kind, JudgeKind):
            raise UsageError(
                f'the entry point "{entry.name}" of the installed package {package} gives '
                f"{type(kind).__name__}, not a JudgeKind; update or uninstall the package"
            )
    return listed


def all_options() -> tuple[JudgeOption, ...]:
    """Return the options of all kinds, each name once."""
    listed: dict[str, JudgeOption] = {}
    for kind in judge_kinds().values():
        for option in kind.options:
            listed.setdefault(option.name, option)
    return tuple(listed.values())


def kinds_with(option: str) -> tuple[str, ...]:
    """Return the prefixes of the kinds that take an option."""
    return tuple(
        kind.prefix for kind in judge_kinds().values() if option in {o.name for o in kind.options}
    )


def kinds_named_with(option: str) -> str:
    """Return the kinds that take an option, in words: `hf:, hf-reward: and vllm:`."""
    *most, last = (f"{prefix}:" for prefix in kinds_with(option))
    return f"{', '.join(most)} and {last}" if most else last
