"""Signed boards as a user sees them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.leaderboard.board_entry import canonical, digest_of
from tests.fixtures.kept_runs import RUNS

pytestmark = [
    pytest.mark.usefixtures("elsewhere"),
    pytest.mark.skipif(
        shutil.which("ssh-keygen") is None, reason="ssh-keygen is missing (package openssh-client)"
    ),
]
BOARD = ("--board", "b.jsonl")
VERIFY = ("leaderboard", "verify", *BOARD)


@pytest.fixture(autouse=True)
def key(elsewhere: Path) -> None:
    """A run, a key, and a file that allows it."""
    shutil.copytree(RUNS / "baseline-lexical", elsewhere / "runs" / "baseline-lexical")
    # Figures of an earlier version would differ from those of this one.
    (elsewhere / "runs" / "baseline-lexical" / "result.json").unlink()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key"], check=True)
    Path("allowed").write_text(f"ann@example.org {Path('key.pub').read_text()}", "utf-8")


def said(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_adding_signed_and_asking_who_vouches(capsys: pytest.CaptureFixture[str]) -> None:
    add = ("leaderboard", "add", "baseline-lexical", *BOARD)
    assert said(add, capsys)[0] == 0
    code, text = said((*VERIFY, "--allowed-signers", "allowed"), capsys)
    assert code == 0
    assert "unsigned: baseline:lexical" in text
    assert "signed: baseline:lexical" in said((*add, "--sign", "key"), capsys)[1]
    code, text = said((*VERIFY, "baseline-lexical", "--allowed-signers", "allowed"), capsys)
    assert code == 0
    assert "equal: baseline:lexical" in text
    assert "vouched for: baseline:lexical" in text
    assert "signed by ann@example.org" in text
    Path("allowed").write_text("", "utf-8")
    code, text = said((*VERIFY, "--allowed-signers", "allowed"), capsys)
    assert (code, "unknown signer" in text) == (0, True)
    code, text = said(("leaderboard", *BOARD, "-o", "b.html"), capsys)
    assert (code, "1 of 1 entries of the board are signed" in text) == (0, True)


def test_a_forged_entry_with_a_digest_of_its_own_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["leaderboard", "add", "baseline-lexical", *BOARD, "--sign", "key"])
    entry = json.loads(Path("b.jsonl").read_text("utf-8")) | {"run_id": "better"}
    Path("b.jsonl").write_text(canonical(entry | {"digest": digest_of(entry)}), "utf-8")
    code, text = said((*VERIFY, "--allowed-signers", "allowed"), capsys)
    assert code == 1
    assert "false signature: baseline:lexical (better)" in text


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (("leaderboard", "add", "baseline-lexical", *BOARD, "--sign", "absent"), "absent"),
        (("leaderboard", "add", "baseline-lexical", *BOARD, "--sign", "allowed"), "allowed"),
        ((*VERIFY, "--allowed-signers", "absent"), "absent"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    arguments: tuple[str, ...], file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["leaderboard", "add", "baseline-lexical", *BOARD])
    before = Path("b.jsonl").read_bytes()
    capsys.readouterr()
    code, text = said(arguments, capsys)
    assert (code, file in text, text.count("\n")) == (2, True, 1)
    assert Path("b.jsonl").read_bytes() == before


def test_without_the_program_the_package_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    code, text = said(("leaderboard", "add", "baseline-lexical", *BOARD, "--sign", "key"), capsys)
    assert (code, "openssh-client" in text) == (2, True)
