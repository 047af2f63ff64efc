"""What integration tests stand on: the embedded parts once a run, an installation once a worker."""
