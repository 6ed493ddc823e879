"""A JSON schema with one integer per criterion, and the criteria's names given back."""

from __future__ import annotations

import json
from dataclasses import replace

from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.patience import Patience
from judgemark.judges.structured_probe import may_take_older_form, why_not_structured
from judgemark.judges.structured_scores import StructuredScores
from tests.judges.chat_judges import judge_at
from tests.support.fake_endpoint import Answer, Asked, Script, refused, said

SCHEMA = StructuredScores(("The Turn", "The turn!", "Élan", "日本"), 0, 10)


def test_every_criterion_has_a_safe_key_of_its_own() -> None:
    assert SCHEMA.keys == {
        "the_turn": "The Turn", "the_turn_2": "The turn!", "lan": "Élan", "criterion_4": "日本",
    }  # fmt: skip


def test_the_schema_is_strict_and_asks_for_integers() -> None:
    wanted = SCHEMA.response_format["json_schema"]
    assert wanted["strict"] is True
    assert wanted["schema"]["required"] == list(SCHEMA.keys)
    assert wanted["schema"]["additionalProperties"] is False
    assert {p["type"] for p in wanted["schema"]["properties"].values()} == {"integer"}
    narrow = StructuredScores(("Wit",), 0, 1).response_format["json_schema"]["schema"]
    assert narrow["properties"]["wit"]["type"] == "number"


def test_replies_get_the_criteria_s_names_back() -> None:
    text = SCHEMA.with_names('{"the_turn": 7, "the_turn_2": 3, "lan": 5, "criterion_4": 1}')
    assert json.loads(text) == {"The Turn": 7, "The turn!": 3, "Élan": 5, "日本": 1}
    for other in ("Wit: 7", '{"Wit": 7}', "[1]", "{}", ""):
        assert SCHEMA.with_names(other) == other


def test_the_schema_is_part_of_the_key_only_where_it_is_asked_for() -> None:
    assert "structured" not in ChatParameters().to_json()
    assert ChatParameters(structured=SCHEMA).to_json()["structured"] == SCHEMA.to_json()


def test_the_older_form_is_another_judge_and_its_schema_is_the_same() -> None:
    older = replace(SCHEMA, as_object=True)
    form = older.response_format
    assert form["type"] == "json_object"
    assert form["schema"] == SCHEMA.response_format["json_schema"]["schema"]
    assert older.to_json() != SCHEMA.to_json()
    assert SCHEMA.in_form_of(older.to_json()) == older
    assert older.in_form_of(SCHEMA.to_json()) == SCHEMA


def test_a_refusal_of_schemas_as_such_leaves_no_room_for_the_older_form() -> None:
    assert may_take_older_form('type must be "text" or "json_object", but got: json_schema')
    assert not may_take_older_form("response_format is not supported with this model")


def follow(asked: Asked) -> Answer:
    """Answer as a constrained decoder does."""
    keys = asked.body["response_format"]["json_schema"]["schema"]["required"]
    return said(json.dumps(dict.fromkeys(keys, 10)))


def probed(script: Script) -> str | None:
    with judge_at(script, ChatParameters(structured=SCHEMA)) as (judge, _):
        return why_not_structured(judge, SCHEMA, Patience(retries=0))


def test_the_probe_tells_whether_the_schema_is_followed() -> None:
    assert probed(follow) is None
    assert "did not follow" in str(probed(lambda _: said("10 for all.")))
    assert "did not follow" in str(probed(lambda _: said('{"the_turn": 10}')))
    rejecting = refused(400, "response_format is not supported with this model")
    assert "response_format" in str(probed(lambda _: rejecting))
    assert probed(lambda _: refused(400, "bad request")) is not None


def test_fields_beside_the_schema_are_adapted_as_ever() -> None:
    def picky(asked: Asked) -> Answer:
        if "temperature" in asked.body:
            return refused(400, "temperature is not supported")
        return follow(asked)

    assert probed(picky) is None
