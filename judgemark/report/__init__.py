"""What a reader sees: charts, pages and the views of a leaderboard. Rendering only."""
