"""Small rewordings of one English sentence that leave its length nearly as it was.

Each returns the sentence unchanged where it finds nothing to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Pairs = Sequence[tuple[str, str]]

_PRONOUNS: Pairs = (("he", "she"), ("himself", "herself"))
_POSSESSED = re.compile(
    r" (?!(?:a|about|after|again|and|as|at|before|but|by|down|for|from|if|in|into|nor|of|off|"
    r"on|or|out|over|so|than|that|the|then|to|until|up|when|while|with)\b)[a-z]"
)
_OPPOSITES: Pairs = (
    ("never", "always"), ("nobody", "everybody"), ("nothing", "everything"), ("before", "after"),
    ("first", "last"), ("more", "less"), ("old", "young"), ("inside", "outside"),
    ("early", "late"), ("morning", "evening"), ("hot", "cold"),
    ("top", "bottom"), ("slowly", "quickly"), ("behind", "ahead of"), ("without", "with"),
)  # fmt: skip
_OPPOSITE_OF = {a: b for one, two in _OPPOSITES for a, b in ((one, two), (two, one))}
_OPPOSITE = re.compile(rf"\b({'|'.join(_OPPOSITE_OF)})\b", re.IGNORECASE)
_CONTRACTED = {
    "didn't": "did", "don't": "do", "doesn't": "does", "wasn't": "was", "isn't": "is",
    "can't": "can", "couldn't": "could", "wouldn't": "would", "won't": "will", "haven't": "have",
}  # fmt: skip
_CONTRACTION = re.compile(rf"\b({'|'.join(_CONTRACTED)})\b", re.IGNORECASE)
_AUXILIARY = "was|were|is|are|am|could|would|should|must|will|had been|has been"
_DENIED = re.compile(rf"\b({_AUXILIARY}|did|do|does|had|has|have|can) ?not\b", re.IGNORECASE)
_AFFIRMED = re.compile(
    rf"(?<=\w )({_AUXILIARY})\b(?! not\b| (?:it|he|she|I|you|we|they|there|that|this|"
    r"no|never|nothing|nobody)\b)"
)
_SHORT_FORM = re.compile(r"\b(I'm|It's|it's|That's|that's|[Yy]ou're|[Ww]e're|[Tt]hey're)\b(?! not)")

# past, present after I/you/we/they, present after he/she/it
_VERBS = """
was am is, were are are, had have has, said say says, went go goes, came come comes,
took take takes, gave give gives, got get gets, saw see sees, knew know knows, sat sit sits,
thought think thinks, stood stand stands, told tell tells, found find finds, felt feel feels,
kept keep keeps, held hold holds, brought bring brings, made make makes, lay lie lies,
ran run runs, began begin begins, wrote write writes, swore swear swears, ate eat eats,
could can can, would will will, looked look looks, asked ask asks,
turned turn turns, wanted want wants, stopped stop stops, laughed laugh laughs,
watched watch watches, moved move moves, opened open opens, walked walk walks,
carried carry carries, counted count counts, smiled smile smiles, waited wait waits,
started start starts, tried try tries, pressed press presses, seemed seem seems,
climbed climb climbs, stepped step steps, wiped wipe wipes, lifted lift lifts,
called call calls, noticed notice notices, checked check checks, fed feed feeds,
touched touch touches, poured pour pours, dropped drop drops, pushed push pushes
"""
_FORMS = tuple((past, base, third) for past, base, third in map(str.split, _VERBS.split(",")))
_TO_PRESENT = {past: (base, third) for past, base, third in _FORMS}
_TO_PAST = {form: past for past, base, third in reversed(_FORMS) for form in (third, base)}
_VERBS_OF_BEING = {"was", "were", "had", "could", "would", "lay"}
_PAST = re.compile(rf"\b(?:{'|'.join(sorted(set(_TO_PRESENT) - _VERBS_OF_BEING))})\b(?!')")
_COMMONEST = "the and of to that with not he she it they his her you my for"
_COMMON = frozenset(_COMMONEST.split())
_LEAST_COMMON = 0.08
ADVERBS = (
    "suddenly", "slowly", "quietly", "really", "truly", "softly", "gently", "quickly", "sadly",
    "carefully", "deeply", "simply", "eagerly", "silently", "finally", "calmly", "warmly",
)  # fmt: skip
_TAKES_BASE = {"i", "you", "we", "they"}
_TAKES_THIRD = {"he", "she", "it", "there", "that", "who", "which", "what"}
_BEFORE_NOUNS = {"a", "an", "the", "of", "well", "my", "his", "her", "their", "your", "our"}
_NEAR = 3


def is_english(text: str) -> bool:
    """Return whether at least 8% of a text's words are among the commonest words of English
    alone."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return sum(word in _COMMON for word in words) >= max(1, _LEAST_COMMON * len(words))


def add_adverb(sentence: str, adverb: str) -> str:
    """Put the adverb before the first verb in the past tense that the table knows."""
    return _PAST.sub(rf"{adverb} \g<0>", sentence, count=1)


def swap_cast(sentence: str, pairs: Pairs) -> str:
    """Exchange the members of each pair, and he with she, so that the wrong person acts.

    A word in one of the pairs is exchanged as the pair says; pronouns are exchanged only where no
    pair has them.
    """
    table = _both_ways(_PRONOUNS) | _both_ways(pairs)
    terms = sorted({*table, "her", "hers", "his", "him"}, key=lambda t: (-len(t), t))
    pattern = re.compile(rf"\b({'|'.join(re.escape(t) for t in terms)})\b(?!')", re.IGNORECASE)

    def exchange(match: re.Match[str]) -> str:
        found = match[0].lower()
        other = table.get(found) or _other_pronoun(found, sentence[match.end() :])
        return _capital(other) if _starts_sentence(sentence[: match.start()]) else other

    return pattern.sub(exchange, sentence)


def _other_pronoun(word: str, rest: str) -> str:
    fixed = {"his": "her", "him": "her", "hers": "his"}
    if word in fixed:
        return fixed[word]
    return "his" if _POSSESSED.match(rest) else "him"


def _both_ways(pairs: Pairs) -> dict[str, str]:
    return {a.lower(): b for a, b in pairs} | {b.lower(): a for a, b in pairs}


def _starts_sentence(before: str) -> bool:
    left = before.rstrip(' "')
    return not left or left[-1] in ".!?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def flip_sense(sentence: str) -> str:
    """Make a sentence say the opposite: remove or add one negation, or use one word's opposite."""
    for pattern, to in ((_DENIED, r"\1"), (_CONTRACTION, None)):
        flipped = pattern.sub(to or _uncontract, sentence, count=1)
        if flipped != sentence:
            return flipped
    flipped = _exchange_opposites(sentence)
    if flipped != sentence:
        return flipped
    flipped = _AFFIRMED.sub(r"\1 not", sentence, count=1)
    return flipped if flipped != sentence else _SHORT_FORM.sub(r"\1 not", sentence, count=1)


def _uncontract(match: re.Match[str]) -> str:
    return _as_found(match[0], _CONTRACTED[match[0].lower()])


def _exchange_opposites(sentence: str) -> str:
    return _OPPOSITE.sub(lambda m: _as_found(m[0], _OPPOSITE_OF[m[0].lower()]), sentence, count=1)


def _as_found(found: str, text: str) -> str:
    return _capital(text) if found[0].isupper() else text


def shift_tense(sentence: str) -> str:
    """Move the verbs that it knows from past to present, or from present to past if there are
    none."""
    for form in (_present, _past):
        shifted = _map_words(sentence, form)
        if shifted != sentence:
            return shifted
    return sentence


def _present(word: str, before: str) -> str:
    if word not in _TO_PRESENT:
        return word
    base, third = _TO_PRESENT[word]
    near = re.findall(r"[a-z']+", before.lower())[-_NEAR:]
    if near[-1:] and near[-1] in _BEFORE_NOUNS:
        return word
    subject = next((w for w in reversed(near) if w in _TAKES_BASE or w in _TAKES_THIRD), "it")
    if subject in _TAKES_THIRD:
        return third
    return "are" if base == "am" and subject != "i" else base


def _past(word: str, before: str) -> str:
    if word not in _TO_PAST:
        return word
    infinitive = re.search(r"\b(to|can|will|could|would|not|do|did) $", before.lower())
    return word if infinitive else _TO_PAST[word]


def _map_words(sentence: str, form: Callable[[str, str], str]) -> str:
    return re.sub(r"\b[a-z]+\b(?!')", lambda m: form(m[0], sentence[: m.start()]), sentence)
