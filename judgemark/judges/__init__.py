"""Whoever answers a question: chat endpoints, embedded baselines, local engines."""
