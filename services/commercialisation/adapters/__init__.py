"""Projections and the queries on their tables."""
