"""Property tests draw the same examples each time, so that a red run can be run again.

`HYPOTHESIS_PROFILE=new make test` draws new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
