"""Renders questions with a local judge's own tokenizer and chat template. Loads no weights."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from judgemark.errors import UsageError
from judgemark.judges.logprob import LetterIds
from judgemark.records import Message, Question, QuestionKey

SWITCHES = ("enable_thinking", "thinking")
"""The variables by which chat templates turn thinking on and off."""

_OPENED = re.compile(r"<(?:\w+:)?think(?:ing)?>|\[THINK\]")
_CLOSED = re.compile(r"</(?:\w+:)?think(?:ing)?>|\[/THINK\]")
_PROBE = (Message("system", "System."), Message("user", "Which one?"))


@dataclass(frozen=True)
class ChatRendering:
    """How questions become token ids for one judge.

    `switches` are the template's thinking switches, rendered on where `think` is true and off
    otherwise; `template` is the sha256 of the chat template.
    """

    tokenizer: Any
    switches: tuple[str, ...]
    template: str
    think: bool = field(default=False, kw_only=True)

    @property
    def thinking(self) -> str:
        """What run.json says of thinking."""
        if not self.switches:
            return "the chat template has no switch"
        state, value = ("on", "true") if self.think else ("off", "false")
        return f"{state} (" + ", ".join(f"{name}={value}" for name in self.switches) + ")"

    def text(self, messages: Sequence[Message]) -> str:
        """Return the prompt as the judge reads it, generation prompt included."""
        return _apply(self.tokenizer, messages, self.switches, think=self.think)

    def token_ids(self, messages: Sequence[Message]) -> list[int]:
        """Return the prompt's token ids; the template brings its own special tokens."""
        return _encode(self.tokenizer, self.text(messages))

    def many_token_ids(self, many: Sequence[Sequence[Message]]) -> list[list[int]]:
        """Return the token ids of several prompts: the tokenizer takes them side by side."""
        if not many:
            return []
        texts = [self.text(messages) for messages in many]
        # Without a mask: three lists for each prompt would take their time.
        encoded = self.tokenizer(texts, add_special_tokens=False, return_attention_mask=False)
        return [list(ids) for ids in encoded["input_ids"]]

    def count(self, question: Question) -> int:
        """Return the tokens of a question's prompt."""
        return len(self.token_ids(question.messages))

    def token_text(self, token: int) -> str:
        """Return one token's text."""
        return str(self.tokenizer.decode([token]))


@dataclass(frozen=True)
class Rendering(ChatRendering):
    """The rendering of a judge that is asked for the letters A and B; thinking is off."""

    letters: LetterIds


def prepare(tokenizer: Any, name: str) -> Rendering:
    """Check that a tokenizer can ask the pairwise question, and how.

    Raises UsageError where there is no chat template, where `A` or `B` is not a single token of
    its own, where the template does not take a system message, and where a thinking block is
    still open after the rendered prompt although the switch is off.
    """
    template = _template(tokenizer, name)
    letters = LetterIds(_letter_id(tokenizer, "A", name), _letter_id(tokenizer, "B", name))
    switches = _switches(template, name)
    if _leaves_thinking_open(_rendered_probe(tokenizer, _PROBE, switches, name)):
        raise UsageError(
            f"{name}: its chat template leaves a thinking block open, so the first new token "
            "cannot be A or B; use a judge whose thinking can be switched off"
        )
    return Rendering(tokenizer, switches, _digest(template), letters)


def prepare_chat(tokenizer: Any, name: str, *, think: bool, system: bool) -> ChatRendering:
    """Check that a tokenizer can ask a judge that answers in words, and how.

    `think` renders the thinking switches on; `system` says that a system message is sent. Raises
    UsageError where there is no chat template, where it does not take the messages, and where
    thinking is to be on but the template has no switch for it and does not open a block itself.
    """
    template = _template(tokenizer, name)
    switches = _switches(template, name)
    probe = _PROBE if system else _PROBE[1:]
    rendered = _rendered_probe(tokenizer, probe, switches, name, think=think)
    if think and not switches and not _leaves_thinking_open(rendered):
        raise UsageError(
            f"{name}: its chat template has no switch for thinking; leave ‹thinking› out"
        )
    return ChatRendering(tokenizer, switches, _digest(template), think=think)


def _switches(template: str, name: str) -> tuple[str, ...]:
    variables = _variables(template, name)
    return tuple(switch for switch in SWITCHES if switch in variables)


def _leaves_thinking_open(rendered: str) -> bool:
    tail = _after_user(rendered)
    return len(_OPENED.findall(tail)) > len(_CLOSED.findall(tail))


def _digest(template: str) -> str:
    return hashlib.sha256(template.encode("utf-8", "surrogatepass")).hexdigest()


def _template(tokenizer: Any, name: str) -> str:
    try:
        return str(tokenizer.get_chat_template())
    except ValueError as exc:
        raise UsageError(
            f"{name}: no chat template; a local judge must be a chat judge "
            "(chat_template.jinja or tokenizer_config.json in its folder)"
        ) from exc


def _letter_id(tokenizer: Any, letter: str, name: str) -> int:
    """Return the id of the single token that spells the letter.

    An unknown-token id spells nothing.
    """
    ids = _encode(tokenizer, letter)
    if len(ids) != 1 or str(tokenizer.decode(ids)).strip() != letter:
        parts = f"{len(ids)} tokens" if len(ids) != 1 else repr(str(tokenizer.decode(ids)))
        raise UsageError(
            f"{name}: the letter {letter} is not a single token of its tokenizer (it is {parts}), "
            "so its probability cannot be read; use another judge, or this one with ‹mode› rubric"
        )
    return ids[0]


def _variables(template: str, name: str) -> set[str]:
    from jinja2 import Environment, TemplateError, meta

    try:
        extensions = ["jinja2.ext.loopcontrols", "jinja2.ext.do"]
        # Transformers' own {% generation %} tag would not parse; it marks, and prints nothing.
        bare = re.sub(r"\{%-?\s*(?:end)?generation\s*-?%\}", "", template)
        return meta.find_undeclared_variables(Environment(extensions=extensions).parse(bare))
    except TemplateError as exc:
        raise UsageError(
            f"{name}: its chat template cannot be read ({exc}); correct or replace it"
        ) from exc


def _rendered_probe(
    tokenizer: Any,
    probe: Sequence[Message],
    switches: tuple[str, ...],
    name: str,
    *,
    think: bool = False,
) -> str:
    from jinja2 import TemplateError

    try:
        return _apply(tokenizer, probe, switches, think=think)
    except TemplateError as exc:
        messages = " and ".join(f"a {message.role} message" for message in probe)
        raise UsageError(f"{name}: its chat template does not take {messages} ({exc})") from exc


def _apply(
    tokenizer: Any, messages: Sequence[Message], switches: tuple[str, ...], *, think: bool
) -> str:
    rendered = tokenizer.apply_chat_template(
        [{"role": m.role, "content": m.content} for m in messages],
        tokenize=False,
        add_generation_prompt=True,
        **dict.fromkeys(switches, think),
    )
    return encodable(str(rendered))


def encodable(text: str) -> str:
    """Return the text with U+FFFD for lone surrogates, which no tokenizer takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _encode(tokenizer: Any, text: str) -> list[int]:
    return [int(token) for token in tokenizer.encode(text, add_special_tokens=False)]


def _after_user(rendered: str) -> str:
    """Return what the template adds after the user's words: a piece may speak of <think> itself."""
    return rendered.rpartition(_PROBE[1].content)[2]


@dataclass(frozen=True, slots=True)
class TooLong:
    """A question whose prompt does not fit: `tokens` of it against the `limit` of the context."""

    question: Question
    tokens: int
    limit: int

    @property
    def key(self) -> QuestionKey:
        """The question's key."""
        return self.question.key

    def __str__(self) -> str:
        pieces = self.question.pieces
        names = " against ".join(
            f"{pieces[role].writer} (iteration {pieces[role].iteration})" for role in sorted(pieces)
        )
        return (
            f"item {self.question.item}, {names}: {self.tokens:,} tokens, "
            f"the context takes {self.limit:,}"
        )


def find_too_long(
    questions: Iterable[Question], count: Callable[[Question], int], limit: int
) -> tuple[TooLong, ...]:
    """Return the questions whose prompts have more than `limit` tokens, in their order."""
    counted = ((question, count(question)) for question in questions)
    return tuple(TooLong(q, tokens, limit) for q, tokens in counted if tokens > limit)


def refuse_too_long(found: Sequence[TooLong]) -> None:
    """Raise UsageError that names the longest and counts the pairs; nothing where none is too long.

    Both passes of a pair count as one.
    """
    if not found:
        return
    pairs = {frozenset(p.sha256 for p in t.question.pieces.values()) for t in found}
    longest = max(found, key=lambda t: t.tokens)
    others = len(pairs) - 1
    more = f" (and {others:,} more {'pair' if others == 1 else 'pairs'})" if others else ""
    raise UsageError(
        f"a pair is too long for the judge: {longest}{more}; leave such pairs out with "
        "‹on_too_long› skip, or give the judge a larger context: a local judge by "
        "‹max_model_len›, a server by its own setting"
    )
