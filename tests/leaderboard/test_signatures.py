"""Entries are signed with SSH keys, and every forged or stale signature is told."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.leaderboard.board_entry import canonical, digest_of, read_line
from judgemark.leaderboard.board_file import Appended, append, merged, read_board
from judgemark.leaderboard.signatures import Vouching, check, sign
from tests.leaderboard.board_data import entry

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is missing (package openssh-client)"
)


def new_key(folder: Path, name: str, passphrase: str = "") -> Path:
    made = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", str(made)],
        check=True,
    )
    return made


def allowed_signers(folder: Path, **keys: Path) -> Path:
    """A file that allows these keys, by the names of their owners."""
    lines = [f"{name}@example.org {key.with_suffix('.pub').read_text()}" for name, key in
             keys.items()]  # fmt: skip
    (folder / "allowed").write_text("".join(lines), "utf-8")
    return folder / "allowed"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: new_key(folder, name) for name in ("ann", "bea")}


def test_an_allowed_signer_vouches_for_an_entry(keys: dict[str, Path], tmp_path: Path) -> None:
    digest = entry("a").digest
    allowed = allowed_signers(tmp_path, ann=keys["ann"])
    found = check(digest, sign(digest, keys["ann"]), allowed)
    assert (found.vouching, found.signer) == (Vouching.VOUCHED, "ann@example.org")
    assert found.key.startswith("ED25519 SHA256:")


def test_a_key_that_is_not_allowed_vouches_for_nothing(
    keys: dict[str, Path], tmp_path: Path
) -> None:
    digest = entry("a").digest
    found = check(digest, sign(digest, keys["bea"]), allowed_signers(tmp_path, ann=keys["ann"]))
    assert found.vouching is Vouching.UNKNOWN
    assert check(digest, sign(digest, keys["bea"]), None).vouching is Vouching.UNKNOWN


def test_a_signature_of_another_entry_is_false(keys: dict[str, Path], tmp_path: Path) -> None:
    signature = sign(entry("a").digest, keys["ann"])
    allowed = allowed_signers(tmp_path, ann=keys["ann"])
    assert check(entry("b").digest, signature, allowed).vouching is Vouching.FALSE


@pytest.mark.parametrize("junk", ["-----BEGIN SSH SIGNATURE-----\nU1NI\n", "", "\x00\ud800"])
def test_what_is_no_signature_is_false(junk: str) -> None:
    assert check(entry("a").digest, junk, None).vouching is Vouching.FALSE


def test_a_signature_for_another_purpose_is_false(keys: dict[str, Path], tmp_path: Path) -> None:
    # A signature that was made for a commit and is put on an entry.
    digest = entry("a").digest
    (tmp_path / "m").write_text(f"judgemark board entry {digest}\n", "utf-8")
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", str(keys["ann"]), "-n", "git", "m"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    signature = (tmp_path / "m.sig").read_text("utf-8").strip()
    allowed = allowed_signers(tmp_path, ann=keys["ann"])
    assert check(digest, signature, allowed).vouching is Vouching.FALSE


def test_a_changed_figure_makes_the_signature_stale(keys: dict[str, Path]) -> None:
    signed = entry("a").signed([sign(entry("a").digest, keys["ann"])])
    data = signed.to_json() | {"run_id": "another"}
    forged = read_line(canonical(data | {"digest": digest_of(data)}))
    assert check(signed.digest, signed.signatures[0], None).vouching is Vouching.UNKNOWN
    assert check(forged.digest, forged.signatures[0], None).vouching is Vouching.FALSE


def test_signatures_stand_outside_the_digest_and_merge(
    keys: dict[str, Path], tmp_path: Path
) -> None:
    plain = entry("a")
    one, two = (plain.signed([sign(plain.digest, keys[name])]) for name in ("ann", "bea"))
    assert one.digest == plain.digest
    assert "signatures" not in plain.to_json()
    board = tmp_path / "board.jsonl"
    board.write_text(f"{plain.line()}\n{two.line()}\n{one.line()}\n", "utf-8")
    (only,) = merged(read_board(board).entries).entries
    assert set(only.signatures) == {*one.signatures, *two.signatures}


def test_an_entry_on_the_board_gets_the_signature(keys: dict[str, Path], tmp_path: Path) -> None:
    board, plain = tmp_path / "board.jsonl", entry("a")
    signed = plain.signed([sign(plain.digest, keys["ann"])])
    told = [append(board, e) for e in (plain, entry("b"), signed, signed, plain)]
    assert told == [Appended.ADDED, Appended.ADDED, Appended.SIGNED, *[Appended.UNCHANGED] * 2]
    first, second = read_board(board).entries
    assert (first, second) == (signed, entry("b"))


def test_a_file_that_is_no_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key", "utf-8")
    (tmp_path / "key").chmod(0o600)
    for name in ("key", "absent"):
        with pytest.raises(InputError, match=name):
            sign("0" * 64, tmp_path / name)
