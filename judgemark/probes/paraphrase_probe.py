"""Paraphrase: the judge prompt in other words of equal meaning.

Our own template has such a twin, `prompts/judge_template_paraphrased.txt`. Other prompts have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judgemark.probes.probe_arm import AskedPrompts, NotAsked

if TYPE_CHECKING:
    from judgemark.inputs.prompts import PromptSet

NO_PARAPHRASE = "only the project's own judge prompts have a paraphrase"


def paraphrased(asked: AskedPrompts) -> PromptSet | NotAsked:
    """Return the prompts in other words, where there are any."""
    return NotAsked(NO_PARAPHRASE) if asked.paraphrased is None else asked.paraphrased
