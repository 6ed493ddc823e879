import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.damage.passage import count_words, split_passage


def test_sentences_end_at_stops_and_paragraphs_at_blank_lines() -> None:
    passage = split_passage("It rained. Nobody came!\n\nDid it stop?\n")
    assert passage.sentences == ("It rained.", "Nobody came!", "Did it stop?")
    assert passage.paragraph_of == (0, 0, 1)


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    assert split_passage("One. Two.\nThree.").paragraph_of == (0, 0, 1)


def test_a_quotation_stays_whole_and_with_the_words_that_go_on_after_it() -> None:
    text = '"I know. He told me." She sat. "Why? When?" he said.'
    assert split_passage(text).sentences == (
        '"I know. He told me."',
        "She sat.",
        '"Why? When?" he said.',
    )


def test_an_unmatched_quotation_mark_does_not_join_the_whole_paragraph() -> None:
    sentences = split_passage('"It began so. Then it rained.').sentences
    assert sentences == ('"It began so.', "Then it rained.")


def test_initials_titles_numbers_and_short_forms_end_no_sentence() -> None:
    text = "Ask B. Oduya. Over by 3.3 kilos. Mr. Rowe and I. Gone."
    assert split_passage(text).sentences == (
        "Ask B. Oduya.", "Over by 3.3 kilos.", "Mr. Rowe and I.", "Gone.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("彼は行った。雨だ！なぜ？", ["彼は行った。", "雨だ！", "なぜ？"]),
        ("「帰る。寒い。」と言った。雨だ。", ["「帰る。寒い。」と言った。", "雨だ。"]),
        ("ذهب الرجل. هل عاد؟ نعم.", ["ذهب الرجل.", "هل عاد؟", "نعم."]),
        ("Am 3. Mai. „Wer? Er.“ So z. B. Hans.", ["Am 3. Mai.", "„Wer? Er.“", "So z. B. Hans."]),
        ("वह गया। क्यों?", ["वह गया।", "क्यों?"]),
    ],
)  # fmt: skip
def test_other_scripts_have_their_own_stops_and_quotation_marks(
    text: str, sentences: list[str]
) -> None:
    assert list(split_passage(text).sentences) == sentences


def test_a_dropped_sentence_leaves_no_gap_and_an_emptied_paragraph_goes() -> None:
    assert split_passage("One. Two.\n\nThree.").with_changes({1: "", 2: ""}).text == "One.\n\n"


def test_headings_and_scene_breaks_are_not_prose() -> None:
    passage = split_passage("# Chapter One\n\nIt rained.\n\n***\n\nIt stopped.")
    assert passage.prose == (1, 3)


def test_a_part_is_the_text_between_two_places() -> None:
    passage = split_passage("  One. Two.\n\nThree. Four.\n")
    assert passage.part(1, 3) == "Two.\n\nThree."
    assert passage.part(3, None) == "Four."
    assert passage.part(0, 0) == ""


def test_words_are_separated_by_white_space() -> None:
    assert split_passage("Mi es i â hi.").words == 5 == count_words("Mi es i â hi.")


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet='aB .!?"\n“”。「」、«»3#\t\u3000', max_size=60))
def test_splitting_loses_nothing(text: str) -> None:
    assert split_passage(text).text == text


SENTENCES = st.sampled_from(["It rained.", '"No. Never."', "Why?", '"Go," he said.', "At 3.5 m."])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_joined_sentences_are_found_again(paragraphs: list[list[str]]) -> None:
    text = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    passage = split_passage(text)
    assert list(passage.sentences) == [s for sentences in paragraphs for s in sentences]
