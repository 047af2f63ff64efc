"""Who may change the directory."""

from collections.abc import Collection, Sequence

from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor, Role
from shared.domain.refused import NotAllowed, NotASide

OF_OPERATORS = frozenset({Role.OPERATOR, Role.DATA_PROTECTION_OFFICER})
"""The roles that reach beyond one organisation: only operators give and take them."""


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


def require_granter(actor: Actor, roles: Collection[Role], lineage: Sequence[OrganisationId]) -> None:
    """Refuses all but those who may give these roles in an organisation; `lineage` begins with it.

    Operators give any. Signatories of the organisation itself give `signatory`; officers of the lineage give the rest.
    Raises NotAllowed or NotASide.
    """
    if actor.may(Role.OPERATOR):
        return
    if not OF_OPERATORS.isdisjoint(roles):
        raise NotAllowed(needed="the role operator")
    if Role.SIGNATORY in roles and not (actor.may(Role.SIGNATORY) and actor.organisation == lineage[0]):
        raise NotAllowed(needed=f"the role signatory in the organisation {lineage[0]} itself, or the role operator")
    if {*roles} != {Role.SIGNATORY}:
        require_officer(actor, lineage)
