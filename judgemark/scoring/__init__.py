"""Compute `result.json` from a run's verdicts: figures, and a reason for each absent one."""
