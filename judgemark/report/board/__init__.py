"""The leaderboard: frozen entries, ranks among like runs, and the pages that show them."""
