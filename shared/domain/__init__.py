"""The kernel for writing domains: aggregates, lifecycles, actors and refusals. Pure: no I/O, no clock."""
