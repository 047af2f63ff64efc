"""Contracts: what other teams and other languages rely on."""
