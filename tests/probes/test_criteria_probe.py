"""The order of criteria: lists are reordered where they stand, and nothing else is touched."""

import numpy as np

from judgemark.inputs.our_files import OUR_CRITERIA, OUR_PROMPTS
from judgemark.inputs.prompts import END, START, Fills, PromptSet, read_criteria, read_prompts
from judgemark.probes.criteria_probe import criteria_reversed, criteria_shuffled
from judgemark.probes.probe_arm import AskedPrompts, NotAsked
from judgemark.records import Criterion, Rubric

NAMES = ("Warmth", "The Turn", "Noise", "Haste")
CRITERIA = tuple(Criterion(name, name in ("Noise", "Haste")) for name in NAMES)
LISTED = (
    "Good:\n- Warmth (it is kind)\n- The Turn: it turns\n\nBad:\n1. Noise\n2. Haste — too fast\n"
)


def asked(
    text: str = LISTED, criteria: tuple[Criterion, ...] | None = CRITERIA, items: str = "a"
) -> AskedPrompts:
    prompts = PromptSet("p", dict.fromkeys(items, (f"Read.\n{START}", f"{END}\n{text}")))
    return AskedPrompts(prompts, Rubric(0, 10, criteria), None, np.random.default_rng(3))


def after(found: PromptSet | NotAsked, item: str = "a") -> str:
    assert isinstance(found, PromptSet)
    return found.around[item][1].removeprefix(f"{END}\n")


def test_each_list_is_reversed_by_itself_and_numbers_stay_in_their_places() -> None:
    assert after(criteria_reversed(asked())) == (
        "Good:\n- The Turn: it turns\n- Warmth (it is kind)\n\n"
        "Bad:\n1. Haste — too fast\n2. Noise\n"
    )


def test_a_shuffle_changes_the_order_in_the_same_way_for_every_item() -> None:
    found = criteria_shuffled(asked(items="ab"))
    assert after(found, "a") == after(found, "b") != LISTED
    assert sorted(after(found).split("\n")[1:3]) == sorted(LISTED.split("\n")[1:3])


def test_a_prompt_that_lists_not_every_criterion_is_not_asked() -> None:
    short = LISTED.replace("- Warmth (it is kind)\n", "")
    twice = LISTED + "\nWarmth: score\n"
    for text in (short, twice, "Score Warmth, The Turn, Noise and Haste."):
        assert isinstance(criteria_reversed(asked(text)), NotAsked)


def test_criteria_without_a_file_cannot_be_reordered() -> None:
    found = criteria_reversed(asked(criteria=None))
    assert isinstance(found, NotAsked)
    assert "no criteria file" in found.reason


def test_our_own_prompts_are_reordered_and_keep_all_their_lines() -> None:
    criteria = read_criteria(OUR_CRITERIA)
    prompts = read_prompts(OUR_PROMPTS, [], Fills(0, 10))
    rng = np.random.default_rng(0)
    for change in (criteria_reversed, criteria_shuffled):
        found = change(AskedPrompts(prompts, Rubric(0, 10, criteria), None, rng))
        assert isinstance(found, PromptSet)
        assert found.sha256 != prompts.sha256
        for item, both in prompts.around.items():
            for old, new in zip(both, found.around[item], strict=True):
                assert sorted(old.split("\n")) == sorted(new.split("\n"))
