"""The one place that knows what a secret looks like, and takes secrets out of texts and settings.

A secret is known by its value (the keys that a run was given), by the name of the setting that
holds it, or by its form (the keys of the usual services). What a text says beside it stays exactly
as it is.
"""

from __future__ import annotations

import base64
import json
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

WITHHELD = "(withheld)"
"""Stands in place of every secret."""

NO_KEY = "none"
"""What is sent as the key where there is none."""

_SHORTEST = 4
_LONG = 8
_LONGEST_WORD = 12
_PLACEHOLDERS = frozenset(
    ("null", "empty", "dummy", "test", "token", "ollama", "vllm", "local", "localhost",
     "lm-studio", "llama.cpp", "no-key", "nokey", "no_key", "not-needed", "notneeded",
     "not-used", "unused", "placeholder", "changeme", "sk-no-key-required", "your-api-key",
     "your_api_key", "api-key", "api_key", "openai_api_key")
)  # fmt: skip
"""What people put where no key is needed."""

_SECRET_NAME = re.compile(
    r"api[-_]?key|(access|secret|private|auth|account|subscription|service|signing)[-_]?key"
    r"|secret|passw|passphrase|authorization|credential|bearer|jwt"
    r"|(^|[-_])(auth|cookie|key|keys|pat|sig|signature)$|(^|[-_])cookies?($|[-_])"
    r"|(^|[-_])auth($|[-_])"
    r"|(^|[-_])(auth|access|api|session|id|bearer|refresh|hub|hf|user)[-_]?token$|^token$"
    r"|accessToken$|apiToken$|authToken$",
    re.IGNORECASE,
)
_TOKEN_NAME = re.compile(r"token$", re.IGNORECASE)
_CODE_NAME = re.compile(r"^code$", re.IGNORECASE)
_FORM = re.compile(r"[A-Za-z0-9_\-.~+/=:]{8,}")
_END = r"(?![A-Za-z0-9])"
_START = r"(?<![A-Za-z0-9])"
_SHAPES = re.compile(
    "|".join(
        (
            # OpenAI, OpenRouter, Anthropic, DeepSeek, Stripe and many more
            _START + r"(?:sk|pk|rk|csk)-[A-Za-z0-9_\-]{16,}",
            # Tokens of Hugging Face; "hf-" begins the ids of runs of its judges.
            _START + r"hf_[A-Za-z0-9_\-]{20,}",
            _START + r"(?:gsk|r8|fw|tgp|sk|pk|rk|gh[pousr]|github_pat|lsv2|glpat|npm|dop_v1)"
            r"[_\-][A-Za-z0-9_\-]{20,}",
            _START + r"(?:xai|nvapi|pplx|esecret|jina|voyage)[_\-][A-Za-z0-9_\-]{20,}",
            _START + r"AIza[A-Za-z0-9_\-]{20,}",
            _START + r"ya29\.[A-Za-z0-9_\-]{20,}",
            _START + r"(?:AKIA|ASIA)[A-Z0-9]{16}" + _END,
            _START + r"dapi[0-9a-f]{32}" + _END,
            _START + r"xox[abprs]-[A-Za-z0-9\-]{10,}",
            _START + r"eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}",
        )
    ),
    re.IGNORECASE,
)
# A key is a long run of such characters. Runs are found first: texts have few of them.
_SHORTEST_RUN = 16
_RUN_CHARACTERS = string.ascii_letters + string.digits + "_-.~+/%"
_RUN = re.compile(rf"[{re.escape(_RUN_CHARACTERS)}]{{{_SHORTEST_RUN},}}={{0,2}}")
_ALIKE = bytes(ord("x" if chr(n) in _RUN_CHARACTERS else " ") for n in range(256))
_SHORTEST_ALIKE = b"x" * _SHORTEST_RUN
_DIGIT = re.compile(rb"[0-9]")
_NAME_BEFORE = re.compile(
    r"(?:\bbearer\s+|\bauthorization[\"']?\s*[:=]\s*[\"']?(?:(?:basic|token|key)\s+)?"
    r"|(?:api|access|subscription|account)[-_ ]?(?:key|token)[\"']?\s*[:=]\s*[\"']?"
    r"|[?&](?:key|code|sig|signature|token|secret|password)=)$",
    re.IGNORECASE,
)
_LONGEST_NAME = 40
_PERCENT = re.compile(r"%[0-9A-F]{2}")
_IN_ADDRESS = re.compile(r"(?<=://)([^\s/@\"'<>]{1,500})(?=@)")


class Scrubber:
    """Takes secrets out of texts: those given, and whatever has the form of a key.

    A short secret counts only where it stands as a word of its own. What may be an ordinary word
    of a story is taken out of messages but not out of replies: very short secrets, short ones of
    small letters alone, and what people put where no key is needed (`EMPTY`, `dummy`).
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        given = {s.strip() for s in secrets} - {"", NO_KEY}
        words = {s for s in given if _may_be_a_word(s)}
        self._known = _Spelled(given - words)
        # A folder or a judge may be called like an ordinary word; its path is to be found again.
        self._words = _Spelled(words, joined=r"/\\")

    def text(self, text: str) -> str:
        """Return a text from outside without secrets; all else of it stays as it is."""
        return without_shapes(self._known.taken_out_of(text))

    def message(self, text: str) -> str:
        """Return a message without secrets, those that may be ordinary words included."""
        return self._words.taken_out_of(self.text(text))

    def body(self, body: bytes) -> bytes:
        """Return the body of an answer without the secrets that are known, before it is quoted.

        A quotation that is cut would hold the beginning of a secret.
        """
        return self._known.taken_out_of_bytes(body)

    def value(self, value: Any) -> Any:
        """Return a JSON value without secrets: by the names that hold them, and in its texts."""
        if isinstance(value, Mapping):
            return {
                self.text(str(name)): _without_texts(inner)
                if _names_a_secret(str(name), inner)
                else self.value(inner)
                for name, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        return self.text(value) if isinstance(value, str) else value


def without_shapes(text: str) -> str:
    """Return a text without what has the form of a key."""
    if len(text) >= _SHORTEST_RUN and _may_hold_key(text):
        text = _RUN.sub(_without_key, text)
    return _IN_ADDRESS.sub(WITHHELD, text) if "@" in text and "://" in text else text


def _may_hold_key(text: str) -> bool:
    """Return whether a text has a run with a digit in it, as every key is one.

    Most texts have none. The search for a fixed text is many times faster than a pattern, and all
    runs of a length are the same text once their characters are.
    """
    data = text.encode("utf-8", "surrogatepass")
    alike = data.translate(_ALIKE)
    begin = alike.find(_SHORTEST_ALIKE)
    while begin >= 0:
        end = alike.find(b" ", begin)
        end = len(alike) if end < 0 else end
        if _DIGIT.search(data, begin, end):
            return True
        begin = alike.find(_SHORTEST_ALIKE, end)
    return False


def looks_like_key(text: str) -> bool:
    """Return whether a whole text has the form of a service's key."""
    found = _SHAPES.fullmatch(text.strip())
    return found is not None and _withheld_if_key(found) == WITHHELD


def secrets_in(value: Any) -> Iterator[str]:
    """Yield the texts of a JSON value that stand under names of secrets."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner) if _names_a_secret(str(name), inner) else secrets_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from secrets_in(inner)


def secrets_of_environment(
    environment: Mapping[str, str], key_variables: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the secrets that variables hold: by their names, and within addresses.

    `key_variables` are names that hold a key whatever they are called.
    """
    named = {name for name in key_variables if name in environment}
    found = [environment[name] for name in sorted(named)]
    for name, value in environment.items():
        if "://" in value and len(value) < 10_000:
            found += secrets_of_address(value)
        elif len(value) < 10_000 and _variable_holds_secret(name, value):
            found.append(value)
    return tuple(dict.fromkeys(found))


def secrets_of_address(address: str) -> tuple[str, ...]:
    """Return what is secret in an address: user and password, and keys in its query."""
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=False)
    except ValueError:
        return ()
    found = [value for name, value in query if _names_a_secret(name, value) or _is_code(name)]
    userinfo = parts.netloc.rpartition("@")[0]
    if userinfo:
        user, _, password = userinfo.partition(":")
        pair = unquote(userinfo)
        found += [userinfo, pair, unquote(password) or unquote(user), password or user]
        found.append(base64.b64encode(pair.encode()).decode())
    return tuple(dict.fromkeys(text for text in found if text))


def _variable_holds_secret(name: str, value: str) -> bool:
    # Sockets, folders and files of keys are no keys.
    if value.startswith(("/", "~", "./")) or name.upper().startswith("XDG_"):
        return False
    named = _SECRET_NAME.search(name) or re.search(r"(^|_)TOKEN$", name, re.IGNORECASE)
    return named is not None and len(value.strip()) >= _LONG


def _is_code(name: str) -> bool:
    return _CODE_NAME.search(name) is not None


def _names_a_secret(name: str, value: Any) -> bool:
    if _SECRET_NAME.search(name):
        return True
    # `eos_token` and similar settings hold no key.
    return (
        _TOKEN_NAME.search(name) is not None
        and isinstance(value, str)
        and _FORM.fullmatch(value) is not None
        and any(c.isdigit() for c in value)
    )


def _without_texts(value: Any) -> Any:
    """Return what stands under the name of a secret, every text in it withheld."""
    if isinstance(value, Mapping):
        return {name: _without_texts(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_texts(inner) for inner in value]
    return WITHHELD if isinstance(value, str) and value else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _may_be_a_word(secret: str) -> bool:
    if len(secret) < _SHORTEST or secret.lower() in _PLACEHOLDERS:
        return True
    return len(secret) < _LONGEST_WORD and secret.isalpha() and secret.islower()


class _Spelled:
    """Secrets in every way in which a text may spell them."""

    def __init__(self, secrets: Iterable[str], joined: str = "") -> None:
        """Take `secrets`; a short one is part of another word beside the signs `joined`, too."""
        short = {form: len(s) < _LONG or s.isdigit() for s in secrets for form in _spellings(s)}
        self._forms = sorted(short, key=lambda form: (-len(form), form))
        self._pattern = re.compile(
            "|".join(
                rf"(?<![\w.\-{joined}]){re.escape(form)}(?![\w\-{joined}])"
                if short[form]
                else re.escape(form)
                for form in self._forms
            )
        )

    def taken_out_of(self, text: str) -> str:
        """Return the text without them."""
        # Looking for fixed texts is many times faster than a pattern, and seldom finds one.
        if not any(form in text for form in self._forms):
            return text
        return self._pattern.sub(WITHHELD, text)

    def taken_out_of_bytes(self, data: bytes) -> bytes:
        """Return UTF-8 without the long ones of them."""
        for form in self._forms:
            if len(form) >= _LONG:
                data = data.replace(form.encode("utf-8", "replace"), WITHHELD.encode())
        return data


def _spellings(secret: str) -> Iterator[str]:
    """Yield a secret as it stands in texts, addresses, web pages and JSON."""
    import html  # its table of characters is large, and few commands know a secret

    yield secret
    for quoted in (quote(secret, safe=""), quote_plus(secret)):
        yield quoted
        yield _PERCENT.sub(lambda code: code[0].lower(), quoted)
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    yield secret.upper()
    yield secret.lower()
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]


def _without_key(found: re.Match[str]) -> str:
    """Return a run of characters without the key in it, if there is one.

    Keys have digits in them, long words seldom do.
    """
    run = found.group()
    if not any(c.isdigit() for c in run):
        return run
    before = found.string[max(0, found.start() - _LONGEST_NAME) : found.start()]
    return WITHHELD if _NAME_BEFORE.search(before) else _SHAPES.sub(_withheld_if_key, run)


def _withheld_if_key(found: re.Match[str]) -> str:
    text = found.group()
    return WITHHELD if any(c.isdigit() for c in text) else text
