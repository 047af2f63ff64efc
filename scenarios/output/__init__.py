"""Showing how a scenario went: on a terminal, or as one JSON document."""
