"""Reading a scenario file, and saying everything that is wrong with it."""
