import re

from judgemark.inputs.json_file import read_json
from judgemark.inputs.prompts import END, START, Fills, read_criteria, read_prompts
from tools.make_prompts import (
    ANCHORED,
    CRITERIA,
    TARGET,
    WRITING_PROMPTS,
    main,
    make_prompts,
    places_missing,
)

CRITERIA_OF_TWO = [
    {"name": "Warmth", "negative": False, "means": "it is kind"},
    {"name": "Noise", "negative": True, "means": "it is loud"},
]


def test_the_maker_reproduces_the_file_byte_for_byte() -> None:
    assert main(["--check"]) == 0


def test_a_template_is_filled_with_criteria_by_polarity_and_the_prompt_of_each_item() -> None:
    template = "<WRITING_PROMPT>|<POSITIVE_CRITERIA>|<NEGATIVE_CRITERIA>|<SCORING_MIN>"
    made = make_prompts(template, CRITERIA_OF_TWO, {"a": {"writing_prompt": "Write."}})
    assert made == {"a": "Write.|- Warmth (it is kind)|- Noise (it is loud)|<SCORING_MIN>"}


def test_a_placeholder_in_a_writing_prompt_is_not_expanded() -> None:
    entries = {"a": {"writing_prompt": "Use <NEGATIVE_CRITERIA>."}}
    assert make_prompts("<WRITING_PROMPT>", CRITERIA_OF_TWO, entries) == {
        "a": "Use <NEGATIVE_CRITERIA>."
    }


def test_there_are_enough_criteria_for_every_item_rule_and_their_names_are_plain() -> None:
    criteria = read_criteria(CRITERIA)
    assert 14 <= len(criteria) <= 18
    assert sum(c.negative for c in criteria) >= 5
    for c in criteria:
        assert re.fullmatch(r"[A-Z][A-Za-z ]{3,24}", c.name)


def test_no_criterion_is_part_of_another() -> None:
    names = [c.name.lower() for c in read_criteria(CRITERIA)]
    assert not [(a, b) for a in names for b in names if a != b and a in b]


def test_every_item_has_a_whole_prompt_with_one_place_for_the_piece() -> None:
    prompts = read_json(TARGET)
    writing_prompts = read_json(WRITING_PROMPTS)
    assert sorted(prompts) == sorted(writing_prompts)
    for item, prompt in prompts.items():
        assert (prompt.count(START), prompt.count(END)) == (1, 1)
        assert prompt.index(START) < prompt.index(END)
        assert writing_prompts[item]["writing_prompt"] in prompt
        assert set(re.findall(r"<[A-Z_]+>", prompt)) == {"<SCORING_MIN>", "<SCORING_MAX>"}
        for criterion in read_criteria(CRITERIA):
            assert prompt.count(f"- {criterion.name} (") == 1


def test_the_program_fills_what_is_left() -> None:
    rendered = read_prompts(TARGET, ["mending"], Fills(0, 10)).render("mending", "A piece.")
    assert f"{START}\nA piece.\n{END}" in rendered
    assert "between 0 and 10" in rendered
    assert "<" not in rendered


def test_the_anchored_template_has_every_place_once() -> None:
    template = ANCHORED.read_text("utf-8")
    assert places_missing(template) == []
    assert places_missing(template.replace("<WEAK_ANCHOR>", "")) == ["<WEAK_ANCHOR>"]
    assert places_missing(template + START) == [START]
