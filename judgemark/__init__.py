"""Judgemark measures how well a judge separates strong writing from weak."""

from judgemark.version import __version__

__all__ = ["__version__"]
