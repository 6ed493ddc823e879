"""Reads and checks what users give: samples, prompts, criteria, references, past runs."""
