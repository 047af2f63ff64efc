"""The ports an installation wants; each server takes the next free one where another program has it."""

import os

from services import SERVICES
from shared.service.settings import SettingsError

MAX_SHIFT = 10_000
"""With it every port is still below those that the kernel hands out to clients."""


def shift() -> int:
    """Added to every port, so that two installations on one machine never take each other's at a restart.

    Raises SettingsError where ENTENTE_PORTS_SHIFT is none that can be added.
    """
    said = os.environ.get("ENTENTE_PORTS_SHIFT") or "0"
    if not (said.isascii() and said.isdigit()) or int(said) > MAX_SHIFT:
        raise SettingsError(f"ENTENTE_PORTS_SHIFT: write a number from 0 to {MAX_SHIFT}, and not {said!r}")
    return int(said)


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
"""Those that are wanted, in the order in which they are told."""
