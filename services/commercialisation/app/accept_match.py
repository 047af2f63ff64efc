"""One side's acceptance of an introduction."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.match import Match
from shared.domain.actor import Actor
from shared.domain.command import Command


class AcceptMatch(Command):
    """The organisation that offers, or the one that seeks, accepts the introduction."""

    match_id: UUID


async def accept_match(ask: AcceptMatch, actor: Actor, work: Work) -> Match:
    """Accepts it; the last acceptance introduces the two sides to each other."""
    match = await work.matches.get(ask.match_id)
    match.accept(actor, work.now)
    return match
