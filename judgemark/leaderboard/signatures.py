"""Signatures of board entries: made and checked by `ssh-keygen`, with the keys that people have.

A signature is about an entry's digest, and so about all that the entry says.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from judgemark.errors import InputError, UsageError

NAMESPACE = "judgemark"
"""What a signature is for: `ssh-keygen` refuses one that was made for something else."""

FIRST_LINE = "-----BEGIN SSH SIGNATURE-----"
_PROGRAM = "ssh-keygen"
_SECONDS = 30
_KEY_FILE = "a file with an SSH key, as ~/.ssh/id_ed25519"
_KEY = re.compile(r"\b([A-Z0-9-]+) key (SHA256:[A-Za-z0-9+/=]+)")
_LONGEST_SAID = 200


class Vouching(StrEnum):
    """What a signature shows."""

    VOUCHED = "vouched"
    UNKNOWN = "unknown"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """A signature after its check.

    Attributes:
        vouching: VOUCHED where an allowed signer made it for this entry; UNKNOWN where it fits the
            entry, but its key is not (or no longer) one of an allowed signer; FALSE where it does
            not fit the entry: it was forged, or made for other figures.
        signer: who made it, as the file of allowed signers names them; empty where nobody is named.
        key: the key's kind and fingerprint; empty where it cannot be told.
    """

    vouching: Vouching
    signer: str = ""
    key: str = ""


def sign(digest: str, key: Path) -> str:
    """Return the signature of an entry's digest by a key file, as `ssh-keygen` writes it.

    A public key works too where an agent holds the private one. Raises UsageError where the key
    cannot be used or `ssh-keygen` is missing.
    """
    if not key.is_file():
        raise InputError(key, "no such file", fix=f"name {_KEY_FILE}")
    command = ["-Y", "sign", "-q", "-f", str(key.absolute()), "-n", NAMESPACE]
    done = _run(command, _message_of(digest), asks=True)
    signature = done.stdout.decode("ascii", "replace").strip()
    if done.returncode != 0 or not signature.startswith(FIRST_LINE):
        raise InputError(
            key,
            f"ssh-keygen cannot sign with it ({_said(done)})",
            fix=f"name {_KEY_FILE}, and check its passphrase and permissions",
        )
    return signature


def check(digest: str, signature: str, allowed: Path | None) -> CheckedSignature:
    """Check a signature of an entry's digest against the file of allowed signers, if there is one.

    Raises InputError where that file cannot be read, UsageError where `ssh-keygen` is missing.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "signature")
        file.write_text(signature + "\n", "utf-8", "replace")
        of = ["-n", NAMESPACE, "-s", str(file)]
        fits = _run(["-Y", "check-novalidate", *of], _message_of(digest))
        key = _key_in(fits)
        if fits.returncode != 0:
            return CheckedSignature(Vouching.FALSE, key=key)
        for signer in _signers(file, allowed) if allowed is not None else ():
            asked = ["-Y", "verify", "-f", str(allowed), "-I", signer, *of]
            if _run(asked, _message_of(digest)).returncode == 0:
                return CheckedSignature(Vouching.VOUCHED, signer, key)
        return CheckedSignature(Vouching.UNKNOWN, key=key)


def check_allowed_signers(path: Path) -> None:
    """Raise InputError where the file of allowed signers cannot be read."""
    try:
        path.read_bytes()
    except OSError as exc:
        raise InputError(
            path,
            f"cannot be read ({exc.strerror})",
            fix="name a file of allowed signers: a line for each, `NAME KIND PUBLIC_KEY`",
        ) from exc


def _message_of(digest: str) -> bytes:
    """Return what is signed."""
    return f"judgemark board entry {digest}\n".encode()


def _signers(signature: Path, allowed: Path) -> list[str]:
    """Return whom the file of allowed signers names for the key of a signature."""
    found = _run(["-Y", "find-principals", "-s", str(signature), "-f", str(allowed)], b"")
    return found.stdout.decode("utf-8", "replace").split("\n")[:-1] if found.returncode == 0 else []


def _run(
    arguments: Sequence[str], given: bytes, *, asks: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run `ssh-keygen`; with `asks` it may ask the user for a passphrase, however long it takes."""
    program = shutil.which(_PROGRAM)
    if program is None:
        raise UsageError(
            "ssh-keygen is missing, which makes and checks signatures; install OpenSSH's client "
            "(Debian and Ubuntu: openssh-client)"
        )
    try:
        return subprocess.run(
            [program, *arguments],
            input=given,
            capture_output=True,
            check=False,
            timeout=None if asks else _SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise UsageError(
            f"ssh-keygen cannot be run ({type(exc).__name__}); try it by hand"
        ) from exc


def _key_in(done: subprocess.CompletedProcess[bytes]) -> str:
    found = _KEY.search((done.stdout + done.stderr).decode("utf-8", "replace"))
    return f"{found[1]} {found[2]}" if found else ""


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    text = " ".join(done.stderr.decode("utf-8", "replace").split())
    return text[:_LONGEST_SAID] or f"it ended with code {done.returncode}"
