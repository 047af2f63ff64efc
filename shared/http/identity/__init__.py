"""Who calls: bearer tokens, checked against the keys of their issuer."""
