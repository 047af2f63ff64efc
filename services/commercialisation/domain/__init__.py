"""Aggregates, values and rules. Pure."""
