"""What an enrolment or an admission means for the participant: who may see their name, and what they are told."""

from services.exchanges.app.work import Work
from services.exchanges.domain.letter import Letter, LetterKind
from services.exchanges.domain.participant import Status
from shared.contracts.activity import (
    ActivityParticipantAdmitted,
    ActivityParticipantDeclined,
    ActivityParticipantEnrolled,
    ActivityParticipantWithdrawn,
)

Told = (
    ActivityParticipantEnrolled
    | ActivityParticipantAdmitted
    | ActivityParticipantDeclined
    | ActivityParticipantWithdrawn
)
LETTERS: dict[type[Told], LetterKind] = {
    ActivityParticipantEnrolled: LetterKind.ENROLLED,
    ActivityParticipantAdmitted: LetterKind.ADMITTED,
    ActivityParticipantDeclined: LetterKind.ENROLMENT_DECLINED,
    ActivityParticipantWithdrawn: LetterKind.ENROLMENT_WITHDRAWN,
}


async def follow_enrolment(event: Told, work: Work) -> None:
    """Shows the record to the hosts while the person takes part, and writes to the participant.

    An invitation shows and tells nothing until the person's own organisation accepts it. Somebody who is no participant
    is told by their organisation.
    """
    participant = await work.participants.find(event.participant_id)
    if participant is None or participant.status is Status.ERASED:
        return
    if isinstance(event, ActivityParticipantEnrolled | ActivityParticipantAdmitted):
        for host in event.hosts:
            participant.share_with(host, event.activity_id)
    elif participant.is_known_for(event.activity_id):
        for host in event.hosts:
            participant.withdraw_from(host, event.activity_id)
    else:
        return
    letter = Letter.to(participant, LETTERS[type(event)], event.envelope.id, work.now, about=event.title)
    await work.letters.send(letter)
