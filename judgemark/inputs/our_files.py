"""The places of the samples and prompts that come with Judgemark, in a checkout or installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


def _folder() -> Path:
    """Return the folder that holds `data/` and `prompts/`.

    A wheel has copies of both inside the package; in a checkout they are beside it.
    """
    package = Path(__file__).resolve().parents[1]
    inside = package / "our_files"
    return inside if inside.is_dir() else package.parent


_FOLDER = _folder()
_DATA = _FOLDER / "data"


@dataclass(frozen=True, slots=True)
class ShippedSamples:
    """A set of samples of our own, and the scores that its writers have by construction."""

    samples: Path
    references: Path


OUR_SETS: Mapping[str, ShippedSamples] = MappingProxyType(
    {
        "v1": ShippedSamples(_DATA / "samples_v1.json", _DATA / "reference_scores_v1.json"),
        "v2": ShippedSamples(_DATA / "samples.json", _DATA / "reference_scores.json"),
    }
)
"""Every set that was ever shipped, by the name that `samples` takes, the oldest first."""

NEWEST_SET = "v2"
OUR_SAMPLES = OUR_SETS[NEWEST_SET].samples
PUBLISHED_REFERENCES = MappingProxyType(
    {
        "upstream-v2": _DATA / "reference" / "upstream_v2_reference_scores.json",
        "upstream-v2.1": _DATA / "reference" / "upstream_v2.1_reference_scores.json",
    }
)
"""The published reference scores by preset; `data/README.md` names their source."""
OUR_WRITING_PROMPTS = _DATA / "writing_prompts.json"
OUR_PROMPTS = _FOLDER / "prompts" / "judge_prompts.json"
OUR_TEMPLATE = _FOLDER / "prompts" / "judge_template.txt"
OUR_PARAPHRASED_TEMPLATE = _FOLDER / "prompts" / "judge_template_paraphrased.txt"
"""The same template in other words, with which a probe asks whether the wording matters."""
OUR_ANCHORED_TEMPLATE = _FOLDER / "prompts" / "anchored_template.txt"
OUR_CLUB_PROMPTS = _FOLDER / "prompts" / "book_club.json"
OUR_CRITERIA = _FOLDER / "prompts" / "criteria.json"
