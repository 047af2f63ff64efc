"""A mobility coordinator has a one-time link sent to a participant."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.letter import Letter, LetterKind
from services.exchanges.domain.participant import Participant
from shared.domain.actor import Actor
from shared.domain.command import Command


class SendParticipantLink(Command):
    """To whom it is sent."""

    participant_id: UUID


async def send_participant_link(ask: SendParticipantLink, actor: Actor, work: Work) -> Participant:
    """Sends it to their own address, and shows it to nobody else. It works once, for a day; earlier ones stop working.

    `POST /participant-sessions` exchanges its code for a token.
    """
    participant = await work.participants.get(ask.participant_id)
    participant.ask_link(actor, work.now)
    await work.letters.send(Letter.to(participant, LetterKind.SIGN_IN, work.new_id(), work.now))
    return participant
