"""Pairwise verdicts in, a score table of ratings out; pure, seeded, no judge and no journal."""
