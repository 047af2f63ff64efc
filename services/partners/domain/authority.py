"""Who may change the directory."""

from collections.abc import Collection

from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor, Role
from shared.domain.refused import NotAllowed, NotASide


def require_officer(actor: Actor, lineage: Collection[OrganisationId]) -> None:
    """Refuses all but operators and partnership officers of one of `lineage`: an organisation and those it is part of.

    Raises NotAllowed without such a role, NotASide for an officer of another organisation.
    """
    if actor.may(Role.OPERATOR):
        return
    if not actor.may(Role.PARTNERSHIP_OFFICER):
        raise NotAllowed(needed="the role partnership-officer or operator")
    if actor.organisation_id not in lineage:
        raise NotASide(what="organisation")
