"""The services, each with its own schema; none imports another."""
