"""What `judge_model` names: a kind of judge by its prefix, or a judge at an endpoint."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from judgemark.errors import UsageError
from judgemark.judges.judge_kind import JudgeKind
from judgemark.judges.registry import ENDPOINT, judge_kinds
from judgemark.redaction import looks_like_key

# Low enough for two letters of `vllm` changed places; `llama` and `command-r` stay names.
_NEAR = 0.75
_NEARER = 0.85


@dataclass(frozen=True, slots=True)
class JudgeSpec:
    """A judge as the user named it: `text` whole, `name` without the prefix of its `kind`."""

    text: str
    kind: JudgeKind
    name: str


def parse_spec(text: str, *, base_url_given: bool = False) -> JudgeSpec:
    """Read a judge spec.

    A prefix before the first colon that is not a kind of judge belongs to the judge's name at an
    endpoint (`llama3:8b`). A near miss of a kind (`basline:x`) raises UsageError: it must not be
    sent to an endpoint that costs money.

    With `base_url_given` the judge is at that endpoint: `hf:x` and `vllm:x` are then its name
    there. A judge of this program, which has no address, raises UsageError.
    """
    text = text.strip()
    prefix, colon, name = text.partition(":")
    kinds = {key: kind for key, kind in judge_kinds().items() if key != ENDPOINT}
    endpoint = judge_kinds()[ENDPOINT]
    if looks_like_key(text) or looks_like_key(name):
        raise UsageError(
            "‹judge_model›: what was given has the form of a key; give the judge's name, and the "
            "key in the variable OPENAI_API_KEY"
        )
    if not text or (colon and prefix in kinds and not name):
        raise UsageError(f'‹judge_model›: "{text}" names no judge; see ‹help› for the forms')
    if colon and base_url_given and prefix in kinds:
        if kinds[prefix].also_hosted:
            return JudgeSpec(text, endpoint, text)
        raise UsageError(
            f'‹base_url›: "{text}" is answered by a program on this machine, not at an address; '
            "leave ‹base_url› out, or name a judge of that endpoint"
        )
    if colon and prefix in kinds:
        return JudgeSpec(text, kinds[prefix], name)
    if "," in text:
        raise UsageError(
            f'‹judge_model›: "{text}" names several judges; give them as ‹judge_models›'
        )
    if colon:
        _refuse_near_miss(prefix, name, kinds, base_url_given)
    return JudgeSpec(text, endpoint, text)


def _refuse_near_miss(
    prefix: str, name: str, kinds: dict[str, JudgeKind], base_url_given: bool
) -> None:
    bare = "".join(prefix.split()).replace("_", "").lower()
    if bare.isalpha():
        near = difflib.get_close_matches(bare, tuple(kinds), n=1, cutoff=_NEAR)
    else:
        # `command-r` is a judge's name, and no near miss of `command`.
        hyphened = [kind for kind in kinds if "-" in kind]
        near = difflib.get_close_matches(bare, hyphened, n=1, cutoff=_NEARER)
    if near and not (base_url_given and kinds[near[0]].also_hosted):
        raise UsageError(
            f'‹judge_model›: "{prefix}:" is not a kind of judge; did you mean "{near[0]}:{name}"?'
        )
