"""Chooses the OpenAI-compatible endpoint and its key."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

from judgemark.errors import UsageError
from judgemark.redaction import NO_KEY, secrets_in, secrets_of_address, secrets_of_environment

OPENAI = "https://api.openai.com/v1"
OPENROUTER = "https://openrouter.ai/api/v1"
KEY_VARIABLE = "OPENAI_API_KEY"
_AZURE = (".azure.com", ".azure.us", ".azure.cn")
_ADDRESS_IN_TEXT = re.compile(r"(?i)\b(https?|socks5h?)://[^\s\"'<>]*")
_SEVERAL = re.compile(r"(?i)[,;\s]+https?://")
_HOST = re.compile(r"[\w.\-:%]+")
_HEADER_VARIABLES = {
    "OPENAI_ORG_ID": "openai-organization",
    "OPENAI_PROJECT_ID": "openai-project",
}
_CUSTOM_HEADERS = "OPENAI_CUSTOM_HEADERS"
_OWN_HEADERS = frozenset({"content-length", "transfer-encoding"})
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a judge is asked. Key, address and query, which may hold one, are in no printed form.

    Attributes:
        base_url: the address before the path of an API call; holds no query.
        judge_name: the judge's name at this endpoint.
        key: sent as `Authorization: Bearer`; "none" where there is none.
        query: sent with every request behind its path, as it was given.
        secrets: all that must not be printed or stored: the key, and what else the address and the
            environment hold.
        headers: more headers that are sent with every request, by their names in small letters.
        others: more endpoints of the same judge, which take their part of the questions.
        missing_key: what to tell the user before anything is sent, where the endpoint wants a key
            and none is set; else empty.
    """

    base_url: str = field(repr=False)
    judge_name: str
    key: str = field(repr=False)
    query: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    others: tuple[Endpoint, ...] = ()
    missing_key: str = ""

    @property
    def host(self) -> str:
        """The host's name, without port or user."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def shown(self) -> str:
        """The address as it may be printed and stored: no user, password or query."""
        return shown_address(self.base_url)

    @property
    def all_shown(self) -> str:
        """The addresses of this endpoint and the others, as they may be printed."""
        return ", ".join(one.shown for one in (self, *self.others))

    def demand_key(self) -> None:
        """Raise UsageError where this endpoint, or one of the others, wants a key and has none."""
        for one in (self, *self.others):
            if one.missing_key:
                raise UsageError(one.missing_key)

    @property
    def publishes_prices(self) -> bool:
        """Whether the endpoint's list of judges carries prices."""
        return self.host == "openrouter.ai" or self.host.endswith(".openrouter.ai")

    @property
    def wants_api_key_header(self) -> bool:
        """Whether the key is also sent as `api-key`, as Azure expects it."""
        versioned = any(name == "api-version" for name, _ in parse_qsl(self.query))
        return self.key != NO_KEY and (versioned or self.host.endswith(_AZURE))


def shown_address(address: str) -> str:
    """Return an address without what may be secret in it: user, password, query and fragment."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(an address that cannot be read)"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))


def without_secrets_in_addresses(text: str) -> str:
    """Return a text with every web address in it as `shown_address` shows it."""
    return _ADDRESS_IN_TEXT.sub(lambda found: shown_address(found.group()), text)


def is_local(host: str) -> bool:
    """Return whether a host is this machine, or an address of its own network."""
    if host in ("localhost", "host.docker.internal") or host.endswith((".localhost", ".local")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def _needs_key(host: str) -> bool:
    """Return whether a host is one of the public network, where every service wants a key.

    A name of one part, such as `gpu` or `node-1`, is only known to the user's own network.
    """
    return not is_local(host) and ("." in host or ":" in host)


def choose_endpoint(
    judge: str,
    environment: Mapping[str, str],
    *,
    base_url: str | None = None,
    key_variable: str = KEY_VARIABLE,
    key_later: bool = False,
) -> Endpoint:
    """Return the endpoint for a judge's name.

    `base_url`, else OPENAI_BASE_URL, else OPENAI_API_URL (the full `.../chat/completions` address
    is taken too); none set: a key that begins `sk-or-` means OpenRouter, any other the OpenAI API.
    At the OpenAI API a leading `openai/` is taken off the name. OPENAI_ORG_ID, OPENAI_PROJECT_ID
    and OPENAI_CUSTOM_HEADERS are sent as OpenAI's own clients send them. Raises UsageError for an
    address or headers that cannot be used and for a remote endpoint without a key; with `key_later`
    the endpoint is returned without its key, and `demand_key` raises that error.
    """
    if not _VARIABLE.fullmatch(key_variable):
        raise UsageError("‹api_key_env›: give the name of the variable that holds the key")
    # A key given in place of its variable's name must not be said back; few look like this.
    named = key_variable if key_variable.isupper() else "the variable of ‹api_key_env›"
    key = environment.get(key_variable, "").strip()
    source, address = _given_address(base_url, environment)
    if not address:
        address = OPENROUTER if key.startswith("sk-or-") else OPENAI
    parts = _checked_address(source, address)
    path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    host = parts.hostname or ""
    missing = ""
    if not key and _needs_key(host):
        missing = (
            f"no key for {host}: set {named} in the environment or in .env, "
            "or name another variable with ‹api_key_env›"
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(f"{named}: the key has characters that no key has; copy it again")
    name = judge.removeprefix("openai/") if host == "api.openai.com" else judge
    found = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    headers = _headers(environment)
    secrets = (
        key,
        *secrets_of_address(address),
        *secrets_of_environment(environment, (KEY_VARIABLE, key_variable)),
        # `Token abc` may be said back without its first word.
        *(part for secret in secrets_in(headers) for part in (secret, secret.rpartition(" ")[2])),
    )
    endpoint = Endpoint(
        found, name, key or NO_KEY, parts.query, secrets, headers, missing_key=missing
    )
    if not key_later:
        endpoint.demand_key()
    return endpoint


def choose_endpoints(
    judge: str,
    environment: Mapping[str, str],
    addresses: Sequence[str],
    *,
    key_variable: str = KEY_VARIABLE,
    key_later: bool = False,
) -> Endpoint:
    """Return the endpoint at the first address, with those at the other ones as its `others`.

    All have the same key. Raises UsageError as `choose_endpoint` does, where an address is given
    twice, and where the judge has another name at one of them.
    """
    found = [
        choose_endpoint(
            judge,
            environment,
            base_url=address,
            key_variable=key_variable,
            key_later=key_later,
        )
        for address in addresses
    ]
    first, *others = found
    if len({one.base_url for one in found}) < len(found):
        raise UsageError("‹base_url›: the same address is given twice")
    if any(one.judge_name != first.judge_name for one in others):
        raise UsageError(
            "‹base_url›: the judge has another name at one of the addresses, so that its verdicts "
            "would be another judge's; give addresses where its name is the same"
        )
    secrets = tuple(secret for one in found for secret in one.secrets)
    shared = [replace(one, secrets=secrets) for one in found]
    return replace(shared[0], others=tuple(shared[1:]))


def _headers(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that the environment wants in every request."""
    found: dict[str, str] = {}
    for variable, header in _HEADER_VARIABLES.items():
        if value := environment.get(variable, "").strip():
            found[header] = _checked_header(variable, value)
    for line in environment.get(_CUSTOM_HEADERS, "").splitlines():
        name, colon, value = line.partition(":")
        if colon and not _HEADER_NAME.fullmatch(name.strip()):
            raise UsageError(f"{_CUSTOM_HEADERS}: give one header a line, like `X-Team: judges`")
        if name.strip().lower() in _OWN_HEADERS:
            raise UsageError(
                f"{_CUSTOM_HEADERS}: {name.strip()} depends on the request; leave it out"
            )
        if colon:
            found[name.strip().lower()] = _checked_header(_CUSTOM_HEADERS, value.strip())
    return found


def _checked_header(variable: str, value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise UsageError(f"{variable}: the value has characters that no header may hold")
    return value


def _given_address(base_url: str | None, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return where the address was given, for messages, and the address; both may be empty."""
    given = {
        "‹base_url›": base_url,
        **{name: environment.get(name) for name in ("OPENAI_BASE_URL", "OPENAI_API_URL")},
    }
    for source, address in given.items():
        if address and address.strip():
            return source, address.strip()
    return "", ""


def _checked_address(source: str, address: str) -> SplitResult:
    """Return the parts of an address that can be used; the address is never part of a message.

    What is given in place of an address may be a key, or hold one anywhere.
    """
    try:
        parts = urlsplit(address)
        problem = _problem(parts)
    except ValueError:
        problem = "its host or port cannot be read"
    if _SEVERAL.search(address):
        problem = "it holds several addresses; give ‹base_url› once for each"
    if problem:
        raise UsageError(
            f"{source}: what was given is not an address; give one like http://localhost:8000/v1 "
            f"({problem})"
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"{source}: the address holds a user or a password; put the key into "
            f"{KEY_VARIABLE} instead"
        )
    return parts


def _problem(parts: SplitResult) -> str | None:
    """Return why an address cannot be used; ValueError for a port that is not a number."""
    if parts.scheme not in ("http", "https"):
        return "it does not begin with http:// or https://"
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        return "it names no host" if not parts.hostname else "its host has odd characters"
    if parts.port == 0:
        return "0 is not a port"
    if parts.fragment:
        return "it holds a #"
    if not (parts.path + parts.query).isascii() or re.search(r"\s", parts.path + parts.query):
        return "it holds spaces or characters beyond ASCII; percent-encode them"
    return None
