"""What becomes of an activity, for all who take part: they are written to."""

from collections.abc import Iterable
from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from services.exchanges.domain.letter import Letter, LetterKind
from shared.contracts.activity import ActivityCancelled, ActivityCertificatesIssued, ActivityClosed, ActivityPostponed

Told = ActivityPostponed | ActivityCancelled | ActivityCertificatesIssued | ActivityClosed
LETTERS: dict[type[Told], LetterKind] = {
    ActivityPostponed: LetterKind.POSTPONED,
    ActivityCancelled: LetterKind.CANCELLED,
    ActivityCertificatesIssued: LetterKind.CERTIFIED,
}
"""Nobody is told that it is closed: for those who took part nothing follows from that."""


async def tell_participants(event: Told, work: Work) -> None:
    """Writes to each participant who knows of the activity. Once it is over, the hosts see their records no more."""
    activity = await work.activities.get(event.activity_id)
    for participant_id in sorted(_concerned(event, activity)):
        participant = await work.participants.find(participant_id)
        if participant is None or not participant.is_known_for(activity.id):
            continue
        if isinstance(event, ActivityCancelled | ActivityClosed):
            for host in event.hosts:
                participant.withdraw_from(host, activity.id)
        if kind := LETTERS.get(type(event)):
            letter = Letter.to(participant, kind, event.envelope.id, work.now, about=event.title)
            await work.letters.send(letter)


def _concerned(event: Told, activity: Activity) -> Iterable[UUID]:
    if isinstance(event, ActivityCertificatesIssued):
        issued = activity.certificates[event.first - 1 :][: event.issued]
        return [certificate.participant_id for certificate in issued]
    return [place.participant_id for place in activity.places]
