"""A participant is told what became of their nomination."""

from services.exchanges.app.work import Work
from services.exchanges.domain.letter import Letter, LetterKind
from services.exchanges.domain.participant import Status
from shared.contracts.exchange import ExchangeApproved, ExchangeDeclined, ExchangeNominated, ExchangeWithdrawn

TOLD: dict[type[ExchangeNominated | ExchangeApproved | ExchangeDeclined | ExchangeWithdrawn], LetterKind] = {
    ExchangeNominated: LetterKind.NOMINATED,
    ExchangeApproved: LetterKind.APPROVED,
    ExchangeDeclined: LetterKind.DECLINED,
    ExchangeWithdrawn: LetterKind.WITHDRAWN,
}


async def tell_participant(
    event: ExchangeNominated | ExchangeApproved | ExchangeDeclined | ExchangeWithdrawn, work: Work
) -> None:
    """Sends a letter to a nominee who is a participant; others are told by their institution."""
    participant = await work.participants.find(event.nominee)
    if participant is None or participant.status is Status.ERASED:
        return
    letter = Letter.to(participant, TOLD[type(event)], event.envelope.id, work.now, about=event.programme_title)
    await work.letters.send(letter)
