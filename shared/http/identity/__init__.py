"""Who sends a request: bearer tokens, checked against the keys of their issuer."""
