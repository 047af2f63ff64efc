"""An officer or operator changes what the directory says of an organisation."""

from services.partners.app.work import Work
from services.partners.domain.organisation import Organisation
from services.partners.domain.organisation_details import Details
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor


class AmendOrganisation(Details):
    """What the directory says of the organisation from now on, all of it."""

    organisation_id: OrganisationId


async def amend_organisation(ask: AmendOrganisation, actor: Actor, work: Work) -> Organisation:
    """Replaces what the directory says of it."""
    organisation = await work.organisations.get(ask.organisation_id)
    lineage = await work.lineage(organisation.id)
    organisation.amend(ask, actor, lineage, await work.named_by(ask, organisation))
    await work.identifiers.claim(organisation.id, organisation.identifiers)
    return organisation
