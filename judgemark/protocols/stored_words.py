"""Words that stand in stored runs: names of protocols, stages of a discussion, a reason."""

from __future__ import annotations

ENSEMBLE = "company"
"""The name of an ensemble's protocol in fingerprints."""

ANCHORED = "anchored"
"""The name of the anchored protocol in fingerprints."""

FIRST, MERIT, PROPOSAL, FINAL = "score", "merit", "proposal", "final"
"""The stages in a slot; a number follows the two of the discussion, from 1: `merit-1`."""

SCORED = (FIRST, FINAL)
"""The stages whose replies hold scores."""

Table = tuple[str, str, int]
"""What one discussion is about: item, sha256 of the text, repeat."""

TOO_LONG = "too long: "
"""How the reason of a pair begins that was left out because it does not fit the context."""
