"""Turns pairwise verdicts into a score table of ratings; pure and seeded, without judge or
journal."""
