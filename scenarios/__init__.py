"""Scenario files: a story of organisations and people, told in steps, played through the public HTTP APIs."""
