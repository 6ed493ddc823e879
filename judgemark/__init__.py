"""Judgemark measures how well a judge separates strong writing from weak."""

__version__ = "0.1.0"
