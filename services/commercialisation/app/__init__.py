"""One use case or policy a file, named by its verb."""
