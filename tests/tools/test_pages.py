"""The Markdown pages: their links lead somewhere, and the modules that they name exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from judgemark.cli.flags import parser, split_command

HOME = Path(__file__).parents[2]
PAGES = sorted(
    str(page.relative_to(HOME))
    for folder in (".", "docs", "data", "prompts")
    for page in (HOME / folder).glob("*.md")
)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
_ANCHOR = re.compile(r"\]\((?!https?:)([^)#\s]*)#([^)]+)\)")
_FILE = re.compile(r"`((?:judgemark|tests|tools|benchmarks)/[\w/.]+)`")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page: str) -> None:
    linked = _LINK.findall((HOME / page).read_text("utf-8"))
    assert [to for to in linked if not ((HOME / page).parent / to).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_into_a_page_lead_to_one_of_its_headings(page: str) -> None:
    place = HOME / page
    targets = [
        ((place.parent / to).resolve() if to else place, heading)
        for to, heading in _ANCHOR.findall(place.read_text("utf-8"))
    ]
    assert [(to.name, h) for to, h in targets if h not in headings(to)] == []


def headings(page: Path) -> set[str]:
    """Return the names under which a page's headings can be linked to."""
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES)
def test_files_of_the_code_that_are_named_exist(page: str) -> None:
    named = _FILE.findall((HOME / page).read_text("utf-8"))
    examples = ("command_NAME.py", "NAME_kind.py", "NAME_probe.py")
    assert [n for n in named if not n.endswith(examples) and not (HOME / n).exists()] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page != "docs/cli.md"])
def test_the_command_line_takes_the_commands_of_code_blocks(page: str) -> None:
    for words in commands((HOME / page).read_text("utf-8")):
        command, rest = split_command(words)
        parser(command).parse_args(rest)


def commands(text: str) -> list[list[str]]:
    """Return the words of each command in code blocks, as a shell reads a line that is pasted.

    Commands that a file of YAML or a script has in an indented line are none.
    """
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    found = [re.match(r"(?:[A-Z_]+=\S+ )*judgemark (.*)", line) for line in lines]
    told = [line[1] for line in found if line is not None]
    assert [line for line in told if "|" in line] == []
    return [shlex.split(line, comments=True) for line in told]


def test_the_readme_names_the_command_that_runs_the_tests() -> None:
    assert "make test\n" in (HOME / "README.md").read_text("utf-8")
