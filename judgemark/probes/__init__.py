"""Changes that should not matter to a judge: the registry of probes, their arms and effects."""
