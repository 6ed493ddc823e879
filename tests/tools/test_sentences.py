from hypothesis import given, settings
from hypothesis import strategies as st

from tools.sentences import Piece, count_words, join_piece, split_piece


def test_sentences_end_at_stops_and_paragraphs_at_blank_lines() -> None:
    piece = split_piece("It rained. Nobody came!\n\nDid it stop?\n")
    assert piece == Piece(("It rained.", "Nobody came!", "Did it stop?"), (0, 0, 1))


def test_a_quotation_stays_whole_and_with_the_words_that_go_on_after_it() -> None:
    text = '"I know. He told me." She sat. "Why? When?" he said.'
    assert split_piece(text).sentences == (
        '"I know. He told me."',
        "She sat.",
        '"Why? When?" he said.',
    )


def test_initials_numbers_and_short_forms_end_no_sentence() -> None:
    text = "Ask B. Oduya. Over by 3.3 kilos. He and I. Gone."
    assert split_piece(text).sentences == (
        "Ask B. Oduya.", "Over by 3.3 kilos.", "He and I.", "Gone.",
    )  # fmt: skip


def test_a_dropped_sentence_leaves_no_gap_and_an_emptied_paragraph_goes() -> None:
    piece = split_piece("One. Two.\n\nThree.")
    assert join_piece(piece.with_changes({1: "", 2: ""})) == "One."


def test_words_are_what_white_space_parts() -> None:
    assert split_piece("Mi es i â hi.").words == 5 == count_words("Mi es i â hi.")


SENTENCES = st.sampled_from(["It rained.", '"No. Never."', "Why?", '"Go," he said.', "At 3.5 m."])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_joining_undoes_splitting(paragraphs: list[list[str]]) -> None:
    text = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    piece = split_piece(text)
    assert join_piece(piece) == text
    assert list(piece.sentences) == [s for sentences in paragraphs for s in sentences]
