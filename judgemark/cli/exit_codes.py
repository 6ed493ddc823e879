"""The exit codes, as the README explains them."""

from __future__ import annotations

DONE, INCOMPLETE, MISUSED, REFUSED, BATCH_OUT, INTERRUPTED = 0, 1, 2, 3, 4, 130
