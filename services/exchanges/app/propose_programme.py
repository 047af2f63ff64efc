"""Proposing a programme that no agreement's conditions name."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Programme
from shared.contracts.values import Zone
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.condition import ConditionWanted, WantedYear


class ProposeProgramme(Command):
    """Proposes a programme under an agreement in force, for one of its two institutions."""

    agreement_id: UUID
    initiative_id: UUID | None = None
    """An active initiative of the agreement that it belongs to, if any."""
    condition: ConditionWanted
    academic_year: WantedYear
    time_zone: Zone
    """The zone in which the year ends."""


async def propose_programme(ask: ProposeProgramme, actor: Actor, work: Work) -> Programme:
    """Proposes it; open once the other institution agrees. Refused while the agreement does not admit it."""
    condition = ask.condition.condition
    work.areas.require([condition.area])
    programme = Programme.proposed(
        work.new_id(), condition, ask.academic_year, ask.agreement_id, ask.time_zone, ask.initiative_id, actor, work.now
    )
    agreement = await work.agreements.hold(ask.agreement_id)
    organisations = await work.organisations.those(ask.condition.organisations)
    agreement.admit(condition.area, organisations)
    ask.condition.require_units({each.id: each.within for each in organisations})
    if ask.initiative_id:
        (await work.initiatives.get(ask.initiative_id)).admit(ask.agreement_id)
    work.programmes.add(programme)
    return programme
