"""One side's signature under a mutual duty of confidence."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.match import Match
from shared.contracts.values import Day
from shared.domain.actor import Actor
from shared.domain.command import Command


class SignConfidentiality(Command):
    """A side signs that both keep in confidence what they show each other of the technology, its use and its terms."""

    match_id: UUID
    confidential_until: Day
    """The last day of the duty; the first side to sign sets it, and may sign again for another day until the other has
    signed for the same one."""


async def sign_confidentiality(ask: SignConfidentiality, actor: Actor, work: Work) -> Match:
    """Signs it; once both have signed they can make a deal."""
    match = await work.matches.get(ask.match_id)
    match.sign_confidentiality(actor, ask.confidential_until, work.now)
    return match
