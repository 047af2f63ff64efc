"""A row of the rules: who is notified of what, and when."""

from dataclasses import dataclass
from typing import NamedTuple

from services.notifications.domain.audience import Audience
from services.notifications.domain.kind import Kind
from shared.contracts.event import Event


@dataclass(frozen=True)
class Where:
    """A condition: the event's `field` is one of `values`, or none of them if `negated`."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, event: Event) -> bool:
        """Whether `event` meets the condition."""
        return (getattr(event, self.field) in self.values) is not self.negated


class Rule(NamedTuple):
    """When `event` happens and meets `where`, `audience` gets a notification of `kind`."""

    event: type[Event]
    audience: Audience
    kind: Kind
    where: Where | None = None

    def applies_to(self, event: Event) -> bool:
        """Whether this row applies to `event`."""
        return self.event is type(event) and (self.where is None or self.where.holds(event))
