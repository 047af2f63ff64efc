"""The installation that docker compose runs; `make compose-check`."""
