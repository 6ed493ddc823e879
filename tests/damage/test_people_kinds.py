import numpy as np
import pytest

from judgemark.damage.passage import split_passage
from judgemark.damage.people_kinds import dialogue_exchanged, find_names, names_exchanged
from judgemark.damage.plans import DamagePlan, DamageSource, NotApplicable
from tests.damage.pieces import LANGUAGES

STORY = (
    "That day old Ann met Bob for the first time in Leeds. Bob gave the key of the mill to Ann. "
    "They walked all the way from Leeds to the sea and said nothing. Ann's hand shook in the cold. "
    "Then Bob laughed. In Leeds it rained."
)


def source(text: str, most: float = 1.0) -> DamageSource:
    return DamageSource(split_passage(text), (), most, np.random.default_rng(1))


def test_names_recur_and_act_and_places_do_not() -> None:
    assert find_names(split_passage(STORY)) == ["Ann", "Bob"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_names_are_found_where_capitals_do_not_mark_them(language: str) -> None:
    assert find_names(split_passage(LANGUAGES[language])) == []


def test_from_one_sentence_on_each_bears_the_name_of_the_other() -> None:
    made = names_exchanged(source(STORY))
    assert isinstance(made, DamagePlan)
    texts = [made.text_after(n + 1) for n in range(len(made.shares))]
    # Both are named in the first sentence: the exchange begins with the last, one or two before.
    assert texts[0].endswith("Ann's hand shook in the cold. Then Ann laughed. In Leeds it rained.")
    assert texts[1].endswith("Bob's hand shook in the cold. Then Ann laughed. In Leeds it rained.")
    assert texts[-1].startswith(
        "That day old Ann met Bob for the first time in Leeds. Ann gave the key of the mill to Bob."
    )


def test_first_and_last_name_of_one_person_are_not_exchanged() -> None:
    text = "Then Ann Lee came. Then Ann Lee sat. Then Ann Lee left."
    assert isinstance(names_exchanged(source(text)), NotApplicable)


@pytest.mark.parametrize(
    ("text", "traded"),
    [
        (
            '"Where is it?" said Ann.\n\n"I lost it," said Bob.',
            '"I lost it." said Ann.\n\n"Where is it?" said Bob.',
        ),
        ("“Go on,” he said.\n\n“No.”", "“No,” he said.\n\n“Go on.”"),
        ("„Wer da?“, rief sie.\n\n„Ich“, sagte er.", "„Ich“, rief sie.\n\n„Wer da?“, sagte er."),
        ("«من هناك؟» سألت.\n\n«أنا» قال.", "«أنا» سألت.\n\n«من هناك؟» قال."),
        ("「誰だ」と女が言った。\n\n「私だ」と男。", "「私だ」と女が言った。\n\n「誰だ」と男。"),
        ("‘It’s late,’ she said.\n\n‘So?’", "‘So?’ she said.\n\n‘It’s late.’"),
        ("'It's late,' she said.\n\n'So?'", "'So?' she said.\n\n'It's late.'"),
    ],
)
def test_two_speeches_trade_speakers(text: str, traded: str) -> None:
    made = dialogue_exchanged(source(text))
    assert isinstance(made, DamagePlan)
    assert made.text_after(1) == traded


@pytest.mark.parametrize("text", ["He said no. She left.", '"Go," he said. "Now," he said.'])
def test_without_two_turns_of_dialogue_there_is_nothing_to_trade(text: str) -> None:
    made = dialogue_exchanged(source(text))
    assert made == NotApplicable("has no dialogue of two speakers in quotation marks")
