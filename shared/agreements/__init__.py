"""The copy of agreements that a service keeps from the events of `partners`, for what needs one in force."""
