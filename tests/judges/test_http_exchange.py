"""The body of an answer: what it is encoded in, and bytes that are no text."""

from __future__ import annotations

import json

import pytest

from judgemark.errors import AskFault
from judgemark.judges.faults import map_answer_without_json
from judgemark.judges.http_exchange import HttpAnswer, read_answer
from judgemark.judges.request_limits import RequestLimits
from judgemark.redaction import Scrubber


def came(body: bytes, **headers: str) -> HttpAnswer:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return read_answer(200, raw, [body], RequestLimits(10.0, 1.0), "http://h/v1")


def test_a_broken_character_costs_no_reply() -> None:
    body = json.dumps({"choices": ["Wit? ** 7"]}).encode().replace(b"**", b"\xf0\x9f")
    assert came(body).json() == {"choices": ["Wit? \ufffd 7"]}
    with pytest.raises(UnicodeDecodeError):
        came(b'{"a": "\xff\xfe"}').json()


@pytest.mark.parametrize("charset", ["iso-8859-1", '"ISO-8859-1"', "windows-1252"])
def test_the_charset_that_the_answer_names_counts(charset: str) -> None:
    body = '{"choices": ["déjà vu"]}'.encode("latin-1")
    told = f"application/json; charset={charset}"
    assert came(body, content_type=told).json() == {"choices": ["déjà vu"]}
    unknown = came(body, content_type="application/json; charset=no-such")
    assert unknown.json() == {"choices": ["d\ufffdj\ufffd vu"]}


@pytest.mark.parametrize("coding", ["br", "zstd", "x-custom"])
def test_a_compression_that_was_not_asked_for_is_named(coding: str) -> None:
    answer = came(b"\x02\x80abc", content_encoding=coding)
    fault = map_answer_without_json(answer, Scrubber([]))
    assert isinstance(fault, AskFault)
    assert f"compressed its answer as {coding}" in str(fault)
    assert "content-encoding" not in came(b"{}", content_encoding="identity").headers
