"""Scenarios: stories of organisations and people in YAML files, played through the public HTTP APIs."""
