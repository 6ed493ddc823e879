"""What a tournament says on the terminal beside the figures that every judge has."""

from __future__ import annotations

from judgemark.scoring.result_types import ResultBlock

_NAMED = 3


def tournament_rows(t: ResultBlock) -> list[tuple[str, str]]:
    """Return how it was played, who leads, and what besides quality the judge followed."""
    rows = [("Tournaments", _played(t)), ("Leaderboard", leaders(t))]
    fit = t["bradley_terry"]
    if fit is not None:
        best = ", ".join(_fitted(line) for line in fit["ratings"][:_NAMED])
        rows += [("Bradley-Terry", best), ("", fit["scale"])]
    rows.append(("Position bias", _position(t["position_bias"])))
    rows.append(("Length bias", _length(t["length_bias"])))
    if t["concordance"] is not None:
        c = t["concordance"]
        text = f"{100 * c['verdicts']:.0f}% of {c['n']} single verdicts in the reference order"
        rows.append(("Verdicts", text))
    if t["letters"] is not None:
        use = t["letters"]
        text = f"{100 * use['captured_mass']:.1f}% of the probability"
        if use["censored"]:
            text += f"; {use['censored']} of {use['passes']} passes only bounded"
        rows.append(("On A and B", text))
    return rows


def _played(t: ResultBlock) -> str:
    s = t["settings"]
    rounds = "all pairs" if "rounds" not in s else f"{s['rounds']} rounds, K {s['k_factor']:g}"
    text = f"{t['tournaments']} ({t['option']}, {rounds}); {t['matches']} matches"
    text += f", {t['calls']} calls, {t['reuses']} reused"
    return text + (f", {t['lent']} verdicts from another run" if t["lent"] else "")


def leaders(t: ResultBlock) -> str:
    """Return the best writers and the last one, with their ratings."""
    lines = t["leaderboard"]
    shown = [_rated(line) for line in lines[:_NAMED]]
    if len(lines) > _NAMED:
        shown += ["…"] * (len(lines) > _NAMED + 1) + [_rated(lines[-1])]
    return ", ".join(shown)


def _rated(line: ResultBlock) -> str:
    spread = "" if line["spread"] is None else f" ± {line['spread']:.1f}"
    return f"{line['writer']} {line['rating']:.1f}{spread}"


def _fitted(line: ResultBlock) -> str:
    ends = line["ci95"]
    sure = "" if ends is None else f" [{ends[0]:.0f}, {ends[1]:.0f}]"
    return f"{line['writer']} {line['rating']:.0f}{sure}"


def _position(bias: ResultBlock | None) -> str:
    if bias is None:
        return "not available"
    return (
        f"{100 * bias['mass']:.1f}% of the probability to position 1, "
        f"which wins {100 * bias['wins']:.1f}% of passes"
    )


def _length(bias: ResultBlock | None) -> str:
    if bias is None:
        return "not available"
    return (
        f"the longer text wins {100 * bias['win_rate']:.1f}%, margin {bias['margin']:+.1f} points"
    )
