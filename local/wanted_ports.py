"""The ports an installation prefers. If another program has one, the server takes the next free port."""

import os

from services import SERVICES
from shared.service.settings import SettingsError

MAX_SHIFT = 10_000
"""Keeps every port below those that the kernel gives to clients."""


def shift() -> int:
    """Return ENTENTE_PORTS_SHIFT. It is added to every port, so that two installations never take each other's.

    Raises SettingsError if it is not a number in range.
    """
    text = os.environ.get("ENTENTE_PORTS_SHIFT") or "0"
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_SHIFT:
        raise SettingsError(f"ENTENTE_PORTS_SHIFT: write a number from 0 to {MAX_SHIFT}, not {text!r}")
    return int(text)


SHIFT = shift()
FIRST_PORT, ISSUER_PORT, MAILBOX_PORT, SMTP_PORT = 8081 + SHIFT, 8090 + SHIFT, 8091 + SHIFT, 2525 + SHIFT
KAFKA_PORT, POSTGRES_PORT = 19092 + SHIFT, 15432 + SHIFT
PORTS = (
    *range(FIRST_PORT, FIRST_PORT + len(SERVICES)),
    ISSUER_PORT,
    MAILBOX_PORT,
    SMTP_PORT,
    KAFKA_PORT,
    POSTGRES_PORT,
)
"""All of them, in the order in which `entente doctor` lists them."""
