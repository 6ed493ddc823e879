"""What `--judge-model` names: an embedded baseline, a local engine or a judge at an endpoint."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum

from judgemark.errors import UsageError


class Kind(StrEnum):
    """Who answers."""

    ENDPOINT = "endpoint"
    BASELINE = "baseline"
    VLLM = "vllm"
    HF = "hf"


_PREFIXES = tuple(kind.value for kind in Kind if kind is not Kind.ENDPOINT)
_NOT_YET = ("python", "command")
# Services have judges whose names begin like this; nobody has one called like our own code.
_ALSO_HOSTED = (Kind.VLLM.value, Kind.HF.value)
# Low enough for two letters of `vllm` changed places; `llama` and `command-r` stay names.
_NEAR = 0.75


@dataclass(frozen=True, slots=True)
class JudgeSpec:
    """A judge as the user named it: `text` whole, `name` without a prefix of ours."""

    text: str
    kind: Kind
    name: str


def parse_spec(text: str, *, base_url_given: bool = False) -> JudgeSpec:
    """Read a judge spec.

    A prefix before the first colon that is not one of ours belongs to the judge's name at an
    endpoint (`llama3:8b`). A near miss of one of ours (`basline:x`) raises UsageError: it must not
    be sent to an endpoint that costs money.

    With `base_url_given` the judge is at that endpoint: `hf:x` and `vllm:x` are then its name
    there. A judge of this program, which has no address, raises UsageError.
    """
    text = text.strip()
    prefix, colon, name = text.partition(":")
    if not text or (colon and prefix in _PREFIXES and not name):
        raise UsageError(f'--judge-model: "{text}" names no judge; see --help for the forms')
    if "," in text:
        raise UsageError("--judge-model: several judges at once are not available in this version")
    if base_url_given and colon and prefix in (*_PREFIXES, *_NOT_YET):
        if prefix in _ALSO_HOSTED:
            return JudgeSpec(text, Kind.ENDPOINT, text)
        raise UsageError(
            f'--base-url: "{text}" is answered by a program on this machine, not at an address; '
            "leave --base-url out, or name a judge of that endpoint"
        )
    if colon and prefix in _NOT_YET:
        raise UsageError(f'--judge-model: "{prefix}:" judges are not available in this version')
    if colon and prefix in _PREFIXES:
        return JudgeSpec(text, Kind(prefix), name)
    bare = "".join(prefix.split()).replace("_", "")
    if colon and bare.isalpha():
        known = (*_PREFIXES, *_NOT_YET)
        near = difflib.get_close_matches(bare.lower(), known, n=1, cutoff=_NEAR)
        if near and not (base_url_given and near[0] in _ALSO_HOSTED):
            raise UsageError(
                f'--judge-model: "{prefix}:" is no prefix; did you mean "{near[0]}:{name}"?'
            )
    return JudgeSpec(text, Kind.ENDPOINT, text)
