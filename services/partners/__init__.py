"""The directory and the agreements."""
