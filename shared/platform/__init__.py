"""What a service stands on: its composition, HTTP, commands, settings, identity, telemetry, embedded parts."""
