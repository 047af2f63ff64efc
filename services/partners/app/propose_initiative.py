"""Proposing an initiative under an agreement."""

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from services.partners.domain.initiative_terms import InitiativeProposal
from shared.domain.actor import Actor


class ProposeInitiative(InitiativeProposal):
    """Proposes an initiative to its leads, for one of its organisations or from within one."""


async def propose_initiative(ask: ProposeInitiative, actor: Actor, work: Work) -> Initiative:
    """Proposes it; refused with the reason while the agreement does not admit it."""
    work.areas.require([ask.area])
    initiative = Initiative.propose(work.new_id(), ask, actor)
    await work.admit(ask.agreement_id, ask.area, initiative.sides)
    work.initiatives.add(initiative)
    return initiative
