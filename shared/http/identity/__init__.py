"""Identifies the caller by a bearer token, checked against the keys of its issuer."""
