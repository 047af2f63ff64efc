"""An operator records that an organisation ceased to be."""

from services.partners.app.work import Work
from services.partners.domain.organisation import Organisation
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.command import Command


class CloseOrganisation(Command):
    """Closes an organisation that has no successor."""

    organisation_id: OrganisationId


async def close_organisation(ask: CloseOrganisation, actor: Actor, work: Work) -> Organisation:
    """Closes it: nothing new is begun with it."""
    organisation = await work.organisations.get(ask.organisation_id)
    organisation.close(await work.organisations.where(parent_id=organisation.id), actor)
    return organisation
