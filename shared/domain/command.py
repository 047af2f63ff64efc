"""What is asked of a use case."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """What is asked, checked before anything is loaded: frozen, unknown fields refused. Path parameters are fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Due(Command):
    """What a timer asks: the aggregate whose `kind` falls due, and since when."""

    aggregate_id: UUID
    kind: str
    at: datetime
