"""Mobilities: one person goes from one institution to another, from the nomination to recognised results."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.credit import Credit
from shared.contracts.family import ReasonedEvent
from shared.contracts.programme import WithinProgramme
from shared.contracts.values import Code, Day, Sha256


class MobilityEvent(WithinProgramme, topic="entente.exchanges.mobility"):
    """Something happened to a mobility. The person appears by an opaque id, never by name."""

    mobility_id: UUID
    call_id: UUID
    participant_id: UUID
    """The person nominated, by an opaque id."""
    rank: Annotated[int, Field(ge=1, le=100_000, examples=[1])]
    """The sending institution's order of its nominations in the call: 1 comes first."""


class MobilityNominated(MobilityEvent, fact="nominated"):
    """The sending institution nominated a person: `pending` where there is a place for this rank, else `waiting`."""


class MobilityApproved(MobilityEvent, fact="approved"):
    """The receiving institution approved the nomination: the person has a place."""


class MobilityRejected(MobilityEvent, ReasonedEvent, fact="rejected"):
    """The receiving institution rejected the nomination. The sending one can correct it."""


class MobilityCorrected(MobilityEvent, fact="corrected"):
    """The sending institution corrected a rejected nomination: it is `pending` or `waiting` again."""


class MobilityMovedUp(MobilityEvent, fact="moved-up"):
    """A place was freed, and this is the next nomination on the waiting list: the receiving institution decides it."""


class MobilityMovedBack(MobilityEvent, fact="moved-back"):
    """A nomination with a better rank came before it was decided, so it waits for a place."""


class MobilityLive(MobilityEvent, fact="live"):
    """The learning agreement is signed by all three, and the sending institution declared that the person goes."""


class MobilityArrived(MobilityEvent, fact="arrived"):
    """The receiving institution recorded the arrival."""

    arrived_on: Day


class MobilityDeparted(MobilityEvent, fact="departed"):
    """The receiving institution recorded the departure."""

    arrived_on: Day
    departed_on: Day


class MobilityNoShow(MobilityEvent, fact="no-show"):
    """The receiving institution recorded that the person did not come."""


class MobilityInterrupted(MobilityEvent, ReasonedEvent, fact="interrupted"):
    """The stay was broken off. After force majeure it is still `live`, and what was done can be recognised."""

    interrupted_on: Day
    """The last day of the stay."""


class MobilityTranscriptSent(MobilityEvent, fact="transcript-sent"):
    """The receiving institution sent the transcript of records, or a corrected one. It stands with the learning
    agreement."""

    sha256: Sha256
    """Over the transcript, in canonical form (RFC 8785)."""
    credits: list[Credit] = Field(examples=[[{"scheme": "chinese-credits", "value": "12.00"}]])
    """The sum of what was passed, in each scheme."""


class MobilityRecognised(MobilityEvent, fact="recognised"):
    """The sending institution recognised the results. Nothing changes after this."""

    credits: list[Credit] = Field(examples=[[{"scheme": "ects", "value": "24.00"}]])
    """The sum of what is recognised, in each scheme of the sending institution."""


class MobilityCancellationRequested(MobilityEvent, ReasonedEvent, fact="cancellation-requested"):
    """The receiving institution asked the sending one to cancel."""


class MobilityCancelled(MobilityEvent, ReasonedEvent, fact="cancelled"):
    """The sending institution cancelled, or its time for a decision ran out. A place that is not used is free again."""

    before: Code = Field(examples=["approved"])
    """The status before."""
