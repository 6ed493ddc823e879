"""`.env` is read in the encodings that editors and shells write; what is broken is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.cli.environment_file import read_environment
from judgemark.errors import InputError

pytestmark = pytest.mark.usefixtures("elsewhere")
TEXT = "# settings\nOPENAI_API_KEY=key-1\nexport MAX_RETRIES='3'\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_every_usual_encoding_is_read(encoding: str, ends: str) -> None:
    # `echo KEY=... > .env` in PowerShell writes UTF-16 with a mark and \r\n.
    Path(".env").write_bytes(TEXT.replace("\n", ends).encode(encoding))
    found = read_environment()
    assert (found["OPENAI_API_KEY"], found["MAX_RETRIES"]) == ("key-1", "3")


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(TEXT, "utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", "key-2")
    assert read_environment()["OPENAI_API_KEY"] == "key-2"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"A=1\nOPENAI_API_KEY sk-secret-1234\n", "line 2"),
        (b"A=1\n\nB='sk-secret-1234\n", "line 3"),
        (b"A=1\nB=sk-secret-1234\xe9\n", "line 2"),
        (b"A=1\nB=sk-\x00secret-1234\n", "line 2"),
        ("A=1\nB=sk-secret-1234".encode("utf-16")[:-1], "line 2"),
    ],
)
def test_a_broken_line_is_named_by_its_number_and_never_quoted(data: bytes, place: str) -> None:
    Path(".env").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_environment()
    assert place in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_huge_file_is_refused() -> None:
    Path(".env").write_bytes(b"#" * 1_000_001)
    with pytest.raises(InputError, match="larger than 1 MB"):
        read_environment()


def test_a_folder_of_that_name_is_somebodys_virtual_environment() -> None:
    Path(".env").mkdir()
    assert "PATH" in read_environment()
