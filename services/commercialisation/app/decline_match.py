"""One side declines an introduction."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.match import Match
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class DeclineMatch(Command):
    """Either side declines the introduction, or steps back before a deal is signed."""

    match_id: UUID
    reason: Text
    """For the public event: name no person."""


async def decline_match(ask: DeclineMatch, actor: Actor, work: Work) -> Match:
    """Declines it; deals drafted from it follow by `withdraw_deals_of_match`."""
    match = await work.matches.get(ask.match_id)
    match.decline(actor, ask.reason)
    return match
