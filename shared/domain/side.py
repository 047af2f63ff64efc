"""Which of an aggregate's organisations somebody acts for."""

from collections.abc import Sequence

from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.refused import NotASide


def side_of(actor: Actor, organisations: Sequence[OrganisationId], what: str) -> OrganisationId:
    """The one of `organisations` that the actor's is, or is part of; raises NotASide if none."""
    for mine in (actor.organisation, *(o for o in organisations if o in actor.within)):
        if mine in organisations:
            return mine
    raise NotASide(what=what)
