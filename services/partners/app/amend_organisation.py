"""An officer or operator changes what the directory says of an organisation."""

from services.partners.app.work import Work
from services.partners.domain.organisation import Details, Organisation
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor


class AmendOrganisation(Details):
    """All that the directory shall say of the organisation from now on."""

    organisation_id: OrganisationId


async def amend_organisation(ask: AmendOrganisation, actor: Actor, work: Work) -> Organisation:
    """Raises NotFound for an unknown parent, WithinItself for a cycle, IdentifierTaken."""
    organisation = await work.organisations.get(ask.organisation_id)
    own = await work.lineage(organisation.id)
    above = await work.lineage(ask.parent_id) if ask.parent_id else []
    organisation.amend(ask, actor, own, above)
    await work.identifiers.claim(organisation.id, organisation.identifiers)
    return organisation
