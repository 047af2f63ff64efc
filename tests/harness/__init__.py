"""The base of the integration tests: the embedded parts once a run, an installation once a worker."""
