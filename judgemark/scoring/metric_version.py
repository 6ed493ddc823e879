"""The version of the figures: only results of the same version can be compared."""

METRIC_VERSION = "4"
