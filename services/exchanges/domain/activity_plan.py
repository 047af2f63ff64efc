"""What an activity is, as it is planned: its organisations, its items and its numbers."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from services.exchanges.domain.activity_kinds import ActivityKind, ItemKind, Part, rules_of
from shared.contracts.activity import Item
from shared.contracts.agreement import Revision
from shared.contracts.values import AreaCode, Instant, OrganisationId, Text, Zone
from shared.domain.command import Command
from shared.domain.refused import Invalid


class WantedItem(Command):
    """A session, stop, performance or exhibition. Items are numbered in the order given."""

    kind: ItemKind
    title: Text
    host: OrganisationId
    """One of the hosts of the activity."""
    place: Text
    starts_at: Instant
    ends_at: Instant


WantedItems = Annotated[list[WantedItem], Field(min_length=1, max_length=200)]


class ActivityPlan(Command):
    """An activity with its hosts and its items, under an agreement."""

    kind: ActivityKind
    title: Text
    area: AreaCode
    agreement_id: UUID
    """An agreement in force that covers the area and names the organisations."""
    initiative_id: UUID | None = None
    """An active initiative of the agreement that it belongs to, if any."""
    organiser: OrganisationId
    """The organisation that plans it; it may be a host too."""
    hosts: Annotated[list[OrganisationId], Field(min_length=1, max_length=20)]
    """The organisations that receive people; each agrees to the plan."""
    senders: Annotated[list[OrganisationId], Field(max_length=50)] = Field(default_factory=list[OrganisationId])
    """The organisations whose people take part; none where it is public."""
    time_zone: Zone
    """In which its days begin and end."""
    items: WantedItems
    capacity: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """The most people admitted; for what people enrol in."""
    attendance_needed: Annotated[int, Field(ge=1, le=100)] | None = None
    """The percentage of its sessions that earns a certificate; where there are certificates."""

    @property
    def organisations(self) -> list[OrganisationId]:
        """All its organisations, each once."""
        return list(dict.fromkeys([self.organiser, *self.hosts, *self.senders]))

    def check(self) -> None:
        """Raises Invalid unless its parts fit together and suit its kind."""
        parts = rules_of(self.kind).parts
        if len(set(self.hosts)) < len(self.hosts) or len(set(self.senders)) < len(self.senders):
            raise Invalid(reason="name each host once, and each sending organisation once")
        if bool(self.senders) is (Part.HEAD_COUNT in parts):
            raise Invalid(reason="`senders` says who takes part, and nobody where an activity is public")
        if (self.capacity is not None) is not (Part.ENROLMENT in parts):
            raise Invalid(reason="give a `capacity` where people enrol, and only there")
        if (self.attendance_needed is not None) is not (Part.CERTIFICATES in parts):
            raise Invalid(reason="give `attendance_needed` where there are certificates, and only there")

    def numbered(self) -> list[Item]:
        """Its items as the activity keeps them; raises Invalid as `numbered` does."""
        return numbered(self.items, self.kind, self.hosts)


def numbered(items: Sequence[WantedItem], kind: str, hosts: Collection[OrganisationId]) -> list[Item]:
    """The items with their numbers; raises Invalid for one of another kind, of no host, or that ends too early."""
    if any(item.kind not in rules_of(kind).items for item in items):
        raise Invalid(reason=f"the items of a {kind} are of the kind {' or '.join(rules_of(kind).items)}")
    if any(item.host not in hosts for item in items):
        raise Invalid(reason="the `host` of an item is one of the hosts of the activity")
    if any(item.ends_at <= item.starts_at for item in items):
        raise Invalid(reason="an item ends after it starts")
    return [Item.model_validate({"number": n, **dict(item)}) for n, item in enumerate(items, 1)]


def days_of(items: Sequence[Item], zone: str) -> tuple[date, date]:
    """The first and the last day of `items` in the IANA time zone `zone`."""
    here = ZoneInfo(zone)
    starts, ends = min(item.starts_at for item in items), max(item.ends_at for item in items)
    return starts.astimezone(here).date(), ends.astimezone(here).date()


def revision_of(number: int, plan: Mapping[str, object]) -> Revision:
    """The revision that the hosts agree to: SHA-256 over the plan as RFC 8785 writes it."""
    # Without fractions and with ASCII keys, sorting the keys is enough.
    text = json.dumps(dict(plan), ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)
    return Revision(number=number, sha256=hashlib.sha256(text.encode()).hexdigest())


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, Item | Text) else str(value)
