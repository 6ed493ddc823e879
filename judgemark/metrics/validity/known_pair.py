"""The known pair: two pieces on one item, where it is known beforehand which one is better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from judgemark.errors import UsageError

FEWEST_PROMPTS = 10
"""With at least this many prompts, pairs that share a prompt belong to one cluster."""


Node = tuple[str, str]
"""A text or an item, for joining pairs to clusters: what it is, and its name."""


class PairSource(StrEnum):
    """The origin of the knowledge which piece is better; figures of two sources are never mixed.

    `damage` is true by construction, `people` is people's preference, and `reference` is another
    judge or an order of writers: agreement with it is not truth.
    """

    DAMAGE = "damage"
    PEOPLE = "people"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, order=True)
class PairedText:
    """One text of a pair by its sha256, with its writer and iteration where they are known."""

    text_sha256: str
    writer: str = ""
    iteration: str = ""


@dataclass(frozen=True, slots=True)
class KnownPair:
    """Two different texts on one item; `source` says that `better` is the better one.

    `item` is the id of the writing prompt, "" where none is known. `cluster` is the group of pairs
    that are not independent of each other: the source piece for damage, else what `clustered`
    finds. `kind` names the damage, and `severities` are the levels of damage of the better and the
    worse text. `margin` is by how much people or a reference prefer the better text, above 0, in
    points of 0..100; None where it is not known. Raises UsageError where both texts are the same.
    """

    source: PairSource
    item: str
    better: PairedText
    worse: PairedText
    cluster: str = ""
    kind: str = ""
    severities: tuple[float, float] | None = None
    margin: float | None = None

    def __post_init__(self) -> None:
        if self.better.text_sha256 == self.worse.text_sha256:
            place = f" on item {self.item}" if self.item else ""
            raise UsageError(f"a pair{place} holds the same text twice: neither can be better")


@dataclass(frozen=True, slots=True)
class AnsweredPair:
    """A known pair with a judge's answer: the probability 0..1 that it gives the better text.

    Rubric judges give 1, 0, or 0.5 where both item scores are equal; pairwise judges give the
    probability averaged over both orders. None where a verdict is missing.
    """

    pair: KnownPair
    p_better: float | None

    @property
    def right(self) -> float | None:
        """1 where the judge prefers the better text, 0.5 where it prefers neither, else 0."""
        if self.p_better is None:
            return None
        return 0.5 if self.p_better == 0.5 else float(self.p_better > 0.5)


def clustered(pairs: Iterable[KnownPair]) -> tuple[KnownPair, ...]:
    """Return the pairs with their clusters filled in; damage pairs must have theirs already.

    Pairs of people and of references are joined where they share a text and, where there are at
    least `FEWEST_PROMPTS` prompts, where they share a prompt: clusters are the connected
    components. A component is named by its smallest item or text hash, so that names depend on the
    pairs alone. Raises UsageError for a damage pair without a cluster.
    """
    from scipy.cluster.hierarchy import DisjointSet

    listed = tuple(pairs)
    if any(p.source is PairSource.DAMAGE and not p.cluster for p in listed):
        raise UsageError("a damage pair names no source piece, which is its cluster")
    open_pairs = [p for p in listed if p.source is not PairSource.DAMAGE]
    by_prompt = len({p.item for p in open_pairs if p.item}) >= FEWEST_PROMPTS
    joined: DisjointSet[Node] = DisjointSet()
    for pair in open_pairs:
        first, *others = _nodes(pair, by_prompt)
        joined.add(first)
        for node in others:
            joined.add(node)
            joined.merge(first, node)
    names: dict[Node, str] = {}
    for component in joined.subsets():
        names |= dict.fromkeys(component, ":".join(min(component)))
    return tuple(
        p if p.source is PairSource.DAMAGE else replace(p, cluster=names[_nodes(p, by_prompt)[0]])
        for p in listed
    )


def _nodes(pair: KnownPair, by_prompt: bool) -> list[Node]:
    nodes = [("text", pair.better.text_sha256), ("text", pair.worse.text_sha256)]
    return [("item", pair.item), *nodes] if by_prompt and pair.item else nodes
