"""Who is told of what, and why."""
