"""What is left to ask and who is asked: rubric and pairwise runs, schedules, reuse, limits."""
