"""The error that a command reports to the person who ran it."""


class CommandError(Exception):
    """A command cannot do what was asked. The sentence says why and what to do."""
