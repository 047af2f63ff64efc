"""Every service of Entente, by name."""

from collections.abc import Callable, Mapping

from services.exchanges.main import exchanges
from services.notifications.main import notifications
from services.partners.main import partners
from shared.platform.service import Service
from shared.platform.settings import Settings

SERVICES: Mapping[str, Callable[[Settings], Service]] = {
    "partners": partners,
    "exchanges": exchanges,
    "notifications": notifications,
}
"""The service's name and what makes it; in the order in which they are started."""
