"""Refusals: named facts of the domain, each said once; the edge turns them into problem details."""

import inspect
import re
from typing import ClassVar


class Refused(Exception):
    """The request cannot be granted now."""

    status: ClassVar[int] = 409
    """The HTTP status that the edge answers with."""

    def __init__(self, **facts: object) -> None:
        """`facts` fill the sentence, which is the class's docstring, and stand beside it in the problem detail."""
        self.facts = facts
        super().__init__(self.sentence.format(**facts))

    @property
    def sentence(self) -> str:
        """The class's docstring on one line, with `{facts}` to be filled in."""
        return " ".join((inspect.getdoc(type(self)) or "").split())

    @classmethod
    def slug(cls) -> str:
        """The stable last part of the problem `type`: `NotASide` is `not-a-side`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", cls.__name__).lower()


class Invalid(Refused):
    """What was asked is not possible: {reason}."""

    status = 422


class NotAllowed(Refused):
    """This needs {needed}; ask an officer of your organisation for the role."""

    status = 403


class NotASide(Refused):
    """Your organisation has no part in this {what}; only its own sides may do this."""

    status = 403


class NotFound(Refused):
    """There is no {what} {id}, or it is not yours to see."""

    status = 404


class NotInState(Refused):
    """{what} is not possible while the {kind} is {status}; it is possible when it is {possible}."""


class SamePerson(Refused):
    """The two sides of {what} need two different people; you have acted for the other side already."""


class Unavailable(Refused):
    """{reason}; try again in {retry_after} s."""

    status = 503


class Changed(Refused):
    """Somebody else changed this {what} in the meantime; read it again and repeat what you asked."""

    status = 412
