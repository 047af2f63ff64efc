"""The transcript of records of a stay is sent."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from services.exchanges.domain.transcript import TranscriptWanted
from shared.domain.actor import Actor


class SendTranscript(TranscriptWanted):
    """The receiving institution certifies the results of a stay."""

    mobility_id: UUID


async def send_transcript(ask: SendTranscript, actor: Actor, work: Work) -> Mobility:
    """Keeps it with the learning agreement; another one, sent before the results are recognised, corrects it."""
    mobility = await work.mobilities.get(ask.mobility_id)
    mobility.require("send transcript")
    transcript = (await work.learning_agreements.get(mobility.id)).note_results(ask, work.now)
    mobility.send_transcript(actor, transcript.sha256, transcript.credits)
    return mobility
