"""Participants: students and others who take part and are not in the directory. An opaque id, and nothing personal."""

from uuid import UUID

from shared.contracts.family import AggregateEvent


class ParticipantEvent(AggregateEvent, topic="entente.exchanges.participant"):
    """Something happened to the record of a participant."""

    participant_id: UUID
    """An opaque id. Who may know the name reads it in exchanges."""


class ParticipantRegistered(ParticipantEvent, fact="registered"):
    """The home institution entered somebody who will take part."""


class ParticipantCorrected(ParticipantEvent, fact="corrected"):
    """The home institution corrected the record."""


class ParticipantErased(ParticipantEvent, fact="erased"):
    """All that identified the person is gone; the id stays in what they took part in. `by` is null when the retention
    was over, or the same person was erased from the directory."""
