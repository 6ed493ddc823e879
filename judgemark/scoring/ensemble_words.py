"""What an ensemble's section says in words: what its judges are worth, and what joining gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judgemark.scoring.number_format import count, figure, interval, signed
from judgemark.scoring.result_types import Result

_CASES = {
    "known damage": "pairs of pieces of which code damaged one more",
    "residuals": "pieces, where a writer's mean and an item's mean are taken out",
}


def effective_words(section: Result, notes: Mapping[str, str]) -> str:
    """Say how many independent judges the members are worth, or why that is not known."""
    found = section.get("effective")
    if not found:
        return f"not known: {notes.get('ensemble.effective', 'it cannot be computed')}"
    sure = f" ({interval(found['ci95'], 1)})" if found["ci95"] else ""
    return (
        f"{found['members']} judges are worth {figure(found['number'], 1)} independent ones{sure}, "
        f"by their errors on {count(found['cases'])} {_CASES[found['errors']]} (mean correlation "
        f"{signed(found['correlation'], 2)})"
    )


def gain_words(section: Result, notes: Mapping[str, str]) -> str:
    """Say how the ensemble's v4 score compares with that of its best member."""
    gain = section.get("gain")
    if not gain:
        return f"no comparison: {notes.get('ensemble.gain', 'it cannot be computed')}"
    best = section["members"][gain["best_member"] - 1]
    rival = f"the best member alone (judge {best['member']}, {best['spec']})"
    return _difference_words(gain["ensemble"], gain["best"], gain, "the joined scores have", rival)


def club_words(club: Result, members: Sequence[Result], notes: Mapping[str, str]) -> list[str]:
    """Say what the discussion of a book club changed, in sentences without their full stops."""
    told = (
        f"{count(club['discussions'])} pieces were discussed in {count(club['turns'])} turns; "
        f"{count(club['turns_failed'])} turns failed and were left out"
    )
    if "spread" not in club:
        return [told, f"no comparison: {notes.get('ensemble.club', 'it cannot be computed')}"]
    found, they = [told], "after it they have"
    plain, best = club["against_plain"], club["against_best"]
    if plain:
        rival = "the same judges without a discussion"
        text = _difference_words(plain["first"], plain["second"], plain, they, rival)
        found.append(text)
    if best:
        member = members[best["best_member"] - 1]
        rival = f"the best member alone (judge {member['member']}, {member['spec']})"
        text = _difference_words(best["first"], best["second"], best, they, rival)
        found.append(text)
    before, after = club["spread"]
    found.append(
        f"the judges' scores of one piece lay {figure(before)} points apart before it and "
        f"{figure(after)} after it (standard deviation)"
    )
    if club["effective_before"] is not None and club["effective_after"] is not None:
        found.append(
            f"they were worth {figure(club['effective_before'], 1)} independent judges before it "
            f"and {figure(club['effective_after'], 1)} after it, by the residuals of their scores"
        )
    return found


def _difference_words(first: float, second: float, found: Result, name: str, rival: str) -> str:
    """Say how one v4 score compares with another; `found` has the difference and its interval."""
    text = f"{name} v4 {figure(first, 1)}, {rival} {figure(second, 1)}: difference"
    ends = found.get("ci95")
    if not ends:
        return f"{text} {signed(found['difference'], 1)}, without an interval ({found['reason']})"
    verdict = "better" if ends[0] > 0 else "worse" if ends[1] < 0 else "not shown to differ"
    return f"{text} {signed(found['difference'], 1)} ({interval(ends, 1)}), {verdict}"
