"""How long tournaments of 101 writers and 32 prompts take with all verdicts at hand.

Run as `python -m benchmarks.bench_tournament`; exits 1 where an option takes longer than allowed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from judgemark.tournaments.play import play, tournament
from judgemark.tournaments.tournament_settings import Match, Option, Settings

WRITERS, PROMPTS = 101, 32
ALLOWED_SECONDS = {Option.ISOLATED: 2.0, Option.BOOTSTRAP: 2.0}


def main() -> int:
    """Time each option, best of three; 0 where all are fast enough, else 1."""
    rng = np.random.default_rng(0)
    names = [f"writer-{n:03d}" for n in range(WRITERS)]
    prompts = [f"{n:02d}" for n in range(PROMPTS)]
    strength = {(prompt, name): float(rng.normal()) for prompt in prompts for name in names}
    places = [(name, "1", prompt) for name in names for prompt in prompts]

    def judge(wave: Sequence[Match]) -> list[float | None]:
        lead = [strength[m.item, m.first] - strength[m.item, m.second] for m in wave]
        chances: list[float | None] = expit(np.array(lead)).tolist()
        return chances

    missed = False
    for option, allowed in ALLOWED_SECONDS.items():
        seconds = []
        for _ in range(3):
            start = time.perf_counter()
            result = play(tournament(places, Settings(option=option)), judge)
            seconds.append(time.perf_counter() - start)
        fast = min(seconds) <= allowed
        missed |= not fast
        print(
            f"tournament {option}: {result.match_count} matches in {min(seconds):.2f} s"
            f" (at most {allowed:.0f} s): {'ok' if fast else 'TOO SLOW'}"
        )
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
