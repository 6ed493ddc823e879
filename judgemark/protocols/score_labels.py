"""Words beside a number that say what it is: the score, the final score, or something else.

Tables have them as headers (`Max`, `Score`), lines as labels (`Max: 10 | Score: 4`), JSON as keys
(`max_score`, `final_score`) and replies as headings (`Draft scores:`).
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class LabelKind(StrEnum):
    """What a label says about the number beside it.

    FINAL: the score after a revision, which beats any other. SCORE: the score. OTHER: not the
    score that counts: a maximum, a weight, a range, a draft, a total, a confidence.
    """

    FINAL = "final"
    SCORE = "score"
    OTHER = "other"


def word_set(listed: str) -> frozenset[str]:
    """Return the words of a list that is written as one text."""
    return frozenset(listed.split())


_FINAL = word_set(
    "final finals revised revision adjusted updated corrected definitive endgültig endgültige "
    "finale definitivo definitiva définitif définitive 最终 最終 最终分 最终得分 最终评分 最終評価 "
    "итог итоговая итоговый"
)
_SCORE = word_set(
    "score scores scored rating ratings rated point points pt pts grade grades mark marks value "
    "result note noten punkte punkt punktzahl bewertung wertung puntuación puntuacion puntaje "
    "puntos calificación calificacion punteggio voto nota pontuação pontuacao cijfer betyg "
    "poäng ocena punkty оценка балл баллы puan 分 分数 分數 评分 評分 得分 打分 "
    "点数 スコア 評価 採点 점수 평점"
)
# These words mark an earlier score by the same judge.
_EARLIER = word_set(
    "draft drafts initial initially first original preliminary provisional tentative prior "
    "previous previously before old earlier raw unrevised entwurf vorläufig brouillon borrador "
    "初稿 初评 草稿 初步 下書き"
)
# Counts, places and scores of another reading; as headings they also stand above mere prose.
_BESIDE_SCORES = word_set(
    "potential possible projected achievable hypothetical alternative inverted reversed normalized "
    "normalised rescaled converted issue issues problem problems error errors flaw flaws strength "
    "strengths weakness weaknesses occurrence occurrences instance instances mention mentions "
    "quote quotes counts line lines page pages paragraph paragraphs found"
)
_OTHERWISE = word_set(
    "max maximum maximal min minimum minimal weight weights weighting weighted range ranges scale "
    "possible available percent percentage pct % confidence certainty uncertainty rank ranking "
    "count number no nr id index total totals average avg mean median sum std sd limit target "
    "baseline example examples anchor anchors reference importance priority multiplier "
    "base penalty bonus deduction deductions "
    "coefficient delta change difference diff full threshold benchmark second third expected "
    "typical gewicht gewichtung höchstpunktzahl maximalpunktzahl poids peso pesos máximo máxima "
    "massimo вес максимум 权重 權重 满分 滿分 最高 最高分 最大 "
    "配点 重み 満点 만점 가중치 weighed # №"
)
_OTHER = _EARLIER | _BESIDE_SCORES | _OTHERWISE
MAYBE_CRITERIA = word_set(
    "delta change difference importance range scale reference target expected typical priority "
    "original raw full limit index sum potential alternative issues problems errors flaws "
    "strengths weaknesses line lines paragraphs"
)
"""One-word labels that may be criteria of an unknown rubric."""

_FILLING = word_set(
    "the a an my your this of out for is in on and criterion criteria numeric numerical assigned "
    "given pass round here are as to per each"
)
_SPLIT = re.compile(r"[^\w%#№]+|_+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMERAL = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
# What follows describes the label: `Score (0-10)`, `Score/Max`, `Score out of 10`.
_DESCRIPTION = re.compile(r"[(\[,;:/–—|]|\s-\s|\bout of\b|\bon an?\b|\bfrom\b", re.IGNORECASE)
_LONGEST_LABEL = 80
_AFFIXES = _SCORE | _FINAL
_NO_PART_OF_A_NAME = re.compile(r"[:;,{}|?!\"]")


def label_words(label: str) -> list[str]:
    """Return the words of a label in lower case; `finalScore` and `final_score` have two."""
    return [w for w in _SPLIT.split(_CAMEL.sub(" ", label).casefold()) if w]


def _kind_of(words: list[str]) -> LabelKind | None:
    if any(w in _OTHER for w in words):
        return LabelKind.OTHER
    if any(w in _FINAL for w in words):
        return LabelKind.FINAL
    return LabelKind.SCORE if any(w in _SCORE for w in words) else None


@lru_cache(maxsize=4096)
def header_kind(header: str) -> LabelKind | None:
    """Return what the header of a column says about its numbers; None where it does not tell."""
    described = _DESCRIPTION.search(header, 1)
    if described is not None:
        head = _kind_of(label_words(header[: described.start()]))
        rest = label_words(header[described.start() :])
        if head is not None:
            return LabelKind.OTHER if any(w in _EARLIER for w in rest) else head
        if label_words(header[: described.start()]) == []:
            return LabelKind.OTHER if described[0].casefold() == "out of" else _kind_of(rest)
    words = label_words(header)
    return LabelKind.OTHER if words == ["out", "of"] else _kind_of(words)


@lru_cache(maxsize=4096)
def label_kind(label: str) -> LabelKind | None:
    """Return the kind of a text that is nothing but a label (`Final score`, `Score (0-10)`).

    None for any other text, one that only holds such a word (`The Turn score`) included.
    """
    if len(label) > _LONGEST_LABEL:
        return None
    described = _DESCRIPTION.search(label, 1)
    head = label if described is None else label[: described.start()]
    words = label_words(head)
    named = [w for w in words if w not in _FILLING and not _NUMERAL.fullmatch(w)]
    if not named or not all(w in _OTHER or w in _AFFIXES for w in named):
        return LabelKind.OTHER if words == ["out", "of"] else None
    return header_kind(label)


def heads_prose_too(label: str) -> bool:
    """Return whether a heading of the kind OTHER may as well stand above mere prose (`Flaws`)."""
    return any(word in _BESIDE_SCORES for word in label_words(label))


@lru_cache(maxsize=4096)
def without_score_words(name: str) -> str:
    """Return a name without the words for its score: `the_turn_score`, `Score for The Turn`.

    The name itself where nothing is taken off or nothing would be left.
    """
    if _NO_PART_OF_A_NAME.search(name):
        return name
    words = [w for w in _SPLIT.split(_CAMEL.sub(" ", name)) if w]
    kept = list(words)
    while kept and kept[-1].casefold() in _AFFIXES:
        kept.pop()
    if kept and kept[0].casefold() in _AFFIXES:
        while kept and kept[0].casefold() in _AFFIXES:
            kept.pop(0)
        if kept and kept[0].casefold() in ("for", "of", "on", "für", "de", "pour"):
            kept.pop(0)
    return " ".join(kept) if kept and kept != words else name
