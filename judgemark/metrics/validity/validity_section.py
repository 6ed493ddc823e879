"""The `validity` section of result.json, put together from the blocks that a run has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judgemark.metrics.validity.family_version import FAMILY_VERSION

if TYPE_CHECKING:
    from judgemark.metrics.validity.known_pair import PairSource
    from judgemark.metrics.validity.probe_statistics import ContrastBlock, ContrastFinding


@dataclass(frozen=True, slots=True)
class NotedBlock:
    """A block of result.json; `notes` maps the path of each null inside it to the reason."""

    values: ContrastBlock
    notes: dict[str, str]


def validity_section(
    sources: Mapping[PairSource, NotedBlock],
    kinds: Mapping[str, NotedBlock] | None = None,
    probes: Sequence[ContrastFinding] = (),
) -> NotedBlock:
    """Return the `validity` section, of what a run has; notes have paths such as
    `sources.damage.reads`.

    `counter_family` is the version of the counting rules that every margin is compared with.
    """
    blocks = kinds or {}
    probe_values, probe_notes = _probes(probes)
    values: ContrastBlock = {
        "counter_family": FAMILY_VERSION,
        "sources": {str(source): block.values for source, block in sources.items()},
        "kinds": {name: block.values for name, block in blocks.items()},
        "probes": probe_values,
    }
    notes = {f"probes.{key}": reason for key, reason in probe_notes.items()}
    for place, noted in (("sources", sources), ("kinds", blocks)):
        for name, block in noted.items():
            notes |= {f"{place}.{name}.{path}": reason for path, reason in block.notes.items()}
    return NotedBlock(values, notes)


def _probes(probes: Sequence[ContrastFinding]) -> tuple[ContrastBlock, dict[str, str]]:
    if not probes:
        return {}, {}
    from judgemark.metrics.validity.probe_statistics import probes_block

    return probes_block(probes)
