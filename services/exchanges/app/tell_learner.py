"""What becomes of a learning agreement, for the person who goes: they are written to."""

from services.exchanges.app.work import Work
from services.exchanges.domain.letter import Letter, LetterKind
from services.exchanges.domain.participant import Status
from shared.contracts.learning_agreement import (
    LearningAgreementApproved,
    LearningAgreementDrafted,
    LearningAgreementRevised,
)
from shared.contracts.mobility import MobilityRecognised, MobilityTranscriptSent

Told = (
    LearningAgreementDrafted
    | LearningAgreementRevised
    | LearningAgreementApproved
    | MobilityTranscriptSent
    | MobilityRecognised
)
LETTERS: dict[type[Told], LetterKind] = {
    LearningAgreementDrafted: LetterKind.TO_SIGN,
    LearningAgreementRevised: LetterKind.TO_SIGN,
    LearningAgreementApproved: LetterKind.IN_FORCE,
    MobilityTranscriptSent: LetterKind.RESULTS,
    MobilityRecognised: LetterKind.RECOGNISED,
}


async def tell_learner(event: Told, work: Work) -> None:
    """Writes to the participant, unless they are erased; a person of the directory is told by their institution."""
    participant = await work.participants.find(event.participant_id)
    if participant is None or participant.status is Status.ERASED:
        return
    letter = Letter.to(participant, LETTERS[type(event)], event.envelope.id, work.now, about=event.programme_title)
    await work.letters.send(letter)
