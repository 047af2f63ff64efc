"""The copy of initiatives that a service keeps from the events of `partners`, for what may belong to an active one."""
