"""`import judgemark`: what it offers, and what it costs."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import judgemark as jm
from judgemark.library import PLACES

HOME = Path(__file__).resolve().parents[1]


def test_all_names_what_can_be_imported() -> None:
    assert set(jm.__all__) == {*PLACES, "__version__"} == set(dir(jm))
    assert all(getattr(jm, name) is not None for name in jm.__all__)
    namespace: dict[str, object] = {}
    exec("from judgemark import *", namespace)
    assert set(jm.__all__) <= set(namespace)


def test_no_name_is_also_a_modules() -> None:
    modules = {path.stem for path in (HOME / "judgemark").rglob("*.py")}
    folders = {path.name for path in (HOME / "judgemark").rglob("*") if path.is_dir()}
    assert not set(jm.__all__) & (modules | folders)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_name_is_explained(name: str) -> None:
    explained = inspect.getdoc(getattr(jm, name)) or ""
    assert explained.split("\n")[0].endswith((".", ":"))


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="nonesuch"):
        _ = jm.nonesuch  # type: ignore[attr-defined]


def test_data_frame_packages_and_clients_are_not_needed() -> None:
    """Where a module is None in sys.modules, importing it fails as if it were not installed."""
    script = (
        "import sys\n"
        "for name in ('pandas', 'polars', 'pyarrow', 'httpx2', 'IPython'):\n"
        "    sys.modules[name] = None\n"
        "import judgemark as jm\n"
        "print(jm.score([[[1, 2]], [[3, 4]]]).status)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=HOME, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "complete\n"
