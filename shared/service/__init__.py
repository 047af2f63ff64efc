"""What a service is: its rows, commands, unit of work, worker, outgoing work, settings and how it is served."""
