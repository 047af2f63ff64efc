"""Recording who came to an item of an activity."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command


class RecordAttendance(Command):
    """A host records who came to an item, or how many where the activity is public."""

    activity_id: UUID
    number: int
    """The item's number in the activity."""
    present: Annotated[list[UUID], Field(max_length=10_000)] | None = None
    """Those who were there, by their opaque ids."""
    head_count: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    """How many were there, for a public activity."""
    chargeable: bool = False
    """Whether they paid to come; only with `head_count`."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.present is None) is (self.head_count is None):
            raise ValueError("give either `present` or `head_count`")
        if self.chargeable and self.head_count is None:
            raise ValueError("give `chargeable` only with `head_count`")
        if self.present and len(set(self.present)) < len(self.present):
            raise ValueError("name each person in `present` once")
        return self


async def record_attendance(ask: RecordAttendance, actor: Actor, work: Work) -> Activity:
    """Records it; a later record of the same item replaces it."""
    activity = await work.activities.get(ask.activity_id)
    if ask.present is not None:
        activity.record_presence(ask.number, ask.present, actor, work.now)
    elif ask.head_count is not None:
        activity.record_heads(ask.number, ask.head_count, actor, work.now, chargeable=ask.chargeable)
    return activity
