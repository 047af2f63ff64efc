"""What commands show in a terminal: progress, output of processes, errors; and how they stop."""
