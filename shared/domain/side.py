"""Finds the organisation of an aggregate that an actor acts for."""

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.refused import NotASide, Refused


def side_of(actor: Actor, organisations: Sequence[OrganisationId], what: str) -> OrganisationId:
    """The one of `organisations` that the actor's is, or is part of; raises NotASide if none."""
    for mine in (actor.organisation, *(o for o in organisations if o in actor.within)):
        if mine in organisations:
            return mine
    raise NotASide(what=what)


class OfficeOfAPart(Refused):
    """This binds {side}, and you act for a part of it; a person with an office in {side} itself must do it.

    A person who works in an institute and signs for its university needs an office granted by the university.
    """

    side: UUID
    status = 403


def bound_side(actor: Actor, organisations: Sequence[OrganisationId], what: str) -> OrganisationId:
    """The one of `organisations` that the actor's office is in, for an act that binds it.

    Raises OfficeOfAPart for an office in a unit of one, NotASide for any other.
    """
    side = side_of(actor, organisations, what)
    if side != actor.organisation:
        raise OfficeOfAPart(side=side)
    return side
