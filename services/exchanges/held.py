"""What exchanges holds of people."""

from services.exchanges.participants import PARTICIPANT_HELD
from shared.service.held import FOR_THE_RECORD
from shared.service.rows import holds

HELD = [
    *PARTICIPANT_HELD,
    holds("programme", what="Who proposed and agreed it.", until=FOR_THE_RECORD),
    holds("call", what="Who is nominated, by the opaque id.", until=FOR_THE_RECORD),
    holds(
        "exchange",
        what="Who nominated, who approved, and who goes: by the opaque id, and by name where the coordinator gave one.",
        until="As long as the document; the name until the person is erased.",
    ),
]
