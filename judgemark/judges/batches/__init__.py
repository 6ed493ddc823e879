"""Providers that answer batches of questions within hours, at half the price."""
