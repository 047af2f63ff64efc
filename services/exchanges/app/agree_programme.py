"""An institution agrees to a programme."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Programme
from shared.domain.actor import Actor
from shared.domain.command import Command


class AgreeProgramme(Command):
    """One institution agrees to the proposed programme; it is open when both have."""

    programme_id: UUID


async def agree_programme(ask: AgreeProgramme, actor: Actor, work: Work) -> Programme:
    """Agrees; refused while the agreement is not in force."""
    programme = await work.programmes.get(ask.programme_id)
    programme.agree(actor, work.now)
    (await work.agreements.get(programme.agreement_id)).require_in_force()
    return programme
