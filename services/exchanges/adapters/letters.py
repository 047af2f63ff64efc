"""Letters: handed out as ids, and written when they are sent, so that neither name, address nor code is stored."""

from services.exchanges.adapters.participant_access import ParticipantAccess
from services.exchanges.domain.letter import Letter, LetterKind, written
from services.exchanges.domain.participant import Participant
from shared.mail.smtp import Message
from shared.messaging.envelope import new_id
from shared.messaging.outbox import Connection
from shared.service.outgoing import enqueue
from shared.service.settings import Settings
from shared.service.work import adapter

KIND = "letter"
# Kept from being erased until the code of a link is stored: the erasure then finds it.
_PARTICIPANT = "select body from participant where id = $1 for share"


class LetterTable:
    """The `Letters` of the use cases."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def send(self, letter: Letter) -> None:
        """Sends it after this work commits, to the address that they then have; once for each id."""
        await enqueue(self._db, letter.id, KIND, letter)


async def write_letter(letter: Letter, db: Connection, settings: Settings) -> Message | None:
    """The mail, with name, address and, to sign in, a code that did not exist before; None for somebody erased."""
    participant: Participant = adapter(Participant).validate_json(
        await db.fetchval(_PARTICIPANT, letter.participant_id)
    )
    if participant.email is None:
        return None
    signs_in = letter.kind is LetterKind.SIGN_IN
    code = await ParticipantAccess(db).offer(participant.id) if signs_in else ""
    link = f"{settings.participant_page}#{code}" if settings.participant_page else code
    subject, text = written(letter, participant, link)
    # A second attempt has another code: it must not be taken for a duplicate of a mail whose code is void.
    id = new_id() if signs_in else letter.id
    return Message(id=id, to=participant.email, subject=subject, text=text, language=participant.language, at=letter.at)
