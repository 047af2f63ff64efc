"""What commercialisation holds of people."""

from shared.service.held import FOR_THE_RECORD
from shared.service.rows import holds

HELD = [
    holds("offer", what="Who published it.", until=FOR_THE_RECORD),
    holds("need", what="Who published it.", until=FOR_THE_RECORD),
    holds("match", what="Who accepted it and signed the confidentiality.", until=FOR_THE_RECORD),
    holds("deal", what="Who signed it and confirmed milestones.", until=FOR_THE_RECORD),
]
