"""Chooses the OpenAI-compatible endpoint and its key."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from judgemark.errors import UsageError

OPENAI = "https://api.openai.com/v1"
OPENROUTER = "https://openrouter.ai/api/v1"
KEY_VARIABLE = "OPENAI_API_KEY"
NO_KEY = "none"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a judge is asked. Key and address, which may hold one, are in no printed form."""

    base_url: str = field(repr=False)
    judge_name: str
    key: str = field(repr=False)

    @property
    def host(self) -> str:
        """The host's name, without port or user."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def shown(self) -> str:
        """The address as it may be printed and stored: no user, password or query."""
        parts = urlsplit(self.base_url)
        port = f":{parts.port}" if parts.port else ""
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return urlunsplit((parts.scheme, host + port, parts.path, "", ""))

    @property
    def publishes_prices(self) -> bool:
        """Whether the endpoint's list of judges carries prices."""
        return self.host == "openrouter.ai" or self.host.endswith(".openrouter.ai")


def is_local(host: str) -> bool:
    """Whether a host is this machine or its own network, where no key is needed."""
    if host in ("localhost", "host.docker.internal") or host.endswith((".localhost", ".local")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def choose_endpoint(
    judge: str,
    environment: Mapping[str, str],
    *,
    base_url: str | None = None,
    key_variable: str = KEY_VARIABLE,
) -> Endpoint:
    """The endpoint for a judge's name.

    `base_url`, else OPENAI_BASE_URL, else OPENAI_API_URL (the full `.../chat/completions` address
    is taken too); none set: a key that begins `sk-or-` means OpenRouter, any other the OpenAI API.
    At the OpenAI API a leading `openai/` is taken off the name. Raises UsageError for an address
    that is none and for a remote endpoint without a key.
    """
    if not _VARIABLE.fullmatch(key_variable):
        raise UsageError("--api-key-env: give the name of the variable that holds the key")
    # A key given in place of its variable's name must not be said back; few look like this.
    named = key_variable if key_variable.isupper() else "the variable of --api-key-env"
    key = environment.get(key_variable, "").strip()
    address = (
        base_url or environment.get("OPENAI_BASE_URL") or environment.get("OPENAI_API_URL") or ""
    ).strip()
    if not address:
        address = OPENROUTER if key.startswith("sk-or-") else OPENAI
    address = address.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        shown = address.rpartition("@")[2].partition("?")[0]
        raise UsageError(
            f'--base-url: "{shown}" is no address; give one like http://localhost:8000/v1'
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "--base-url: the address holds a user or a password; put the key into "
            f"{KEY_VARIABLE} instead"
        )
    host = parts.hostname or ""
    if not key and not is_local(host):
        raise UsageError(
            f"no key for {host}: set {named} in the environment or in .env, "
            "or name another variable with --api-key-env"
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(f"{named}: the key has characters that no key has; copy it again")
    name = judge.removeprefix("openai/") if host == "api.openai.com" else judge
    return Endpoint(address, name, key or NO_KEY)
