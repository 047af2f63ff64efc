"""Who is notified of what, and why."""
