"""What a rejected request says about its fields: one is not supported, or its figure is too high.

An endpoint may quote the request in its complaint, a story included, so a field is never taken
for rejected because its name occurs somewhere. Pure: nothing here sends a request.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from judgemark.judges.complaints import Complaint

OPTIONAL = (
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "top_p",
    "top_k",
    "reasoning_effort",
    "response_format",
    "logprob_token_ids",
    "chat_template_kwargs",
    "top_logprobs",
    "logprobs",
)
"""Fields that a request can do without, in the order in which complaints are searched for them."""

NEEDED = frozenset(("model", "messages"))

# Endpoints that take the newer name may still complain of the older one.
_ALSO_CALLED = {
    "max_completion_tokens": ("max_completion_tokens", "max_tokens", "max_output_tokens"),
    "max_tokens": ("max_tokens", "max_output_tokens"),
    "response_format": (
        "response_format",
        "response_format.type",
        "json_schema",
        "structured outputs?",
        "guided_json",
        "grammar",
    ),
    # TGI's own name of the field.
    "top_logprobs": ("top_logprobs", "top_n_tokens"),
    "reasoning_effort": ("reasoning_effort", "reasoning.effort"),
    "logprobs": ("logprobs", "log_probabilities"),
}
_STEPPED = ("top_logprobs",)
"""Fields of which less is asked for, step by step, where the figure is out of range."""

_TOKEN_LIMITS = ("max_completion_tokens", "max_tokens")
_UNSUPPORTED_CODES = frozenset(
    (
        "unsupported_parameter",
        "unsupported_value",
        "unsupported_field",
        "unknown_parameter",
        "unrecognized_parameter",
        "extra_forbidden",
        "value_error.extra",
    )
)
_OUT_OF_RANGE = re.compile(
    r"above_max|below_min|less_than|greater_than|\btoo (?:large|high|low|small|big)\b"
    r"|\bat (?:most|least)\b|\b(?:less|greater) than\b|\bmaximum\b|\bminimum\b|\bexceed"
    r"|\bin (?:the )?range\b|\brange (?:of|is)\b|\bbetween\b|[<>]=?|≤|≥",
    re.IGNORECASE,
)
_NEAR = r"(?:[^.;!?\n]|!=){0,50}?"
# What is said of a piece that is judged, and of no field.
_NO_FIELD = r"(?! (?:content|input|text|language|character|media|image|word)s?\b)"
_BEFORE = (
    rf"(?:unsupported{_NO_FIELD}"
    r"|unrecogni[sz]ed|unknown|unexpected|disallowed|forbidden|extra"
    r"|invalid (?:parameter|argument|field|key|property|name|option)s?"
    r"|(?:do|does|did|is|are)(?: not|n't) (?:currently |yet )?(?:support|accept|allow|recogni[sz]e)"
    r"|no longer (?:supports?|accepts?)|cannot (?:use|set|accept|return)"
    r"|not (?:allowed|permitted|supported) to (?:request|use|set|send)"
    r"|(?:argument|parameter|field|option|property|setting)s? (?:is |are )?not supported)"
)
_AFTER = (
    r"(?:(?:is|are|was|were)(?: currently)?(?: not|n't) (?:yet |currently )?"
    r"(?:a )?(?:supported|allowed|permitted|accepted|available|implemented|recogni[sz]ed"
    r"|(?:a )?valid (?:param\w*|argument|field|key|property|option)s?)"
    r"|(?:not|un)[ -]?(?:supported|permitted|allowed|recogni[sz]ed)"
    rf"{_NO_FIELD}"
    r"|(?:is|are) (?:deprecated|unknown|unexpected|unsupported|unavailable|forbidden)"
    r"|does(?: not|n't) support|extra (?:inputs?|fields?)"
    r"|cannot (?:both )?be (?:used|set|specified|combined)|must (?:be omitted|not be (?:set|used)))"
)
# "Only temperature=1 is supported": the endpoint has one value, which it takes by default.
_ONE_VALUE = (
    r"\bonly [`'\"]?(?:{field})[`'\"]?(?: ?[=:] ?| of | )[`'\"]?[\d.]+[`'\"]?"
    r" is (?:currently )?(?:supported|allowed|accepted|permitted)"
)
# A field with few values: another value that it must have is a rejection of the one it has.
_OTHER_VALUE = {"response_format": r"(?:must|should) be (?:one of\b|either\b|[`'\"])"}
_LIMIT_REACHED = re.compile(
    r"could not finish the message"
    r"|\b(?:max_(?:completion_|output_)?tokens|output(?: tokens?)?)(?: or model output)?"
    r" limit (?:(?:was|is|has been) )?(?:reached|hit)",
    re.IGNORECASE,
)
_NUMBER = r"[`'\"(\[]*(\d[\d,_]*)"
# What a completion may have at most, as providers word it; the group is the figure.
_AT_MOST = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bat most {_NUMBER}\W* (?:completion |output |new )?tokens",
        rf"max\w*tokens\W(?:[^.\n]|\.(?=\d)){{0,60}}?(?:at most|less than or equal to|<=|≤"
        rf"|maximum (?:allowed )?(?:value )?(?:of|is)|cannot exceed|must not exceed"
        rf"|(?:cannot|must not) be (?:greater|larger|more) than|between \d+ and)"
        rf"\W*(?:max_\w+=)*{_NUMBER}",
        rf"max\w*tokens\W*:? ?\d+ > {_NUMBER}",
        rf"max\w*tokens\W* > {_NUMBER} must",
        rf"maximum (?:allowed |value (?:for|of) )?max\w*tokens\W* is {_NUMBER}",
        rf"range of max\w*tokens\W* (?:is|should be) \[\d+, ?{_NUMBER}\]",
        rf"max\w*tokens\W[^\n]{{0,80}}?range \[\d+, ?{_NUMBER}\]",
        rf"maximum tokens you requested exceeds the model limit of {_NUMBER}",
    )
)
# The same with an end that is itself too high: "from 1 (inclusive) to 8193 (exclusive)".
_BELOW = re.compile(
    rf"max\w*tokens\b[^\n]{{0,120}}?(?:\(inclusive\) to {_NUMBER} \(exclusive\)"
    rf"|range \[\d+, ?{_NUMBER}\))",
    re.IGNORECASE,
)
# The whole context, and how much of it the prompt takes. SGLang's may not be filled to the end.
_FULL_TO_THE_LAST = re.compile(r"tokens from the input messages", re.IGNORECASE)
_CONTEXT = re.compile(
    r"(?:maximum context length (?:is|of)|context length is only|max_new_tokens\W* must be <=)"
    rf" {_NUMBER}",
    re.IGNORECASE,
)
# vLLM stops counting a prompt where it is known not to fit: then its figure is too low.
_PART_OF_PROMPT = re.compile(
    r"at least \d+ input tokens, for a total"
    r"|passed (\d+) input tokens.{0,160}? maximum input length of (\d+) tokens",
    re.IGNORECASE,
)
_ABOUT_PROMPT = re.compile(r"\b(?:context|prompt|input|message)s?\b", re.IGNORECASE)
_OF_PROMPT = re.compile(
    r"\(?(\d[\d,_]*) (?:tokens? )?(?:in the messages|input tokens|in the input|of text input"
    r"|from the input messages|in your prompt"
    r"|`?inputs`? tokens)",
    re.IGNORECASE,
)


def rejected_field(complaint: Complaint, sent: Collection[str]) -> str | None:
    """Return the field of the request that the endpoint does not support; None where it is none.

    A field counts as rejected where the complaint names it as its parameter, where a code says
    that something is unsupported and the text has the field's name, or where words of rejection
    stand next to its name. A figure out of its range is no rejection of the field, except of a
    field that is asked for with less, step by step.

    Args:
        complaint: what the endpoint complains of.
        sent: the names of the request's fields, or the request itself: what the complaint merely
            quotes from its messages is then no evidence.
    """
    extra = sorted(set(sent) - NEEDED - set(OPTIONAL))
    asked = _asked(sent)
    for field in [name for name in OPTIONAL if name in sent] + extra:
        if _rejects(complaint, field, asked):
            return field
    return None


def _asked(sent: Collection[str]) -> str:
    """Return the texts of a request, in one line; empty where only names are known."""
    messages = sent.get("messages") if isinstance(sent, Mapping) else None
    contents = (m.get("content") for m in messages or () if isinstance(m, Mapping))
    return " ".join(" ".join(c for c in contents if isinstance(c, str)).split())


def _rejects(complaint: Complaint, field: str, asked: str) -> bool:
    names = _ALSO_CALLED.get(field, (field,))
    param = complaint.param.rpartition(".")[2] if complaint.param else None
    unsupported = bool(complaint.codes & _UNSUPPORTED_CODES)
    about = " ".join((complaint.said, *sorted(complaint.codes)))
    if param in names and (unsupported or field in _STEPPED or not _OUT_OF_RANGE.search(about)):
        return True
    if param is not None and param not in names and param not in NEEDED:
        # It names another field.
        return False
    pattern = "|".join(map(_spelled, names))
    if field in _STEPPED and _OUT_OF_RANGE.search(about) and _names(pattern, complaint):
        return True
    if unsupported and _names(pattern, complaint):
        return True
    after = "|".join(filter(None, (_AFTER, _OTHER_VALUE.get(field))))
    worded = re.compile(
        rf"\b{_BEFORE}\b{_NEAR}(?:{pattern})|(?:{pattern}){_NEAR}\b(?:{after})"
        rf"|{_ONE_VALUE.replace('{field}', pattern)}",
        re.IGNORECASE,
    )
    return any(found.group(0) not in asked for found in worded.finditer(complaint.said))


def _names(pattern: str, complaint: Complaint) -> bool:
    return re.search(pattern, complaint.said, re.IGNORECASE) is not None


def _spelled(name: str) -> str:
    """Match a field's name as providers spell it: `top_k`, `topK`, `top-k`."""
    return r"(?<![A-Za-z0-9_])" + name.replace("_", "[_ -]?") + r"(?![A-Za-z0-9_])"


def is_output_limit(complaint: Complaint) -> bool:
    """Return whether the request was answered, but the reply broke off at the limit of its
    tokens."""
    return _LIMIT_REACHED.search(complaint.said) is not None


def is_for_all_questions(text: str, most: int) -> bool:
    """Return whether a complaint's text names `most` as what the endpoint allows any reply.

    A figure beside words about the context or the prompt may be what this one prompt leaves.
    """
    if _ABOUT_PROMPT.search(text):
        return False
    if any((found := p.search(text)) and _number(found.group(1)) == most for p in _AT_MOST):
        return True
    below = _BELOW.search(text)
    return below is not None and _number(below.group(1) or below.group(2)) == most + 1


def most_tokens(complaint: Complaint, sent: Collection[str]) -> tuple[str, int] | None:
    """Return the field that limits the reply, and the most that the endpoint allows it.

    None where the complaint names no figure below the one that was sent, or where `sent` is not
    the request itself.
    """
    field = next((name for name in _TOKEN_LIMITS if name in sent), None)
    figure = sent.get(field) if isinstance(sent, Mapping) else None
    if field is None or not isinstance(figure, int):
        return None
    most = _most_in(complaint.said, _asked(sent), figure)
    return (field, most) if most is not None and 1 <= most < figure else None


def _most_in(text: str, asked: str, figure: int) -> int | None:
    part = _PART_OF_PROMPT.search(text)
    if part and (part[1] is None or int(part[1]) == int(part[2]) + 1):
        return figure // 2
    context, prompt = _CONTEXT.search(text), _OF_PROMPT.search(text)
    if context and prompt and context.group(0) not in asked:
        left = _number(context.group(1)) - _number(prompt.group(1))
        return left - 1 if _FULL_TO_THE_LAST.search(text) else left
    for pattern in _AT_MOST:
        found = pattern.search(text)
        if found and found.group(0) not in asked:
            return _number(found.group(1))
    below = _BELOW.search(text)
    if below and below.group(0) not in asked:
        return _number(below.group(1) or below.group(2)) - 1
    return None


def _number(text: str) -> int:
    return int(text.replace(",", "").replace("_", ""))
