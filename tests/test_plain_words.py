"""The prose of the project uses the field's words: none of the listed ones occurs in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
# Archaic or unclear words, as they stand in prose and, with underscores, in names of tests.
BANNED = (
    "anew",
    "asked wrongly",
    "by itself alone",
    "found out",
    "held against",
    "kin",
    "mend",
    "mended",
    "mends",
    "so many",
    "somebody",
    "the same with that",
    "throws coins",
    "throws dice",
    "turned round",
    "whoever",
)
# The folders and files of the repository that hold prose or names.
PLACES = (
    "judgemark",
    "tests",
    "tools",
    "benchmarks",
    "examples",
    "docs",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "data/README.md",
    "prompts/README.md",
)
STORED_NAMES = ('"kin"',)
"""Names in stored runs, which must stay readable."""
# These hold sentences of stories or word lists, in which any word may occur.
STORIES = frozenset(
    {
        "judgemark/probes/injection_probe.py",
        "tests/test_plain_words.py",
        "judgemark/damage/english.py",
        "judgemark/damage/stock_sentences.py",
        "judgemark/metrics/validity/english_words.py",
        "tests/damage/pieces.py",
        "tests/damage/test_english.py",
        "tests/damage/test_passage.py",
        "tests/tools/test_mixed_damage.py",
    }
)
_PATTERN = re.compile(
    "(?<![a-z])(" + "|".join(word.replace(" ", r"[\s_]+") for word in BANNED) + ")(?![a-z])",
    re.IGNORECASE,
)


def prose_files(place: str) -> list[Path]:
    """Return the Python, Markdown and HTML files of a place, apart from those with stories."""
    path = HOME / place
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return [
        file
        for file in files
        if file.suffix in (".py", ".md", ".html")
        and file.relative_to(HOME).as_posix() not in STORIES
    ]


def without_stored_names(line: str) -> str:
    """Return the line without the names that stored runs prescribe."""
    for name in STORED_NAMES:
        line = line.replace(name, "")
    return line


@pytest.mark.parametrize("place", PLACES)
def test_a_place_uses_no_banned_word(place: str) -> None:
    files = prose_files(place)
    assert files
    uses = [
        f"{file.relative_to(HOME)}, line {number}: {found[0]}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        for found in _PATTERN.finditer(without_stored_names(line))
    ]
    assert uses == []


@pytest.mark.parametrize("text", ["Items are drawn anew.", "def test_it_is_found_out() -> None:"])
def test_a_banned_word_is_found_in_prose_and_in_names(text: str) -> None:
    assert _PATTERN.search(text)


@pytest.mark.parametrize("text", ["a kind of damage", "the mending of nets", "kin_d"])
def test_a_longer_word_is_not_a_banned_one(text: str) -> None:
    assert not _PATTERN.search(text.replace("kin_d", "kindly"))
