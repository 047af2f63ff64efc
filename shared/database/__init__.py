"""The database of a service: its pool, its migrations, and whether its schema is as this version expects."""
