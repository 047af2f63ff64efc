"""An operator accepts the change of an organisation that its officer proposed."""

from services.partners.app.work import Work
from services.partners.domain.organisation import Organisation
from shared.contracts.values import OrganisationId, Sha256
from shared.domain.actor import Actor
from shared.domain.command import Command


class AcceptOrganisationChange(Command):
    """Makes the proposal true."""

    organisation_id: OrganisationId
    hash: Sha256
    """Of the proposal that was read, so that no other one is accepted in its place."""


async def accept_organisation_change(ask: AcceptOrganisationChange, actor: Actor, work: Work) -> Organisation:
    """Replaces the directory's entry by the proposed one."""
    organisation = await work.organisations.get(ask.organisation_id)
    proposed = organisation.proposed
    organisation.accept(ask.hash, actor, await work.named_by(proposed.details, organisation) if proposed else [])
    await work.identifiers.claim(organisation.id, organisation.identifiers)
    return organisation
