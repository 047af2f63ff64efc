"""The copy of organisations and people, filled from the events of `partners`."""

from collections.abc import Sequence

from shared.contracts.event import Tombstone
from shared.contracts.organisation import OrganisationEvent
from shared.contracts.person import PersonEvent, PersonState
from shared.messaging.outbox import Connection
from shared.messaging.reactions import projection

ORGANISATIONS = """insert into directory_organisation
    (id, parent_id, kind, name_en, name_zh, country, status, successor_id)
    select * from unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[])
    on conflict (id) do update set parent_id = excluded.parent_id, kind = excluded.kind, name_en = excluded.name_en,
        name_zh = excluded.name_zh, country = excluded.country, status = excluded.status,
        successor_id = excluded.successor_id"""
FORGET_IDENTIFIERS = "delete from directory_identifier where organisation_id = any($1)"
IDENTIFIERS = """insert into directory_identifier (scheme, value, organisation_id)
    select * from unnest($1::text[], $2::text[], $3::uuid[]) on conflict do nothing"""
FORGET_PEOPLE = """with a as (delete from directory_account where person_id = any($1)),
    o as (delete from directory_office where person_id = any($1))
    delete from directory_person where id = any($1)"""
# The answers that are kept for repeated requests: theirs, and those to others about them.
FORGET_ANSWERS = """delete from idempotency i where actor = any($1::text[])
    or exists (select from unnest($1::text[]) as erased (id) where strpos(i.body, erased.id) > 0)"""
PEOPLE = """insert into directory_person (id, name_en, name_zh)
    select * from unnest($1::uuid[], $2::text[], $3::text[])"""
# An account that moved to another person belongs to the newest state that names it, in whatever order they come.
ACCOUNTS = """insert into directory_account (issuer, subject, person_id, stated_at)
    select distinct on (i, s) * from unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[]) u(i, s, p, at)
    order by i, s, at desc
    on conflict (issuer, subject) do update set person_id = excluded.person_id, stated_at = excluded.stated_at
        where excluded.stated_at >= directory_account.stated_at"""
OFFICES = """insert into directory_office
    (id, person_id, organisation_id, title_en, title_zh, roles, since, until, accepted)
    select i, p, o, e, z, string_to_array(r, ','), s, u, a
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
        $7::timestamptz[], $8::timestamptz[], $9::boolean[]) given(i, p, o, e, z, r, s, u, a)"""


async def organisations(events: Sequence[OrganisationEvent], db: Connection) -> None:
    """The newest of each organisation."""
    rows = list({event.organisation_id: event for event in events}.values())
    await db.execute(
        ORGANISATIONS, [e.organisation_id for e in rows], [e.parent_id for e in rows], [e.kind for e in rows],
        [e.name.en for e in rows], [e.name.zh for e in rows], [e.country for e in rows],
        [e.status for e in rows], [e.successor_id for e in rows],
    )  # fmt: skip
    identifiers = [(i.scheme, i.value, e.organisation_id) for e in rows for i in e.identifiers]
    await db.execute(FORGET_IDENTIFIERS, [e.organisation_id for e in rows])
    if identifiers:
        await db.execute(IDENTIFIERS, *zip(*identifiers, strict=True))


async def people(events: Sequence[PersonEvent | Tombstone], db: Connection) -> None:
    """The newest state of each person; nothing at all of one that was erased."""
    newest = {event.envelope.subject: event for event in events}
    await db.execute(FORGET_PEOPLE, list(newest))
    rows = [event for event in newest.values() if isinstance(event, PersonState)]
    if erased := [id for id, event in newest.items() if isinstance(event, Tombstone)]:
        await db.execute(FORGET_ANSWERS, erased)
    await db.execute(PEOPLE, [p.person_id for p in rows], [p.name.en for p in rows], [p.name.zh for p in rows])
    accounts = [(account, p) for p in rows for account in p.accounts]
    await db.execute(
        ACCOUNTS, [a.issuer for a, _ in accounts], [a.subject for a, _ in accounts],
        [p.person_id for _, p in accounts], [p.envelope.time for _, p in accounts],
    )  # fmt: skip
    offices = [
        (o.office_id, p.person_id, o.organisation_id, o.title.en, o.title.zh, ",".join(o.roles), o.since, o.until, held)
        for p in rows for held, some in ((True, p.offices), (False, p.offered)) for o in some
    ]  # fmt: skip
    if offices:
        await db.execute(OFFICES, *zip(*offices, strict=True))


directory = [
    projection(organisations, tables=["directory_organisation", "directory_identifier"]),
    projection(people, tables=["directory_person", "directory_account", "directory_office"]),
]
"""The two projections of the directory: every service but `partners` has them in its consumer `copies`."""
