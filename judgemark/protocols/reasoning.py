"""Remove hidden reasoning from a reply; all protocols do so here."""

from __future__ import annotations

import re

# A tag right after a quotation mark or a backtick is a mention of the tag, not a use.
_TAG = re.compile(
    r"(?<![`\"'“‘])(?:"
    r"<(?P<close>/?)(?P<name>think|thinking|thoughts?|reasoning|reflection|scratchpad"
    r"|inner_monologue|(?:inner|internal)_thoughts?|(?:thought|reasoning)_process|chain_of_thought"
    r"|antthinking|seed:think)(?:\s[^<>\n]{0,80})?\s{0,8}>"
    r"|◁(?P<kimi_close>/?)(?P<kimi>think)▷"
    r"|\[(?P<square_close>/?)(?P<square>THINK)\]"
    r"|<\|(?P<edge>begin|end)_of_(?P<long>thought)\|>"
    r"|<\|(?P<cohere_edge>START|END)_(?P<cohere>THINKING)\|>"
    r"|<\|inner_(?P<inner_edge>prefix|suffix)(?P<inner>)\|>"
    r"|<(?P<gemma_edge>\|(?=channel>thought)|(?=channel\|>))channel(?P<gemma>)(?:>thought|\|>)"
    r")",
    re.IGNORECASE,
)
_CLOSING = ("end", "suffix")
# What is left of a chat template where a server does not take it off (`<|eot_id|>`).
_TEMPLATE_TOKEN = re.compile(r"<\|[A-Za-z_]{2,30}[0-9]{0,3}\|>")
_SQUARE_TAG = re.compile(r"\[/?THINK\]", re.IGNORECASE)
_CHANNEL = re.compile(
    r"<\|channel\|>\s{0,8}(?P<name>[A-Za-z_]{1,40})[^<>\n]{0,80}(?:<\|constrain\|>[^<>\n]{0,40})?"
    r"(?P<open><\|message\|>)?"
)
_SPECIAL = re.compile(r"<\|(?:start|end|message|return|call|channel|constrain)\|>")
_END_OF_MESSAGE = re.compile(r"<\|(?:end|return|call|start)\|>")
# What is left of the channels where a server has dropped the special tokens themselves.
_BARE_ANALYSIS = re.compile(r"\s{0,40}analysis(?=\S)")
_BARE_FINAL = "assistantfinal"


def visible_text(text: str) -> str:
    """Return the reply without its hidden reasoning; linear in the length of the text.

    Reasoning blocks (`<think>`, `<thinking>`, `<thought>`, `<reasoning>`, `<reflection>`,
    `<scratchpad>`, `[THINK]` and a few spellings of single families) are removed and the
    text around them is joined. An unclosed block hides all that follows. A closing tag without
    an opening one hides all that stands before it, because chat templates often put the opening
    tag into the prompt. Of a reply in channels (`<|channel|>analysis<|message|>…`) only the
    channel `final` is shown.
    """
    said = _without_blocks(_final_channel(text))
    return _TEMPLATE_TOKEN.sub("", said) if "<" in said and "<|" in said else said


def _final_channel(text: str) -> str:
    # A search for one character is much faster than one for two.
    special = "<" in text and "<|" in text
    if special and "<|channel|>" in text:
        shown: list[str] = []
        first = _CHANNEL.search(text)
        at = 0 if first is None else first.start()
        before = _SPECIAL.sub(" ", text[:at].rpartition("<|start|>")[0])
        while (channel := _CHANNEL.search(text, at)) is not None:
            following = text.find("<|channel|>", channel.end())
            until = len(text) if following < 0 else following
            end = _END_OF_MESSAGE.search(text, channel.end(), until)
            at = until if end is None else end.start()
            if channel["name"].casefold() == "final":
                shown.append(text[channel.end() : at])
        return "\n".join([before, *shown]).strip() if first is not None else ""
    if _BARE_ANALYSIS.match(text) and _BARE_FINAL in text:
        return text.rpartition(_BARE_FINAL)[2]
    if special and "|>" in text:
        return _SPECIAL.sub("", text)
    return text


def _without_blocks(text: str) -> str:
    # Square brackets alone are no sign of a block: many judges write `[Scores]`.
    if "<" not in text and "◁" not in text and _SQUARE_TAG.search(text) is None:
        return text
    shown: list[str] = []
    hidden_by = ""
    end = 0
    for tag in _TAG.finditer(text):
        kind = tag.lastgroup or ""
        name = f"{kind}:{tag[kind].lower()}"
        closes = bool(tag["close"] or tag["kimi_close"] or tag["square_close"]) or (
            (tag["edge"] or tag["cohere_edge"] or tag["inner_edge"] or "").lower() in _CLOSING
            or tag["gemma_edge"] == ""
        )
        if hidden_by:
            if not closes or name != hidden_by:
                continue
            hidden_by = ""
        elif closes:
            shown.clear()
        else:
            shown.append(text[end : tag.start()])
            hidden_by = name
        end = tag.end()
    if not hidden_by:
        shown.append(text[end:])
    return "".join(shown)
