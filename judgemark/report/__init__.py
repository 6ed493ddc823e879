"""What a reader gets: result.json, charts, pages, the leaderboard."""
