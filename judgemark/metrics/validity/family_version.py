"""The version of the family of surface features that counting rules may use."""

from __future__ import annotations

FAMILY_VERSION = 1
"""Increases whenever a feature is added, removed or counted differently; stored with every
margin."""
