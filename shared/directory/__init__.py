"""The copy of people, organisations and roles that each service keeps from the events of `partners`."""
