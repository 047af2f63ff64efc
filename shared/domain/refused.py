"""Refusals: each has a name and a sentence; the HTTP edge turns them into problem details."""

import inspect
import re
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

OURS = ("shared.", "services.")


class Refused(Exception):
    """The request is refused; a subclass says why and what to do.

    A subclass's docstring begins with the sentence that people read. Further paragraphs, if there is more that helps,
    stand on the problem's page only.
    """

    status: ClassVar[int] = 409
    """The HTTP status that the edge answers with."""

    def __init__(self, **facts: object) -> None:
        """`facts` fill the sentence and stand beside it in the problem detail.

        The class annotates those that are not text.
        """
        self.facts = facts
        super().__init__(self.sentence().format(**facts))

    @classmethod
    def sentence(cls) -> str:
        """The first paragraph of the docstring, on one line, with `{facts}` to be filled in."""
        return cls._paragraphs()[0]

    @classmethod
    def guidance(cls) -> str:
        """The other paragraphs, which help people who get this problem; empty if there are none."""
        return "\n\n".join(cls._paragraphs()[1:])

    @classmethod
    def _paragraphs(cls) -> list[str]:
        return [" ".join(each.split()) for each in (inspect.getdoc(cls) or "").split("\n\n")]

    @classmethod
    def slug(cls) -> str:
        """The stable last part of the problem `type`: `NotASide` is `not-a-side`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", cls.__name__).lower()


class Invalid(Refused):
    """What was asked is not possible: {reason}.

    A field is missing, unknown, of another type or out of bounds, or fields contradict each other. `errors` names up to
    fifty such fields and the error in each, never the value. The service's `/docs` shows what each route takes.
    """

    status = 422


class NotAllowed(Refused):
    """This needs {needed}; ask an officer of your organisation for the role.

    A partnership officer of your organisation or an operator grants roles. `GET /me` shows yours and what they allow.
    """

    status = 403


class NotASide(Refused):
    """Your organisation has no part in this {what}; only its own sides may do this.

    The sides are the organisations that the agreement, programme, mobility, match or deal is between, and those within
    them. If you hold offices in several organisations, name the right one in the header `Entente-Acting-For`.
    """

    status = 403


class NotFound(Refused):
    """There is no {what} {id}, or it is not yours to see.

    The two cases look the same on purpose. Check the id, and that you are asking the service that owns it.
    """

    id: UUID | int
    status = 404


class NotInState(Refused):
    """{what} is not possible while the {kind} is {status}; it is possible when it is {possible}.

    docs/lifecycles.md shows all states and the acts possible in each.
    """


class SamePerson(Refused):
    """The sides of {what} need different people; you have acted for another side already.

    This also holds for a person with offices in several of them: let somebody else act for one.
    """


class Unavailable(Refused):
    """{reason}; try again in {retry_after} s.

    The service cannot reach its database, its database has yet to be migrated, it has not read the directory yet,
    or other requests have held the same aggregate for longer than 5 s. The header `Retry-After` has the seconds too.
    Operators: `GET /health/ready` says why.
    """

    retry_after: int
    status = 503


class Changed(Refused):
    """Somebody else changed this {what} in the meantime; read it again and repeat your request.

    The `If-Match` of your request names a version that is no longer the current one, or somebody changed the same thing
    at the same moment. Their change is kept, and nothing of your request was done. `/history` below the document's
    address shows who changed what. If you still want your change, repeat it with the new ETag.
    """

    status = 412


def refusals() -> dict[str, type[Refused]]:
    """Every refusal of the modules imported so far, by its slug; sorted. Those of tests are left out."""
    ours = {each.slug(): each for each in _below(Refused) if each.__module__.startswith(OURS)}
    return dict(sorted(ours.items()))


def _below(kind: type[Refused]) -> Iterator[type[Refused]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
