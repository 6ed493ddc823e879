"""Secrets are known by their value, by the name they stand under, or by their form."""

from __future__ import annotations

import time

import pytest

from judgemark.redaction import (
    WITHHELD,
    Scrubber,
    looks_like_key,
    secrets_in,
    secrets_of_address,
    secrets_of_environment,
    without_shapes,
)

KEYS = (
    "sk-abcdefghij0123456789",
    "sk-proj-abc_DEF-0123456789abcdefghijklm",
    "sk-or-v1-0123456789abcdef0123456789abcdef",
    "sk-ant-api03-abcdefghij0123456789",
    "hf_abcdefghijklmnopqrstuvwxyz012345",
    "gsk_abcdefghijklmnopqrstuvwxyz012345",
    "xai-abcdefghijklmnopqrstuvwxyz012345",
    "AIzaSyA0123456789abcdefghijklmnopqrstuv",
    "nvapi-abcdefghijklmnopqrstuvwxyz012345",
    "pplx-abcdefghijklmnopqrstuvwxyz012345",
    "r8_abcdefghijklmnopqrstuvwxyz0123456789",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "AKIA0123456789ABCDEF",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "around", ["{}", "bad key: {}!", '"{}"', "key={}&x=1", "Bearer {}", "<{}>"]
)
def test_keys_of_the_usual_services_are_known_by_their_form(key: str, around: str) -> None:
    assert without_shapes(around.format(key)) == around.format(WITHHELD)
    assert looks_like_key(key)


def test_ids_of_runs_of_judges_on_transformers_are_no_keys() -> None:
    for run_id in (
        "hf-models-judge--samples--658afebd",
        "hf-selfhypnosis-ai-Qwen3.5-4B-Creative-Writing-Judge--samples-ladder--1a2b3c4d",
    ):
        assert without_shapes(f"runs/{run_id}/report.html") == f"runs/{run_id}/report.html"
        assert not looks_like_key(run_id)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Authorization: Bearer abcdefghij0123456789", "Authorization: Bearer (withheld)"),
        ("authorization: Basic dXNlcjpwYXNzd29yZDE=", "authorization: Basic (withheld)"),
        ("api-key=0123456789abcdef0123456789abcdef", "api-key=(withheld)"),
        ('{"api_key": "0123456789abcdef0123456789"}', '{"api_key": "(withheld)"}'),
        ("https://user:pass@host/v1", "https://(withheld)@host/v1"),
        ("http://h/v1?api-version=2024-10-21&key=abc0123456789defg&x=1",
         "http://h/v1?api-version=2024-10-21&key=(withheld)&x=1"),
    ],
)  # fmt: skip
def test_a_key_is_known_by_what_stands_before_it(text: str, left: str) -> None:
    assert without_shapes(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "The bearer of incomprehensibilities bowed; a basic understanding of the key: none.",
        "Authorization: granted. Her API key: whatever. A sk-like, ask-me-anything-you-want tone.",
        "sha256 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "https://example.org/a-long-path/with-2024-digits?page=2 and mail@example.org",
        "task-0123456789abcdefghij risk-1234567890123456789",
        "Creativity: 7\nCoherence: 8.5\n",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert Scrubber(["sk-abcdefghij0123456789"]).text(text) == text


@pytest.mark.parametrize("between", [" ", "é", "中", "\ud800", "\n", "=", " y1 "])
def test_a_key_is_found_behind_long_words_and_whatever_stands_between(between: str) -> None:
    # Only a run of key characters with a digit in it can be a key; the runs before it have none.
    text = between.join(["incomprehensibilities", "characterization", "{}", "end"])
    assert without_shapes(text.format("sk-abcdefghij0123456789")) == text.format(WITHHELD)


def test_a_value_is_known_in_every_spelling() -> None:
    key = 'p/w+"1234'
    for spelled in (key, "p%2Fw%2B%221234", '{"a": "p/w+\\"1234"}', key.upper()):
        assert "1234" not in Scrubber([key]).text(spelled)


def test_a_value_is_known_in_web_pages_and_in_small_escapes() -> None:
    key = 'p/w&"<1234>'
    for spelled in ("p/w&amp;&quot;&lt;1234&gt;", 'p/w&amp;"&lt;1234&gt;', "p%2fw%26%22%3c1234%3e"):
        assert Scrubber([key]).text(f"key {spelled}.") == f"key {WITHHELD}."


def test_an_ordinary_word_in_a_path_or_a_name_stays() -> None:
    for secret in ("test", "ollama", "k"):
        said = f"/tmp/{secret}/run.json, C:\\{secret}\\run.json and {secret}/llama3"
        assert Scrubber([secret]).message(said) == said
        assert Scrubber([secret]).message(f"bad key '{secret}'.") == f"bad key '{WITHHELD}'."


def test_a_short_or_ordinary_secret_leaves_stories_alone() -> None:
    # People write OPENAI_API_KEY=test for servers of their own.
    for secret in ("test", "EMPTY", "dragon", "ab"):
        scrubber = Scrubber([secret])
        assert scrubber.text(f"The {secret} begins.") == f"The {secret} begins."
        assert scrubber.message(f"bad key {secret}") == f"bad key {WITHHELD}"
    assert Scrubber(["k3y!"]).text("k3y! and ak3y!s") == f"{WITHHELD} and ak3y!s"


def test_numbers_keep_their_digits() -> None:
    assert Scrubber(["12345678"]).text('{"x": 0.12345678, "y": 112345678}').count("12345678") == 2


def test_settings_lose_what_stands_under_the_name_of_a_secret() -> None:
    given = {
        "api_key": "a",
        "auth": {"kind": "b", "of": ["c"]},
        "hub_token": "token-1234",
        "eos_token": "<|im_end|>",
        "max_tokens": 5,
        "seed": 7,
        "stop": ["END"],
    }
    assert Scrubber().value(given) == {
        **given,
        "api_key": WITHHELD,
        "auth": {"kind": WITHHELD, "of": [WITHHELD]},
        "hub_token": WITHHELD,
    }
    assert list(secrets_in(given)) == ["a", "b", "c", "token-1234"]


def test_secrets_of_an_environment() -> None:
    found = secrets_of_environment(
        {
            "HF_TOKEN": "hub-token-1",
            "MY_SECRET": "s3cret-value",
            "WHATEVER": "the-key",
            "HTTPS_PROXY": "http://ann:pa%20ss@proxy:3128",
            "SSH_AUTH_SOCK": "/tmp/ssh/agent.1",
            "HOME": "/root",
        },
        ["WHATEVER"],
    )
    assert {"hub-token-1", "s3cret-value", "the-key", "pa ss", "ann:pa ss"} <= set(found)
    assert not {"/tmp/ssh/agent.1", "/root", "ann"} & set(found)


def test_the_version_in_an_address_is_no_secret() -> None:
    assert secrets_of_address("https://h/v1?api-version=2024-10-21&code=abc") == ("abc",)


@pytest.mark.parametrize("part", ["sk-", "://", "api key ", "eyJ", "bearer ", "a", "key=", "1-"])
def test_time_grows_with_the_length_of_a_text(part: str) -> None:
    times = []
    for size in (20_000, 200_000):
        text = part * (size // len(part))
        begun = time.process_time()
        Scrubber(KEYS).text(text)
        times.append(time.process_time() - begun)
    # Ten times the text may take thirty times as long on a busy machine, not a hundred times.
    assert times[1] < 30 * times[0] + 0.2
