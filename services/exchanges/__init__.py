"""Programmes, calls and exchanges under agreements in force."""
