"""An operator records that an organisation was merged or reorganised into another one."""

from services.partners.app.work import Work
from services.partners.domain.organisation import Organisation
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.command import Command


class MergeOrganisation(Command):
    """Names the successor of this organisation."""

    organisation_id: OrganisationId
    successor_id: OrganisationId


async def merge_organisation(ask: MergeOrganisation, actor: Actor, work: Work) -> Organisation:
    """Refers all who name it to its successor."""
    organisation = await work.organisations.get(ask.organisation_id)
    successor = await work.organisations.get(ask.successor_id)
    organisation.merge(successor, await work.organisations.where(parent_id=organisation.id), actor)
    return organisation
