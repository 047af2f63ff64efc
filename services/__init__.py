"""Lists Entente's services by name. Each is imported only when created, because a process serves at most one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.database.migrations import Folders
    from shared.service.rows import Service
    from shared.service.settings import Settings


def _partners(settings: Settings) -> Service:
    from services.partners.main import partners

    return partners(settings)


def _exchanges(settings: Settings) -> Service:
    from services.exchanges.main import exchanges

    return exchanges(settings)


def _notifications(settings: Settings) -> Service:
    from services.notifications.main import notifications

    return notifications(settings)


def _commercialisation(settings: Settings) -> Service:
    from services.commercialisation.main import commercialisation

    return commercialisation(settings)


SERVICES: Mapping[str, Callable[[Settings], Service]] = {
    "partners": _partners,
    "exchanges": _exchanges,
    "notifications": _notifications,
    "commercialisation": _commercialisation,
}
"""Service names and the functions that create them, in the order in which `up` assigns ports."""


def migrations_of(name: str) -> Folders:
    """The folders of migrations of a service's schema."""
    from shared.service.settings import Settings

    return SERVICES[name](Settings.model_construct()).migrations
