"""Playing a scenario through the public HTTP APIs."""
