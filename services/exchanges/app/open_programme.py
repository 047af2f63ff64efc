"""Opening a programme under an agreement."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.exchanges.app.work import Work
from services.exchanges.domain.kinds import ProgrammeKind
from services.exchanges.domain.programme import Programme
from shared.contracts.programme import Places
from shared.contracts.values import AreaCode, Day, OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class OpenProgramme(Command):
    """Opens a programme under an agreement that is in force, covers its area and names its institutions."""

    programme_kind: ProgrammeKind
    title: Text
    area: AreaCode
    agreement_id: UUID
    initiative_id: UUID | None = None
    """An active initiative of the agreement that it belongs to, if any."""
    institutions: Annotated[list[OrganisationId], Field(min_length=2, max_length=50)]
    places: Annotated[list[Places], Field(min_length=1, max_length=500)]
    """For each direction, from a sending to a receiving institution; a student exchange has both."""
    starts_on: Day
    ends_on: Day


async def open_programme(ask: OpenProgramme, actor: Actor, work: Work) -> Programme:
    """Opens it; refused with the reason while the agreement does not admit it."""
    work.areas.require([ask.area])
    programme = Programme(id=work.new_id(), **dict(ask)).opened(actor)
    agreement = await work.agreements.hold(ask.agreement_id)
    agreement.admit(ask.area, await work.organisations.those(ask.institutions))
    if ask.initiative_id:
        (await work.initiatives.get(ask.initiative_id)).admit(ask.agreement_id)
    work.programmes.add(programme)
    return programme
