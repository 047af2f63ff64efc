"""Delivered events, and the two institutions they concern."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from services.notifications.domain.audience import Addressee, Recipients
from services.notifications.domain.notice import Notice
from services.notifications.domain.rules import Rule
from services.notifications.domain.write import Organisation
from shared.contracts.event import Envelope, Event
from shared.contracts.examples import BIRMINGHAM, NANJING, example
from shared.contracts.values import Text

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ORGANISATIONS = {
    UUID(BIRMINGHAM): Organisation(Text(en="University of Birmingham", zh="伯明翰大学"), "GB"),
    UUID(NANJING): Organisation(Text(en="Nanjing Municipal Government", zh="南京市人民政府"), "CN"),
    UUID(int=3): Organisation(Text(zh="中国研究院"), "GB"),
}


def delivered(kind: type[Event], id: UUID | None = None, /, **said: Any) -> Event:
    """An example of the event with the fields `said`, delivered."""
    event = kind.model_validate(example(kind) | said)
    envelope = Envelope(id or uuid4(), kind.type, str(UUID(int=7)), 1, NOW, "/entente/partners")
    return event.within(envelope)


def notice_of(kind: type[Event], /, **fields: Any) -> Notice:
    """The notice for an example of the event; fails if no one is notified of it."""
    notice = Notice.of(delivered(kind, **fields))
    assert notice is not None
    return notice


def saying(rule: Rule) -> dict[str, Any]:
    """The field value that makes the rule apply to an event."""
    if rule.where is None:
        return {}
    return {rule.where.field: "another-code" if rule.where.negated else rule.where.values[0]}


def addressee(group: Recipients, organisation: UUID | None = None) -> Addressee:
    """A person of `group` in its first organisation, or in `organisation`, a part of that."""
    side = group.organisations[0]
    return Addressee(uuid4(), group.roles[0], organisation or side, side)
