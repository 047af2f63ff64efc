"""What an organisation lies within."""

from services.partners.app.work import Work
from shared.contracts.values import OrganisationId


async def lineage(organisation_id: OrganisationId, work: Work) -> list[OrganisationId]:
    """The organisation and those it lies within, from itself upwards; locks them. Raises NotFound."""
    found: list[OrganisationId] = []
    above: OrganisationId | None = organisation_id
    while above is not None:
        organisation = await work.organisations.get(above)
        found.append(organisation.id)
        above = organisation.parent_id
    return found
