"""How a judge's answers are drawn: defaults, presets, the user's own."""

from __future__ import annotations

from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judging.job_settings import Sampling
from judgemark.judging.presets import random_text, resolve


def test_by_default_the_temperature_is_0_and_there_is_room_to_reason() -> None:
    chat = resolve(Sampling(), 0)
    assert chat.parameters == ChatParameters()
    assert chat.parameters.temperature == 0.0
    assert (chat.parameters.max_tokens or 0) >= 16_000
    assert chat.system is None


def test_the_presets_are_the_published_settings() -> None:
    v2 = resolve(Sampling("upstream-v2"), 0)
    assert (v2.parameters.temperature, v2.parameters.top_k, v2.system) == (0.5, 3, None)
    newer = resolve(Sampling("upstream-v2.1"), 0)
    assert (newer.parameters.temperature, newer.parameters.max_tokens) == (0.0, 12_000)
    assert newer.system == random_text(0)


def test_what_the_user_gives_beats_the_preset() -> None:
    given = {"temperature": 1.0, "top_k": None, "extra_body": {"seed": 7}}
    parameters = resolve(Sampling("upstream-v2", given), 0).parameters
    assert (parameters.temperature, parameters.top_k) == (1.0, None)
    assert parameters.body(frozenset()) == {"temperature": 1.0, "max_tokens": 16_000, "seed": 7}


def test_the_random_text_is_the_same_for_the_same_seed() -> None:
    assert random_text(3) == random_text(3) != random_text(4)
    words = random_text(3).split()
    assert len(words) == 80
    assert all(word.isascii() and word.islower() and 2 <= len(word) <= 10 for word in words)
