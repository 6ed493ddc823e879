import pytest

from judgemark.damage.english import add_adverb, flip_sense, is_english, shift_tense, swap_cast

PAIRS = (("Desmond", "the creature"), ("my", "your"))


@pytest.mark.parametrize(
    ("sentence", "swapped"),
    [
        ("Desmond looked at the creature.", "The creature looked at Desmond."),
        ('"Is it my hat?" Desmond said.', '"Is it your hat?" The creature said.'),
        ("She gave him her hat.", "He gave her his hat."),
        ("He saw her and the hat was hers.", "She saw him and the hat was his."),
        ("The bus was late.", "The bus was late."),
    ],
)
def test_characters_and_pronouns_change_places(sentence: str, swapped: str) -> None:
    assert swap_cast(sentence, PAIRS) == swapped


def test_a_pair_of_the_piece_goes_before_the_pronouns() -> None:
    assert swap_cast("I took her spoon.", (("I", "she"), ("my", "her"))) == "She took my spoon."


@pytest.mark.parametrize(
    ("sentence", "flipped"),
    [
        ("He did not knock.", "He did knock."),
        ("You cannot stay.", "You can stay."),
        ('"Don\'t wait."', '"Do wait."'),
        ("Nobody came before noon.", "Everybody came before noon."),
        ("The hen was asleep.", "The hen was not asleep."),
        ("It's his.", "It's not his."),
        ("Was it late?", "Was it early?"),
        ("What was it?", "What was it?"),
        ("He ran.", "He ran."),
    ],
)
def test_the_sense_is_inverted_once(sentence: str, flipped: str) -> None:
    assert flip_sense(sentence) == flipped


@pytest.mark.parametrize(
    ("sentence", "shifted"),
    [
        ("She took the bolt and said nothing.", "She takes the bolt and says nothing."),
        ("We took it.", "We take it."),
        ("I was late and they were not.", "I am late and they are not."),
        ("She looks up.", "She looked up."),
        ("I want to go.", "I wanted to go."),
        ("Twelve chairs.", "Twelve chairs."),
    ],
)
def test_verbs_move_to_the_other_tense(sentence: str, shifted: str) -> None:
    assert shift_tense(sentence) == shifted


def test_an_adverb_stands_before_the_first_verb_of_the_past() -> None:
    assert add_adverb("She took the bolt and said nothing.", "sadly") == (
        "She sadly took the bolt and said nothing."
    )
    assert add_adverb("Twelve chairs.", "sadly") == "Twelve chairs."


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("The hen was asleep, and she did not hear him.", True),
        ("Das Huhn schlief, und sie hörte ihn nicht.", False),
        ("De kip sliep en zij hoorde hem niet.", False),
        ("La gallina dormía y no lo oyó.", False),
        ("彼は行った。", False),
        ("", False),
    ],
)
def test_english_is_known_by_its_commonest_words(text: str, english: bool) -> None:
    assert is_english(text) is english
