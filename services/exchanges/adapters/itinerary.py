"""The items of an activity in the order of time, as a PDF file in both languages."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.exchanges.adapters.activity_people import Found, find_activity, names_of
from services.exchanges.adapters.bilingual_pdf import BilingualPdf, both, chinese_day, english, english_day
from services.exchanges.domain.participant_details import Name
from shared.contracts.activity import Item
from shared.contracts.values import OrganisationId, Text
from shared.directory.organisations import Organisations
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.contact import Language
from shared.messaging.outbox import Connection
from shared.service.files import Pdf

_STATES = {
    "planned": Text(en="planned, not agreed", zh="计划中，尚未商定"),
    "cancelled": Text(en="cancelled", zh="已取消"),
}
"""What nobody should take for certain says so."""


class ItineraryOfActivity(Command):
    """Find the itinerary of an activity."""

    activity_id: UUID


async def read_itinerary(ask: ItineraryOfActivity, actor: Actor, db: Connection) -> Pdf:
    """The items in the order of time as a PDF file in English and Chinese. It names those admitted whose names you may
    read. Raises NotFound.
    """
    found = await find_activity(ask.activity_id, actor, db)
    hosts = await Organisations(db).named(found.activity.hosts)
    names = await names_of(found.activity, actor, db)
    admitted = [place.participant_id for place in found.activity.places if place.admitted]
    people = [names[id] for id in admitted if id in names]
    # Embedding a font takes half a second of the processor.
    content = await asyncio.to_thread(written, found, hosts, people)
    return Pdf(f"itinerary-{found.activity.id}.pdf", content)


def written(found: Found, hosts: Mapping[OrganisationId, Text], people: Sequence[Name] = ()) -> bytes:
    """The itinerary's file; the same for the same version of the activity and the same names."""
    activity, updated = found
    pdf = BilingualPdf(english(activity.title), updated)
    pdf.lines(*dict.fromkeys(filter(None, [activity.title.en, activity.title.zh])), size=18)
    first, last = activity.starts_on, activity.ends_on
    pdf.lines(f"{english_day(first)} – {english_day(last)} · {chinese_day(first)}至{chinese_day(last)}", above=3)
    if state := _STATES.get(activity.status):
        pdf.lines(f"Status 状态：{both(state)}")
    pdf.lines(f"Revision 版本：{activity.revision.number} · Time zone 时区：{activity.time_zone}", size=9)
    if people:
        said = (" ".join(dict.fromkeys(each.said(language) for language in Language)) for each in people)
        pdf.lines(f"Participants 参加人员：{'、'.join(said)}", above=3)
    zone, day = ZoneInfo(activity.time_zone), None
    for item in sorted(activity.items, key=lambda item: (item.starts_at, item.number)):
        starts, ends = item.starts_at.astimezone(zone), item.ends_at.astimezone(zone)
        if starts.date() != day:
            day = starts.date()
            pdf.lines(f"{english_day(day)} · {chinese_day(day)}", size=13, above=6)
        pdf.block(*_block(item, starts, ends, hosts.get(item.host)))
    return pdf.written()


def _block(item: Item, starts: datetime, ends: datetime, host: Text | None) -> list[str]:
    until = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{english_day(ends.date())} {ends:%H:%M}"
    lines = [f"{starts:%H:%M} – {until}  {both(item.title)}", f"Place 地点：{both(item.place)}"]
    return [*lines, f"Host 承办单位：{both(host)}"] if host else lines
