"""How commands behave in a terminal: progress, output of processes, error messages, stopping."""
