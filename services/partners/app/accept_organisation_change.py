"""An operator accepts a proposed change of an organisation, or the officers of both sides one that moves it."""

from services.partners.app.work import Work
from services.partners.domain.organisation import Organisation
from shared.contracts.values import OrganisationId, Sha256
from shared.domain.actor import Actor
from shared.domain.command import Command


class AcceptOrganisationChange(Command):
    """Agrees to the proposal: an operator to any, an officer to a move for the side that they are of."""

    organisation_id: OrganisationId
    hash: Sha256
    """Of the proposal that was read, so that no other one is accepted in its place."""


async def accept_organisation_change(ask: AcceptOrganisationChange, actor: Actor, work: Work) -> Organisation:
    """Replaces the directory's entry by the proposed one, once everyone has agreed."""
    organisation = await work.organisations.get(ask.organisation_id)
    proposed = organisation.proposed
    above = await work.named_by(proposed.details, organisation) if proposed else []
    organisation.accept(ask.hash, actor, await work.lineage(organisation.id), above, work.now)
    await work.identifiers.claim(organisation.id, organisation.identifiers)
    return organisation
