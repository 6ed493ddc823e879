"""From a score table to figures: pure, seeded, and ignorant of what kind of judge made it."""
