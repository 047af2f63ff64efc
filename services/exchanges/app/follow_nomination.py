"""What a nomination means for the participant who is nominated: who may see their name, and what they are told."""

from services.exchanges.app.work import Work
from services.exchanges.domain.letter import Letter, LetterKind
from services.exchanges.domain.participant import Status
from shared.contracts.mobility import (
    MobilityApproved,
    MobilityCancelled,
    MobilityCorrected,
    MobilityNominated,
    MobilityRejected,
)

Told = MobilityNominated | MobilityCorrected | MobilityApproved | MobilityRejected | MobilityCancelled
LETTERS: dict[type[Told], LetterKind] = {
    MobilityNominated: LetterKind.NOMINATED,
    MobilityCorrected: LetterKind.NOMINATED,
    MobilityApproved: LetterKind.APPROVED,
    MobilityRejected: LetterKind.DECLINED,
    MobilityCancelled: LetterKind.WITHDRAWN,
}


async def follow_nomination(event: Told, work: Work) -> None:
    """Shows the record to the receiving institution while the nomination stands, and writes to the participant.

    A nominee who is no participant is told by their institution.
    """
    participant = await work.participants.find(event.participant_id)
    if participant is None or participant.status is Status.ERASED:
        return
    if isinstance(event, MobilityNominated | MobilityCorrected):
        participant.share_with(event.receiving, event.mobility_id)
    elif isinstance(event, MobilityRejected | MobilityCancelled):
        participant.withdraw_from(event.receiving, event.mobility_id)
    letter = Letter.to(participant, LETTERS[type(event)], event.envelope.id, work.now, about=event.programme_title)
    await work.letters.send(letter)
