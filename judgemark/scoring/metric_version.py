"""The version of the figures: two results compare only where it is the same."""

METRIC_VERSION = "2"
