"""Asking: the runner, its journal and the run folder."""
