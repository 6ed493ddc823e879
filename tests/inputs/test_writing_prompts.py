"""Writing prompts: the instruction of a pairwise judge, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.inputs.writing_prompts import WritingPrompts, read_writing_prompts


def written(folder: Path, content: object) -> Path:
    path = folder / "writing.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_prompts_come_as_they_stand_and_other_keys_are_ignored(tmp_path: Path) -> None:
    text = "Write about <SEED>.\nBe brief – très bref. "
    path = written(tmp_path, {"7": {"title": "A title", "writing_prompt": text}, "8": {
        "writing_prompt": "Another"}})  # fmt: skip
    prompts = read_writing_prompts(path, ["7"])
    assert prompts.by_item == {"7": text, "8": "Another"}
    assert prompts.name == "writing"


def test_the_hash_depends_on_the_texts_not_on_their_order() -> None:
    one = WritingPrompts("a", {"1": "x", "2": "y"})
    same = WritingPrompts("b", {"2": "y", "1": "x"})
    other = WritingPrompts("a", {"1": "x", "2": "z"})
    assert one.sha256 == same.sha256 != other.sha256


@pytest.mark.parametrize(
    ("content", "place", "problem"),
    [
        ([], "", "is an array, not an object"),
        ({}, "", "holds no writing prompts"),
        ({"7": "Write."}, '"7"', "is a string, not an object"),
        ({"7": {"title": "T"}}, '"7" > "writing_prompt"', "is missing"),
        ({"7": {"writing_prompt": 3}}, '"7" > "writing_prompt"', "is a number, not a string"),
        ({"7": {"writing_prompt": "\ud800"}}, '"7" > "writing_prompt"', "half of a surrogate pair"),
        ({"7": {"writing_prompt": " \n"}}, '"7" > "writing_prompt"', "is empty"),
        ({"8": {"writing_prompt": "W"}}, '"7"', "the item has no writing prompt"),
        ('{"7": {"writing_prompt": "a"}, "7": {"writing_prompt": "b"}}', '"7"', "twice"),
    ],
)
def test_a_refusal_names_file_place_and_problem(
    tmp_path: Path, content: object, place: str, problem: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(InputError) as caught:
        read_writing_prompts(path, ["7"])
    assert caught.value.path == path
    assert caught.value.place == place
    assert problem in str(caught.value)


def test_the_real_writing_prompts_are_read() -> None:
    path = Path(__file__).resolve().parents[2].parent / "shared" / "real" / "writing_prompts.json"
    if not path.exists():
        pytest.skip("../shared/real is absent")
    assert len(read_writing_prompts(path, ["25", "9"]).by_item) == 32
