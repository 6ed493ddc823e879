"""Checks that the tests take enough branches of each package, for `make coverage`.

Reads what `coverage json` wrote. The local engines run in an environment of their own: where `make
test-engines` has left no measurement, their modules are left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BOUNDS = {"run": 92.0, "judges": 92.0, "protocols": 92.0, "metrics": 92.0}
"""The least share of branches taken, in percent, by package."""

ENGINES = ("judgemark/judges/hf.py", "judgemark/judges/vllm.py")


@dataclass(frozen=True)
class Coverage:
    """How much of a package the tests ran."""

    package: str
    lines: int
    lines_run: int
    branches: int
    branches_taken: int

    @property
    def line_share(self) -> float:
        """Percent of lines; 100 where there are none."""
        return 100.0 * self.lines_run / self.lines if self.lines else 100.0

    @property
    def branch_share(self) -> float:
        """Percent of branches; 100 where there are none."""
        return 100.0 * self.branches_taken / self.branches if self.branches else 100.0

    @property
    def enough(self) -> bool:
        """Whether the package reaches its bound, if it has one."""
        return self.branch_share >= BOUNDS.get(self.package, 0.0)

    def __str__(self) -> str:
        bound = BOUNDS.get(self.package)
        wanted = "" if bound is None else f"  at least {bound:.0f}%"
        missed = "" if self.enough else "  TOO FEW"
        return (
            f"{self.package:<14} lines {self.line_share:5.1f}%  "
            f"branches {self.branch_share:5.1f}%{wanted}{missed}"
        )


def by_package(files: Mapping[str, Any], *, engines: bool) -> Iterator[Coverage]:
    """The coverage of each package, in order of their names; modules of the top count as one."""
    summaries: dict[str, list[Mapping[str, int]]] = {}
    for name, file in files.items():
        path = Path(name)
        if engines or path.as_posix() not in ENGINES:
            package = path.parts[1] if len(path.parts) > 2 else "(top)"
            summaries.setdefault(package, []).append(file["summary"])
    for package, found in sorted(summaries.items()):
        yield Coverage(
            package,
            *(
                sum(summary[key] for summary in found)
                for key in (
                    "num_statements",
                    "covered_lines",
                    "num_branches",
                    "covered_branches",
                )
            ),
        )


def main(arguments: list[str]) -> int:
    """Print a line for each package; 1 where one misses its bound or is not there."""
    (report,) = map(Path, arguments)
    engines = (report.parent / "engines").exists()
    files = json.loads(report.read_text("utf-8"))["files"]
    measured = list(by_package(files, engines=engines))
    print(*measured, sep="\n")
    if not engines:
        print(f"without {', '.join(ENGINES)}, which `make test-engines` measures")
    absent = set(BOUNDS) - {coverage.package for coverage in measured}
    if absent:
        print(f"nothing was measured of {', '.join(sorted(absent))}")
    return int(bool(absent) or not all(coverage.enough for coverage in measured))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
