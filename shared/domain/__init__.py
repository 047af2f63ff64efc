"""The kernel that domains are written with: aggregates, lifecycles, actors and refusals. Pure: no I/O, no clock."""
