"""The leaderboard: entries of runs, sections of comparable entries, ranks and board files."""
