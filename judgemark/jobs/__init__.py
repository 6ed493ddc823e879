"""What the commands do, without flags or printing: prepare, ask, score, report."""
