"""The error that a command reports to the person who ran it."""


class CommandError(Exception):
    """A command cannot be carried out. The message says why and what to do."""
