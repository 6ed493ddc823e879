"""Attribution: a line that says who wrote the piece.

The line is English, as our prompts are, and it is shown with pieces in any language. The judge is
still blind: the line is the same for every piece, whichever writer it is by.
"""

from __future__ import annotations

from judgemark.probes.probe_arm import FrameArm

BY_PERSON = FrameArm("The text below was written by a person.")
BY_AI = FrameArm("The text below was written by an AI system.")
BY_FAMOUS = FrameArm(
    "The text below was written by a famous author, a winner of the Nobel Prize in Literature."
)
