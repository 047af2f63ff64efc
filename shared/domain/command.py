"""Commands: the requests of use cases."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """A request, checked before anything is loaded: frozen, unknown fields refused. Path parameters are fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Due(Command):
    """A timer's request: the aggregate, the timer's kind and when it fell due."""

    aggregate_id: UUID
    kind: str
    at: datetime
