"""The paraphrase of our prompts, and what other prompts get in its place."""

import re
from dataclasses import replace

import numpy as np

from judgemark.inputs.our_files import OUR_PARAPHRASED_TEMPLATE, OUR_TEMPLATE
from judgemark.inputs.prompt_template import read_template
from judgemark.inputs.prompts import END, START, PromptSet
from judgemark.probes.paraphrase_probe import NO_PARAPHRASE, paraphrased
from judgemark.probes.probe_arm import AskedPrompts, NotAsked
from judgemark.records import Rubric


def test_the_paraphrase_says_the_same_in_other_words() -> None:
    """It has the same placeholders and the same form of the answer, and no other line."""
    ours, other = (read_template(p).text for p in (OUR_TEMPLATE, OUR_PARAPHRASED_TEMPLATE))
    places = [sorted(re.findall(r"<[A-Z_]+>", text)) for text in (ours, other)]
    assert places[0] == places[1]
    kept = {line for line in set(ours.split("\n")) & set(other.split("\n")) if line[:1] not in "<"}
    assert kept == {START, "(the piece)", END, "Criterion name: score"}


def test_other_prompts_have_no_paraphrase() -> None:
    prompts = PromptSet("p", {"a": (START, END)})
    asked = AskedPrompts(prompts, Rubric(0, 10), None, np.random.default_rng(0))
    assert paraphrased(asked) == NotAsked(NO_PARAPHRASE)
    twin = PromptSet("twin", {"a": (f"Other words. {START}", END)})
    assert paraphrased(replace(asked, paraphrased=twin)) is twin
