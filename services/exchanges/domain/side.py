"""Which of an aggregate's institutions somebody acts for."""

from collections.abc import Sequence

from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.refused import NotASide


def side_of(actor: Actor, institutions: Sequence[OrganisationId], what: str) -> OrganisationId:
    """The institution of `institutions` that `actor` belongs to, itself or within it; raises NotASide if none is."""
    for mine in (actor.organisation, *(i for i in institutions if i in actor.within)):
        if mine in institutions:
            return mine
    raise NotASide(what=what)
