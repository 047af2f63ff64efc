"""One side declines an introduction."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.match import Match
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class DeclineMatch(Reasoned):
    """Either side declines the introduction, or steps back before a deal is signed."""

    match_id: UUID


async def decline_match(ask: DeclineMatch, actor: Actor, work: Work) -> Match:
    """Declines it; deals drafted from it follow by `withdraw_deals_of_match`."""
    match = await work.matches.get(ask.match_id)
    match.decline(actor, ask.why)
    return match
