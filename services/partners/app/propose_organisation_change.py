"""An officer proposes a change of what the directory says of an organisation, or that it joins their own."""

from services.partners.app.work import Work
from services.partners.domain.organisation import Organisation
from services.partners.domain.organisation_details import Details
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor


class ProposeOrganisationChange(Details):
    """What the directory should say of the organisation, all of it."""

    organisation_id: OrganisationId


async def propose_organisation_change(ask: ProposeOrganisationChange, actor: Actor, work: Work) -> Organisation:
    """Keeps the proposal, in place of an earlier one, until it is accepted."""
    organisation = await work.organisations.get(ask.organisation_id)
    lineage = await work.lineage(organisation.id)
    organisation.propose(ask, actor, lineage, await work.named_by(ask, organisation), work.now)
    return organisation
