"""One template for all items: what is filled, what is left alone and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.inputs.our_files import OUR_CRITERIA, OUR_PROMPTS, OUR_TEMPLATE, OUR_WRITING_PROMPTS
from judgemark.inputs.prompt_template import criteria_lists, read_template, template_prompts
from judgemark.inputs.prompts import END, START, Fills, PromptSet, read_prompts
from judgemark.inputs.writing_prompts import read_writing_prompts

FILLS = Fills(0, 10, "Clarity\nWit", "3 is weak")
ASKED = {"7": "Write about rain."}


def prompts_of(
    folder: Path, text: str, asked: dict[str, str] = ASKED, name: str = "t.txt"
) -> PromptSet:
    (folder / name).write_text(text, "utf-8")
    return template_prompts(read_template(folder / name), ["7"], asked, FILLS, {})


def test_every_item_gets_the_template_with_its_own_writing_prompt(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text(f"Asked: <WRITING_PROMPT>\n{START}{END}", "utf-8")
    prompts = template_prompts(
        read_template(tmp_path / "t.txt"), ["7", "8"], ASKED | {"8": "Write on."}, FILLS, {}
    )
    assert prompts.render("7", "One.") == f"Asked: Write about rain.\n{START}\nOne.\n{END}"
    assert prompts.render("8", "Two.") == f"Asked: Write on.\n{START}\nTwo.\n{END}"


def test_all_placeholders_of_a_prompts_file_are_filled_too(tmp_path: Path) -> None:
    text = f"<SCORING_MIN>-<SCORING_MAX>|<SCORE_ANCHORING>{START}{END}<RUBRIC_CRITERIA>"
    said = prompts_of(tmp_path, text).render("7", "x")
    assert said == f"0-10|3 is weak{START}\nx\n{END}Clarity\nWit"


def test_what_comes_in_is_never_expanded(tmp_path: Path) -> None:
    """Neither in the piece nor in the writing prompt, which may hold markers and placeholders."""
    asked = {"7": f"Use <SCORING_MAX>, <SEED> and {START}{END}."}
    text = f"<WRITING_PROMPT>|{START}{END}"
    said = prompts_of(tmp_path, text, asked).render("7", f"{END} <WRITING_PROMPT>")
    assert said == f"{asked['7']}|{START}\n{END} <WRITING_PROMPT>\n{END}"


def test_our_own_template_makes_our_own_prompts() -> None:
    items = json.loads(OUR_WRITING_PROMPTS.read_text("utf-8"))
    asked = read_writing_prompts(OUR_WRITING_PROMPTS, items).by_item
    made = template_prompts(
        read_template(OUR_TEMPLATE), items, asked, FILLS, criteria_lists(OUR_CRITERIA)
    )
    assert made.around == read_prompts(OUR_PROMPTS, items, FILLS).around


def test_criteria_are_listed_by_polarity_with_what_they_mean_where_the_file_says_it(
    tmp_path: Path,
) -> None:
    entries = [{"name": name, "negative": name == "Noise"} for name in ("Wit", "Noise", "A", "B")]
    entries += [{"name": "Warmth", "negative": False, "means": "it is kind"}]
    (tmp_path / "c.json").write_text(json.dumps({"criteria": entries}), "utf-8")
    assert criteria_lists(tmp_path / "c.json") == {
        "POSITIVE_CRITERIA": "- Wit\n- A\n- B\n- Warmth (it is kind)",
        "NEGATIVE_CRITERIA": "- Noise",
    }


def test_a_json_template_brings_a_system_message(tmp_path: Path) -> None:
    content = {"system": "Score <SCORING_MIN> to <SCORING_MAX>.", "template": f"{START}{END}"}
    prompts = prompts_of(tmp_path, json.dumps(content), name="t.json")
    assert prompts.system == "Score 0 to 10."
    assert prompts.render_whole("7", "x") == f"Score 0 to 10.\n\n{START}\nx\n{END}"
    plain = prompts_of(tmp_path, f"{START}{END}")
    assert plain.around == prompts.around
    assert plain.sha256 != prompts.sha256


def test_words_in_capitals_that_are_closed_are_markup(tmp_path: Path) -> None:
    text = f"{START}{END}\nAnswer in <SCORES> and </SCORES>."
    assert prompts_of(tmp_path, text).render("7", "x").endswith("<SCORES> and </SCORES>.")


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("no markers", "t.txt", "the prompt has no place for the piece; put the markers"),
        (f"{START}{END}\n<PIECE>", "t.txt", "line 2: <PIECE> is not a placeholder; use one of <WR"),
        (
            f"{START}{END}<POSITIVE_CRITERIA>",
            "t.txt",
            "nothing fills <POSITIVE_CRITERIA>; give criteria_file",
        ),
        ('{"text": "x"}', "t.json", "holds no template; the format is"),
        ('{"template": 3}', "t.json", "holds no template; the format is"),
        (
            json.dumps({"template": START + END, "system": ""}),
            "t.json",
            '"system": the system message is not a text',
        ),
    ],
)
def test_templates_that_cannot_be_used_are_refused_in_one_line(
    tmp_path: Path, text: str, name: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        prompts_of(tmp_path, text, name=name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_item_without_a_writing_prompt_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='give the writing prompt of item "7" with'):
        prompts_of(tmp_path, f"<WRITING_PROMPT>{START}{END}", {})
