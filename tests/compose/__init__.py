"""Tests of the installation on docker compose: `make compose-check`."""
