"""Refusals of new work with an organisation that was merged or closed."""

from uuid import UUID

from shared.domain.refused import Refused


class OrganisationReplaced(Refused):
    """The organisation {organisation_id} was merged into {successor_id}; name {successor_id} instead."""

    organisation_id: UUID
    successor_id: UUID


class OrganisationGone(Refused):
    """The organisation {organisation_id} was closed; nothing new can start with it."""

    organisation_id: UUID
