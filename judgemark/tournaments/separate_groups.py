"""Finds writers between whom nothing was compared, directly or through others."""

from __future__ import annotations

from collections.abc import Sequence

from judgemark.tournaments.tournament_settings import Match


def separate_groups(
    matches: Sequence[Match], preferences: Sequence[float | None]
) -> tuple[tuple[str, ...], ...]:
    """Return the groups of writers that no verdict links, the largest first; one where all are.

    Two writers belong to one group where a match between them has a verdict, and so do the writers
    that others link. Ratings compare writers of one group only. Writers without any verdict are in
    none. `matches` and `preferences` are parallel; None is a missing verdict.
    """
    head: dict[str, str] = {}

    def head_of(writer: str) -> str:
        while head[writer] != writer:
            head[writer] = writer = head[head[writer]]
        return writer

    for match, preference in zip(matches, preferences, strict=True):
        if preference is None:
            continue
        for writer in (match.first, match.second):
            head.setdefault(writer, writer)
        head[head_of(match.first)] = head_of(match.second)
    groups: dict[str, list[str]] = {}
    for writer in sorted(head):
        groups.setdefault(head_of(writer), []).append(writer)
    return tuple(sorted(map(tuple, groups.values()), key=lambda group: (-len(group), group)))
