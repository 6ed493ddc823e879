"""Scale: the same rubric with other ends, 0 to 20 and 1 to 5.

Scores are mapped linearly to the common range before they are compared, so that a judge who uses
each scale in the same way has an effect of 0.
"""

from __future__ import annotations

from judgemark.probes.probe_arm import ScaleArm

UP_TO_TWENTY = ScaleArm(0.0, 20.0)
ONE_TO_FIVE = ScaleArm(1.0, 5.0)
