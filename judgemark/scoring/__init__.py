"""From the verdicts of a run to `result.json`: its figures, and a reason for each missing one."""
