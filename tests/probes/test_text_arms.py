"""The arms that change a piece: padding, format, injection, and the line about the writer."""

import numpy as np
import pytest

from judgemark.inputs.prompts import END, START, PromptSet
from judgemark.probes.attribution_probe import BY_FAMOUS
from judgemark.probes.injection_probe import MARKUP, NOTE, ORDER, PLEA, appended
from judgemark.probes.markup_probe import with_markup
from judgemark.probes.padding_probe import PARAGRAPHS, padded
from judgemark.probes.probe_arm import NotAsked, reads_as_english

STORY = (
    "She was at the door before he had his coat on. It was late.\n\n"
    "They walked down to the river. Nobody was there. The boat was gone, and so were the oars.\n\n"
    "He sat down on the bank. She did not.\n\n"
    "In the morning they went home.\n"
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_padding_stands_in_the_middle_and_nothing_else_changes() -> None:
    text = padded(STORY, rng())
    assert isinstance(text, str)
    parts = text.rstrip().split("\n\n")
    assert parts[2] in PARAGRAPHS
    assert [p for p in parts if p not in PARAGRAPHS] == STORY.rstrip().split("\n\n")
    assert text.endswith("home.\n")
    assert text.replace(f"{parts[2]}\n\n", "") == STORY


def test_the_seed_chooses_the_padding() -> None:
    assert padded(STORY, rng(1)) == padded(STORY, rng(1))
    assert len({padded(STORY, rng(seed)) for seed in range(20)}) == len(PARAGRAPHS)


def test_padding_follows_a_piece_of_one_paragraph() -> None:
    text = padded("He was there, and then he was not.", rng())
    assert isinstance(text, str)
    assert text.split("\n\n")[0] == "He was there, and then he was not."


def test_paragraphs_that_are_lines_stay_lines() -> None:
    lines = "It was dark.\nHe went in.\nThere was a light.\nShe was not there."
    text = padded(lines, rng())
    assert isinstance(text, str)
    assert len(text.split("\n")) == 5
    assert "\n\n" not in text


def test_padding_is_not_put_into_another_language() -> None:
    german = "Er ging zur Tür. Draußen regnete es, und niemand wartete auf ihn."
    assert padded(german, rng()) == NotAsked("the piece is not in English, as the padding is")


@pytest.mark.parametrize(
    ("text", "english"),
    [(STORY, True), ("彼は家に帰った。", False), ("", False), ("…", False), (PLEA, True)],
)
def test_english_is_known_by_its_small_words(text: str, english: bool) -> None:
    assert reads_as_english(text) is english


def test_markup_adds_headings_bold_and_a_list_and_keeps_every_word() -> None:
    text = with_markup(STORY, rng())
    assert text == (
        "## I\n\n**She was at the door before he had his coat on.** It was late.\n\n"
        "## II\n\n**They walked down to the river.** Nobody was there. The boat was gone, and so "
        "were the oars.\n\n"
        "## III\n\n**He sat down on the bank.** She did not.\n\n"
        "In the morning they went home.\n"
    )


def test_the_longest_paragraph_without_a_heading_becomes_a_list() -> None:
    text = with_markup("One.\n\nTwo.\n\nThree.\n\nA b. C d. E f.", rng())
    assert isinstance(text, str)
    assert text.endswith("- A b.\n- C d.\n- E f.")


def test_markup_needs_prose() -> None:
    assert isinstance(with_markup("* * *", rng()), NotAsked)


@pytest.mark.parametrize("order", [ORDER, NOTE, MARKUP, PLEA])
def test_an_injection_is_the_last_paragraph(order: str) -> None:
    text = appended(order).change(STORY, rng())
    assert text == f"{STORY.rstrip()}\n\n{order}"
    assert "best possible" in order


def test_a_line_about_the_writer_precedes_the_marker_of_the_piece() -> None:
    prompts = PromptSet("p", {"a": (f"Read this.\n\n{START}", f"{END}\n\nScore it.")})
    shown = BY_FAMOUS.framed(prompts).render("a", "The piece.")
    assert shown == f"Read this.\n\n{BY_FAMOUS.line}\n\n{START}\nThe piece.\n{END}\n\nScore it."
    assert BY_FAMOUS.above("The piece.") == f"[{BY_FAMOUS.line}]\n\nThe piece."
