"""Reads a verdict that a judge gives in words: A, B or tie.

A wrong letter is worse than no letter. What does not clearly say one thing is not read.
"""

from __future__ import annotations

import re

from judgemark.protocols.finish_reasons import ending_failure
from judgemark.protocols.reasoning import visible_text
from judgemark.records import Class, Failure, Outcome, Reply, Verdict

WORDED_ANSWER = (
    "Answer with one word: A if response A is better, B if response B is better, tie if neither "
    "is better."
)

_FLAGS = re.IGNORECASE
_MOST_CHARACTERS = 100_000
_LONGEST_SENTENCE = 600
_TIE = (
    r"(?:a\s+)?(?:ties?|tied|draw|equal|equally\s+good|neither|both|unentschieden|gleichstand"
    r"|égalité|empate|pareggio|ничья|平局|平手|引き分け|무승부)"
)
_THING = (
    r"(?i:(?:the\s+|die\s+|la\s+)?(?:response|text|option|answer|story|piece|candidate|assistant"
    r"|version|sample|passage|antwort|réponse|respuesta|risposta|回答|选项)\s*#?)?"
)
_ONE = rf"{_THING}\s*(?P<word>[AB]|{_TIE})"
_TAG = re.compile(r"</?[A-Za-z_][\w:.-]{0,40}\s{0,4}/?>")
_BOXED = re.compile(r"\\(?:boxed|text|textbf|mathbf|mathrm)\b")
_DECORATION = re.compile(r"[*_`\"'“”‘’«»#\[\](){}$~]")
_BRACKET = re.compile(r"(?<=\w) \(")
_WIDE = str.maketrans("ＡＢａｂ：．，！？；　", "ABab:.,!?; ")
_WHOLE = re.compile(
    rf"{_ONE}(?:\s+(?:is|are)\s+(?:clearly\s+|slightly\s+|much\s+)?(?:the\s+)?(?:better|winner)"
    r"(?:\s+(?:one|response|text|piece|story|answer))?)?\s*[.!:,。]?",
    _FLAGS,
)
# `A > B`, as some judges are taught to write it.
_RELATION = re.compile(
    r"(?<![\w<>=])(?P<left>[AB])\s*(?P<sign>>{1,3}|<{1,3}|=|≈|≫|≪)\s*(?P<right>[AB])(?![\w<>=])"
)

_LABEL = (
    r"(?:answer|verdict|winner|choice|decision|preference|judge?ment|conclusion|result|pick|final"
    r"|better(?:\s+(?:one|response|text|piece|story|answer|version|option))?|preferred"
    r"(?:\s+(?:one|response|text|piece|story|answer|version|option))?"
    r"|antwort|urteil|gewinner|sieger|entscheidung|réponse|gagnant|respuesta|ganador|veredicto"
    r"|risposta|vincitore|verdetto|resposta|vencedor|veredito|ответ|победитель|вердикт)"
)
_LABELLED = re.compile(
    rf"(?P<before>(?:[\w'’-]{{1,20}}\s+){{0,3}})(?:\b{_LABEL}\b|答案|回答|结论|結論|胜者|勝者|答え|정답|답)"
    rf"\s*(?:(?:\bis\b|\bist\b|\best\b|\bes\b|\bè\b|\bé\b|[=:–—]|是|为|為|(?<=\s)-(?=\s))\s*)+"
    # A lower-case letter in running text is the article.
    rf"{_THING}\s*(?P<word>(?-i:[AB])(?![\w'’])|(?-i:[ab])(?=[.!]?\s*$)|(?:{_TIE})(?!\w))",
    _FLAGS | re.MULTILINE,
)
# A label with one of these in front of it names the loser, or takes something back.
_TURNED = re.compile(
    r"\b(?:wors[et]|weaker|weakest|losing|loser|lesser|inferior|second|wrong|bad|poorer|rejected"
    r"|other|not|no|isn|never|unlikely|initial|first|previous|less|least|false|possible"
    r"|which|whose|if|schlechtere?|falsche|pire|peor|peggiore)\b",
    _FLAGS,
)
# What may stand behind a stated letter: an end, or punctuation and then an explanation.
_ENDS = re.compile(r"\s*(?:$|[.!,;:。，；！)](?![.…?])|[–—-]\s)", re.MULTILINE)
_TAKEN_BACK = re.compile(
    r"(?:^|[.!?…,;:–—-]\s*|\n\s*)(?:but\s+|oh\s+|hmm+,?\s+|and\s+)?"
    r"(?:no|nope|wait|hmm+|hm|scratch that|strike that|correction|rather|actually|sorry|or"
    r"|on (?:second thought|reflection)|i take (?:that|it) back|let me (?:reconsider|re-?think)"
    r"|i(?:ve| have)? changed? my mind|upon reflection)\b",
    _FLAGS,
)
_UNDECIDED = re.compile(
    r"\?|\b(?:hard|difficult|impossible|unable|cannot|can not|cant|not sure|unsure|unclear|depends)"
    r"\b[^.\n]{0,40}",
    _FLAGS,
)

_HOW = r"(?:\w{1,20}ly\s+|much\s+|far\s+|by\s+far\s+|a\s+(?:bit|little|lot)\s+|just\s+){0,2}"
# Only with a word of praise does "more" say which is better: it may be more clichéd.
_PRAISE = (
    r"(?:vivid|original|engaging|compelling|convincing|polished|nuanced|coherent|creative"
    r"|effective|moving|evocative|interesting|immersive|powerful|accomplished)"
)
_GOOD = rf"better|stronger|superior|preferable|best|strongest|finer|winner|more\s+{_PRAISE}"
_BAD = rf"worse|weaker|inferior|poorer|worst|weakest|loser|less\s+{_PRAISE}"
_NOUN = r"(?:\s+(?:one|response|text|piece|story|answer|version|option|of\s+the\s+two)){0,2}"
_OTHER = rf"\s+(?:than|to)\s+{_THING}\s*(?P<other>[AB])(?!\w)"
_COMPARED = re.compile(
    rf"(?<![\w])(?P<word>[AB])\s+(?:is|was)\s+(?:still\s+)?{_HOW}(?:the\s+)?{_HOW}"
    rf"(?:(?P<good>{_GOOD})|(?P<bad>{_BAD}))\b{_NOUN}(?:{_OTHER})?"
)
_BEATS = re.compile(
    rf"(?<![\w])(?P<word>[AB])\s+{_HOW}(?:(?P<good>beats|wins|outperforms|surpasses|outshines"
    rf"|edges\s+out)|(?P<bad>loses|falls\s+short\s+of|trails))\b"
    rf"(?:\s+(?:to|against|over|behind|by\s+a\s+\w+))?(?:\s*{_THING}\s*(?P<other>[AB])(?!\w))?"
)
_PREFERRED = re.compile(
    rf"\bI\s+(?:would\s+|d\s+)?(?:clearly\s+|slightly\s+|strongly\s+)?(?:prefer|choose|pick|favou?r"
    rf"|select|go\s+with|vote\s+for)\s+{_THING}\s*(?P<word>[AB])(?!\w)"
    rf"(?:\s+(?:over|to)\s+{_THING}\s*(?P<other>[AB])(?!\w))?"
)
_OVER = re.compile(rf"(?<![\w])(?P<word>[AB])\s+over\s+{_THING}\s*(?P<other>[AB])(?!\w)")
_EVEN = re.compile(
    r"\b(?:its|it is|this is|call it|the two are|they are|theyre|both are|both (?:\w+ ){0,2}are)\s+"
    r"(?P<word>a\s+(?:tie|draw)|tied|equal(?:ly\s+good)?)(?!\w)",
    _FLAGS,
)
# What follows a comparison without narrowing it to one aspect or turning it round.
_PLAIN_END = re.compile(
    r"\s*(?:$|[.!;,:。](?![.…?])|[–—-]\s|(?:overall|because|since|as|for|by far|here|of the two"
    r"|in every (?:way|respect)|in all respects)\b)",
    _FLAGS,
)
# A sentence with one of these does not plainly say who is better.
_CLOUDED = re.compile(
    r"\?|…|\.\.\.|\b(?:not|no|never|neither|nor|hardly|barely|isn?t|wasnt|while|whereas|although"
    r"|though|if|unless|would be|could|might|may|perhaps|maybe|some|someone|others|one might"
    r"|at first|initially|first|seems?|appears?|however|but|yet|despite|except|wrong|false|claim\w*"
    r"|think that|whether|which|only|nearly|almost|scarcely|rarely|supposedly|allegedly|arguably"
    r"|apparently|nobody|doubt\w*|den(?:y|ies)|disagree|cannot|(?:ca|wo|do|does|did|would|could"
    r"|should)nt|hard to|far from|anything but)\b",
    _FLAGS,
)
_SENTENCES = re.compile(r"(?<=[.!?;。！？])\s+|\n+")
_LEADING = re.compile(rf"{_THING}\s*(?P<word>[AB]|[Tt]ie)\s*[.,;–—-]+\s+(?P<rest>\S[^\n]*)")
# `A, B` and `A and B` name both.
_BOTH = rf"[\s.,;–—-]*(?:then|and|or|vs\.?|versus|&)?\s*{_THING}\s*{{other}}(?!\w)\s*(?:[.!,;]|$)"
_HEADING = re.compile(r":\s*\Z")
_EVEN_BEHIND = re.compile(r"[\s,;:–—-]*(?:a\s+)?(?:tie|draw|equal)\b", _FLAGS)
_FIGURE = re.compile(r"[\s,:=–—-]*[0-9]")
_WORSE = re.compile(
    rf"\b(?:{_BAD}|loses|lost)\b(?P<behind>(?!\s+(?:than|to)\b)[^.;,]{{0,24}})?", _FLAGS
)
_MOST_SENTENCES = 20
_OF = {"a": 1.0, "b": 0.0}
_UNPLAIN = "?"


def read_words(reply: Reply) -> Outcome:
    """Return P(A) in {0, 0.5, 1} as `Verdict.preference`, or a failure that says why there is none.

    Read are, in this order: a reply that is nothing but the verdict; the last statement such as
    `Answer: B`, unless the judge takes it back behind it; a last or first line that is nothing
    but the verdict; plain comparisons (`A is better`, `B loses to A`) where all name the same
    side; a single line that begins with the verdict. A question, a concession, a negation, a
    comparison in one aspect or two statements that differ are no verdict. Hidden reasoning does
    not count. A reply that was cut off is never good.
    """
    cut = ending_failure(reply.finish_reason)
    if cut is not None:
        return cut
    text = _bare(visible_text(reply.text))
    if not text:
        return Failure(Class.EMPTY, "the reply holds nothing, or hidden reasoning alone")
    word = _verdict(text)
    if word is None:
        return Failure(
            Class.UNPARSEABLE, "the reply does not plainly say A, B or tie, or says two of them"
        )
    return Verdict(Class.OK, preference=_OF.get(word, 0.5))


def _bare(text: str) -> str:
    """Return the end of the reply without tags, markup and quotes, one space for each run of
    them."""
    text = _BOXED.sub(" ", _TAG.sub(" ", text[-_MOST_CHARACTERS:].translate(_WIDE)))
    text = _DECORATION.sub("", _BRACKET.sub(", ", text))
    return re.sub(r"[^\S\n]+", " ", text).strip()


def _verdict(text: str) -> str | None:
    """Return the verdict's word in lower case, None where there is none or where two differ."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if whole := _WHOLE.fullmatch(text):
        return whole["word"].lower()
    relations = {_related(found) for found in _RELATION.finditer(text)}
    if relations:
        return relations.pop() if len(relations) == 1 else None
    stated = _stated(text)
    if stated is not None:
        return stated or None
    alone = _alone(lines)
    if alone is not None:
        return alone or None
    compared = _compared(text)
    leading = _leading(text)
    if leading is not None:
        return leading if _agrees(leading, text) else None
    return compared.pop() if len(compared) == 1 and _UNPLAIN not in compared else None


def _related(found: re.Match[str]) -> str:
    sign = found["sign"][0]
    if sign in "=≈":
        return "tie"
    return found["left" if sign in ">≫" else "right"].lower()


def _stated(text: str) -> str | None:
    """Return the last statement such as `Answer: B`.

    It is "" where it was taken back, None without one.
    """
    word: str | None = None
    end = 0
    for found in _LABELLED.finditer(text):
        if _TURNED.search(found["before"]):
            continue
        behind = _ENDS.match(text, found.end())
        if behind is None:
            # The sentence goes on: what it says is for the comparisons to tell.
            word = None if word is None else ""
            continue
        word, end = found["word"].lower(), found.end()
    if not word:
        return word
    rest = text[end:]
    sentence = re.split(r"\n", rest, maxsplit=1)[0]
    if _taken_back(word, rest) or _UNDECIDED.search(sentence):
        return ""
    return word if _agrees(word, rest) else ""


def _taken_back(word: str, rest: str) -> bool:
    """Return whether what follows a verdict takes it back or names the other side beside it."""
    if _TAKEN_BACK.search(rest):
        return True
    if word not in _OF:
        return False
    other = "B" if word == "a" else "A"
    return bool(
        re.match(_BOTH.replace("{other}", other), rest)
        or re.match(rf"[\s.,;–—-]*not\s+{word.upper()}\b", rest)
        or _EVEN_BEHIND.match(rest)
        or (_FIGURE.match(rest) and re.search(rf"(?<!\w){other}[\s,:=–—-]{{1,4}}[0-9]", rest))
        or _is_run_down(other, rest.partition("\n")[0])
    )


def _is_run_down(other: str, line: str) -> bool:
    """Return whether the line behind a verdict calls the side that was named the worse one.

    `A, the weaker of the two` and `A, but B is better` do; `A, because B is weaker` does not.
    """
    for sentence in (s[:_LONGEST_SENTENCE] for s in _SENTENCES.split(line)[:_MOST_SENTENCES]):
        worse = _WORSE.search(sentence)
        if worse and not re.search(
            rf"(?<!\w)(?:{other}|other)(?!\w)", sentence[: worse.start()] + (worse["behind"] or "")
        ):
            return True
        praised = (m for p in (_COMPARED, _BEATS) for m in p.finditer(sentence))
        if any(
            m["word"] == other and m["good"] and _PLAIN_END.match(sentence, m.end())
            for m in praised
        ):
            return True
    return False


def _agrees(word: str, text: str) -> bool:
    """Return whether no lone verdict and no plain comparison in `text` says another thing."""
    lone = {_side(found) for found in _lone_words(text)}
    return (lone | _compared(text)) <= {_side(word), _UNPLAIN}


def _side(word: str) -> str:
    """Return a verdict's word as a, b or tie, whatever the tie is called."""
    return word.lower() if word.lower() in _OF else "tie"


def _lone_words(text: str) -> list[str]:
    """Return the words of the lines that are nothing but a verdict."""
    found = (_WHOLE.fullmatch(line.strip()) for line in text.splitlines())
    return [match["word"] for match in found if match is not None]


def _alone(lines: list[str]) -> str | None:
    """Return the verdict of a last or first line.

    It is "" where others contradict it, None without one.
    """
    last, first = _WHOLE.fullmatch(lines[-1]), _WHOLE.fullmatch(lines[0])
    if last is not None and first is not None and _side(first["word"]) != _side(last["word"]):
        return ""
    if last is not None:
        before = lines[-2] if len(lines) > 1 else ""
        if _HEADING.search(before) and not _names_a_winner(before):
            return ""
        return last["word"].lower()
    if first is None:
        return None
    word = first["word"].lower()
    rest = "\n".join(lines[1:])
    return word if _agrees(word, rest) and not _TAKEN_BACK.search("\n" + rest) else ""


def _names_a_winner(heading: str) -> bool:
    """Return whether a line that ends with a colon asks for the better piece."""
    label = re.search(rf"\b{_LABEL}\b", heading, _FLAGS)
    return label is not None and not _TURNED.search(heading)


def _compared(text: str) -> set[str]:
    """Return the sides that plain comparisons call better: none, one, or several that differ."""
    found: set[str] = set()
    for sentence in _SENTENCES.split(text):
        if len(sentence) > _LONGEST_SENTENCE:
            continue
        found |= _compared_in(sentence)
    return found


def _compared_in(sentence: str) -> set[str]:
    found: set[str] = set()
    for pattern in (_COMPARED, _BEATS, _PREFERRED, _OVER):
        for match in pattern.finditer(sentence):
            groups = match.groupdict()
            word = match["word"].lower()
            other = (groups.get("other") or "").lower()
            clouded = _CLOUDED.search(sentence[: match.end()])
            if clouded or other == word or not _PLAIN_END.match(sentence, match.end()):
                # It compares the two, and not plainly: nothing else may decide against it.
                found.add(_UNPLAIN)
                continue
            found.add(word if not groups.get("bad") else "ba"["ba".index(word) ^ 1])
    if _EVEN.search(sentence) and not _CLOUDED.search(sentence):
        found.add("tie")
    return found


def _leading(text: str) -> str | None:
    """Return the verdict that a single line begins with (`A, because B is bland`)."""
    found = _LEADING.fullmatch(text)
    if found is None:
        return None
    word, rest = found["word"].lower(), found["rest"]
    other = {"a": "B", "b": "A"}.get(word, "[AB]")
    if re.search(rf"(?<!\w){other}\s*[:=–—]|(?<!\w){other}\s+-\s", rest):
        return None
    if _taken_back(word, ", " + rest) or _UNDECIDED.search(rest):
        return None
    return word
