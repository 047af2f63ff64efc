"""Fills tables with many documents, made from the services' rows, for tests and measurements of lists."""

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import asyncpg
from pydantic import TypeAdapter

from shared.contracts.values import CODE
from shared.domain.actor import Actor, Role
from shared.http.documents import Documents
from shared.http.filters import PARTNER, WORDS
from shared.service.rows import Lists
from tests.harness.asked import document
from tests.harness.schemas import inline, plain

ORGANISATIONS = [uuid.UUID(int=number) for number in range(1, 1001)]
OFTEN, LATELY, SOMETIMES, RARELY = ORGANISATIONS[:4]
"""The sides of half of all documents, of the newest fifth, of one in a hundred, and of ten documents in total."""

# The document's number decides its sides; the fields that lists filter or sort by are random; texts are pages long.
FILL = """
insert into {table} (id, version, sequence, body, updated)
select uuidv7(), 1, 1, $1::jsonb || jsonb_build_object('id', gen_random_uuid(){more}), now()
from generate_series(1, $2) n
"""
SOMEBODY = "('00000000-0000-0000-0000-' || lpad(to_hex(5 + (random() * 990)::int), 12, '0'))"
SIDES = f"""case when n % 2 = 0 then to_jsonb(array['{OFTEN}', {SOMEBODY}])
    when n > $2 * 0.8 then to_jsonb(array['{LATELY}', {SOMEBODY}])
    when n % 99 = 0 then to_jsonb(array['{SOMETIMES}', {SOMEBODY}])
    when n % ($2 / 10) = 1 then to_jsonb(array['{RARELY}', {SOMEBODY}])
    else to_jsonb(array[{SOMEBODY}, {SOMEBODY}]) end"""

TITLE = """jsonb_build_object(
    'en', 'An agreement on ' || (array['Health', 'Hydrogen', 'Heritage', 'Talent'])[1 + floor(random() * 4)]
        || ' No. ' || (random() * 5000)::int,
    'zh', (array['健康', '氢能', '文化遗产', '人才'])[1 + floor(random() * 4)] || '合作协议'
        || chr(19968 + (random() * 5000)::int))"""
"""Some words are in every title, some in a quarter of the titles and some in a few."""
NAME = f"""jsonb_build_object('latin', jsonb_build_object('family', {TITLE}->>'en'),
    'chinese', jsonb_build_object('family', {TITLE}->>'zh'))"""
"""A participant's, of the same words."""


async def fill(db: asyncpg.Connection, row: Lists, number: int) -> None:
    """Fills the table of a list with `number` documents and updates the planner's statistics."""
    body = document(row.kind, OFTEN, SOMETIMES)
    schema = TypeAdapter(row.kind).json_schema(mode="serialization")
    fields = inline(schema)["properties"]
    if "text" in fields:
        body["text"] = {"en": " ".join(uuid.uuid4().hex for _ in range(100)), "zh": None}
    names = [Documents(row).filters[name].field for name in row.filters]
    named = dict.fromkeys([*names, *row.sorts, *row.search, (row.order or "").lstrip("-"), "person_id"])
    more = "".join(f", '{name}', {_random(name, fields[name])}" for name in named if name in fields)
    if "sides" in fields:
        more += f", 'sides', {SIDES}"
    table = row.kind.noun()
    await db.execute(f"truncate {table} cascade")
    await db.execute("delete from listing where kind = $1", table)
    await db.execute(FILL.format(table=table, more=more), json.dumps(body), number)
    await db.execute(f"vacuum analyze {table}")
    await db.execute("vacuum analyze listing")


def _random(name: str, schema: dict[str, Any]) -> str:
    """SQL of a random value of the field's type."""
    schema = plain(schema)
    if {"en", "zh"} <= schema.get("properties", {}).keys():
        return TITLE
    if {"latin", "chinese"} <= schema.get("properties", {}).keys():
        return NAME
    if "enum" in schema:
        values = ", ".join(f"'{value}'" for value in schema["enum"])
        return f"(array[{values}])[1 + floor(random() * {len(schema['enum'])})]"
    if schema.get("pattern") == CODE:
        return f"(array['a-{name}', 'b-{name}', 'c-{name}'])[1 + floor(random() * 3)]"
    match schema.get("type"), schema.get("format"):
        case "array", _:
            return f"to_jsonb(array[{_random(name, schema['items'])}])"
        case "boolean", _:
            return "random() < 0.5"
        case "integer", _:
            return "1 + (random() * 8)::int"
        case _, "uuid":
            return SOMEBODY
        case _, "date":
            return "(date '2020-01-01' + (random() * 3000)::int)"
        case _, "date-time":
            return (
                "to_char(timestamptz '2020-01-01' + random() * interval '3000 days', 'YYYY-MM-DD\"T\"HH24:MI:SS.USZ')"
            )
        case _ if name == "country":
            return "(array['GB', 'CN', 'DE', 'FR'])[1 + floor(random() * 4)]"
        case _:
            return f"('{name}-' || (random() * 5000)::int)"


def who(organisation: uuid.UUID, *roles: Role) -> Actor:
    """A person of an organisation."""
    return Actor(organisation, organisation, frozenset(roles), within=frozenset(ORGANISATIONS[-2:]))


def asked(row: Lists) -> Iterator[tuple[Sequence[str], str | None]]:
    """Combinations of a list's parameters (none, each alone, all) with each of its orders."""
    sorts = [None, *(f"{way}{name}" for name in row.sorts for way in ("", "-"))]
    every = Documents(row).parameters
    for names in [[], *([one] for one in every), every]:
        for sort in sorts:
            yield names, sort


def given(documents: Documents, name: str, body: dict[str, Any]) -> list[str]:
    """Values of a parameter that match the document with this body, with a further one if it accepts several."""
    if by := documents.filters.get(name):
        value = body[by.field]
        others = by.schema.get("enum", [])[:1]
        return [text(value[0] if isinstance(value, list) else value), *others]
    match name:
        case _ if name == WORDS:
            english, chinese = said(body[documents.row.search[0]])
            return [f"{english.split()[3].upper()[:4]}, {chinese[:2]}"]
        case _ if name == PARTNER:
            return [body["sides"][-1]]
        case _:
            return [body[name.rpartition("_")[0]][:10]]


def said(value: dict[str, Any]) -> tuple[str, str]:
    """A text in both languages, or a participant's family name in both scripts."""
    return (value["en"], value["zh"]) if "en" in value else (value["latin"]["family"], value["chinese"]["family"])


def text(value: Any) -> str:
    """A value as lists sort and filter by it."""
    return json.dumps(value) if isinstance(value, bool) else "" if value is None else str(value)
