"""Which organisation each identifier belongs to."""

from collections.abc import Sequence

from services.partners.adapters.claims import Claims
from services.partners.app.work import IdentifierTaken
from shared.contracts.values import Identifier, OrganisationId
from shared.messaging.outbox import Connection


class IdentifierTable:
    """The `Identifiers` of the use cases."""

    def __init__(self, db: Connection) -> None:
        self._claims = Claims(db, "identifier", ("scheme", "value", "organisation_id"))

    async def owner(self, identifier: Identifier) -> OrganisationId | None:
        return await self._claims.owner((identifier.scheme, identifier.value))

    async def claim(self, organisation_id: OrganisationId, identifiers: Sequence[Identifier]) -> None:
        if taken := await self._claims.claim(organisation_id, [(i.scheme, i.value) for i in identifiers]):
            scheme, value, organisation = taken
            raise IdentifierTaken(identifier=f"{scheme}:{value}", organisation=organisation)
