"""Technology needs: what an organisation looks for and would bring into use with a partner."""

from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.technology import CooperationForm, Readiness, TechnologyField
from shared.contracts.values import Area, Document, OrganisationId, Signatory, Text


class NeedEvent(Event, topic="entente.commercialisation.need"):
    """Something happened to a technology need."""

    need_id: UUID
    organisation_id: OrganisationId
    """The organisation that looks for a technology."""
    agreement_id: UUID
    area: Area
    """Always commercialisation; the agreement covers it."""
    title: Text
    technology_field: TechnologyField
    least_trl: Readiness
    """The least readiness level that is wanted."""
    forms: list[CooperationForm]
    """The forms of cooperation that the organisation would enter into, at least one, each once."""


class NeedPublished(NeedEvent, fact="published"):
    """A need is made known to all who read."""

    summary: Document
    by: Signatory


class NeedWithdrawn(NeedEvent, fact="withdrawn"):
    """The organisation needs it no longer; its open matches lapse, running deals go on."""

    reason: Text
    by: Signatory


class NeedClosed(NeedEvent, fact="closed"):
    """The agreement that the need stood under is over; its open matches lapse, running deals go on."""

    reason: Text
