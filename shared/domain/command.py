"""What a use case is asked to do."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, model_validator

from shared.contracts.values import ASKED


class Command(BaseModel):
    """A request, checked before anything is loaded: frozen, unknown fields refused. Path parameters are fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="wrap")
    @classmethod
    def _asked(cls, given: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        before = ASKED.set(True)
        try:
            return check(given)
        finally:
            ASKED.reset(before)


class Due(Command):
    """A timer's request: the aggregate, the timer's kind and when it fell due."""

    aggregate_id: UUID
    kind: str
    at: datetime
