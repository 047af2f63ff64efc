"""What exchanges holds of people."""

from services.exchanges.activities import ACTIVITY_HELD
from services.exchanges.learning import LEARNING_HELD
from services.exchanges.participants import PARTICIPANT_HELD
from shared.service.held import FOR_THE_RECORD
from shared.service.rows import holds

HELD = [
    *PARTICIPANT_HELD,
    *LEARNING_HELD,
    holds("programme", what="Who proposed and agreed it.", until=FOR_THE_RECORD),
    holds("call", what="Who is nominated, by the opaque id.", until=FOR_THE_RECORD),
    *ACTIVITY_HELD,
    holds("mobility", what="Who goes, when and how it went, by the opaque id.", until=FOR_THE_RECORD),
]
