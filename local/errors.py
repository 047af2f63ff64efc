"""What a command cannot do."""


class CommandError(Exception):
    """A command cannot do what it was asked for; the sentence says why and what to do."""
