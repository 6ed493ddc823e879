"""Where the samples and prompts lie that come with Judgemark, in a checkout and installed."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType


def _folder() -> Path:
    """The folder around `data/` and `prompts/`.

    A wheel carries copies of both inside the package; in a checkout they stand beside it.
    """
    package = Path(__file__).resolve().parents[1]
    inside = package / "our_files"
    return inside if inside.is_dir() else package.parent


_FOLDER = _folder()
OUR_SAMPLES = _FOLDER / "data" / "samples.json"
OUR_REFERENCES = _FOLDER / "data" / "reference_scores.json"
PUBLISHED_REFERENCES = MappingProxyType(
    {
        "upstream-v2": _FOLDER / "data" / "reference" / "upstream_v2_reference_scores.json",
        "upstream-v2.1": _FOLDER / "data" / "reference" / "upstream_v2.1_reference_scores.json",
    }
)
"""The published reference scores by preset; `data/README.md` names their source."""
OUR_WRITING_PROMPTS = _FOLDER / "data" / "writing_prompts.json"
OUR_PROMPTS = _FOLDER / "prompts" / "judge_prompts.json"
OUR_CRITERIA = _FOLDER / "prompts" / "criteria.json"
