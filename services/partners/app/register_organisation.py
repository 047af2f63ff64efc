"""An operator enters an organisation in the directory."""

from pydantic import Field

from services.partners.app.work import Work
from services.partners.domain.organisation import Organisation
from services.partners.domain.organisation_details import CheckedIdentifiers, Details
from shared.contracts.values import Identifier, OrganisationId
from shared.domain.actor import Actor


class RegisterOrganisation(Details):
    """Adds an organisation to the directory."""

    identifiers: CheckedIdentifiers = Field(default_factory=list[Identifier])
    parent_id: OrganisationId | None = None


async def register_organisation(ask: RegisterOrganisation, actor: Actor, work: Work) -> Organisation:
    """Adds it."""
    await work.named_by(ask)
    organisation = Organisation.register(work.new_id(), ask, actor)
    work.organisations.add(organisation)
    await work.identifiers.claim(organisation.id, organisation.identifiers)
    return organisation
