"""The part of the guide's listing on what can be expected: documents, messages, events, problems."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from scenarios.catalogue import Catalogue, Documents
from scenarios.schema import INBOX
from services.notifications.domain.audience import Audience
from services.notifications.domain.rules import RULES, Rule
from shared.domain.refused import Refused
from shared.service.work import adapter

Schema = Mapping[str, Any]


def documents_of(rows: Catalogue, values: Iterable[str]) -> Iterator[str]:
    """A line for each document with its fields; closed lists that are not among `values` are told in place."""
    for service, own in rows.documents.items():
        yield from ("", f"**`{service}`**", "")
        for each in own.values():
            if (service, each.name) != INBOX:
                yield _document(each, set(values))


def _document(documents: Documents, values: set[str]) -> str:
    schema = adapter(documents.shows).json_schema(mode="serialization")
    filters = [] if documents.beside else documents.row.filters
    found = f" (found by {words(filters)})" if filters else ""
    fields = (_field(name, each, schema.get("$defs", {}), values) for name, each in schema["properties"].items())
    return f"- `{documents.name}`{found}: {', '.join(fields)}"


def _field(name: str, field: Schema, definitions: Schema, values: set[str]) -> str:
    said = "" if name.endswith("id") else _said(field, definitions, values)
    return f"`{name}` ({said})" if said else f"`{name}`"


def _said(field: Schema, definitions: Schema, values: set[str]) -> str:
    """What a field holds, in words; nothing of a plain text or number."""
    real = next(each for each in field.get("anyOf", [field]) if each != {"type": "null"})
    if "$ref" in real:
        name = real["$ref"].rsplit("/", 1)[-1]
        return f"*{name}*" if name in values else _told(definitions[name], definitions, values)
    for key, kind in (("items", "a list"), ("additionalProperties", "a mapping")):
        if isinstance(real.get(key), Mapping):
            by, each = (_said(real.get(part, {}), definitions, values) for part in ("propertyNames", key))
            return f"{kind}{by and f' by {by}'}{each and f', each {each}'}"
    return {"uuid": "*id*", "date": "*day*"}.get(real.get("format", ""), "")


def _told(definition: Schema, definitions: Schema, values: set[str]) -> str:
    """A closed list; or the names of fields, and of what is within them closed lists alone."""
    if "enum" in definition:
        return closed(definition)
    fields = definition.get("properties", {})
    lists = {name: _said(each, definitions, values) for name, each in fields.items() if "$ref" in each}
    told = (f"`{n}` ({lists[n]})" if lists.get(n, "").startswith("one of") else f"`{n}`" for n in fields)
    return f"with {', '.join(told)}"


def messages() -> Iterator[str]:
    """A table: each kind of message, of which event, and who is told of it."""
    yield from ("| kind | event | who is told |", "|---|---|---|")
    for (event, kind), rules in groupby(RULES, key=lambda rule: (rule.event, rule.kind)):
        yield f"| `{kind}` | `{event.type}` | {'; '.join(_audience(rule) for rule in rules)} |"


def _audience(rule: Rule) -> str:
    audience: Audience = rule.audience
    within = ", or within" if audience.within else ""
    return f"{words(audience.roles)} of its {words(audience.at)}{within}{_where(rule)}"


def _where(rule: Rule) -> str:
    if rule.where is None:
        return ""
    values = " or ".join(f"`{value}`" for value in rule.where.values)
    return f", where its `{rule.where.field}` is {values}"


def events(rows: Catalogue) -> Iterator[str]:
    """A line for each service with the types of its events."""
    by = rows.events
    for service in dict.fromkeys(by.values()):
        yield f"- {service}: {words(sorted(type for type, its in by.items() if its == service))}"


def problems(rows: Catalogue) -> Iterator[str]:
    """A line for each problem with its sentence, and where more is said of it."""
    for slug, refused in rows.refusals.items():
        yield f"- [`{slug}`](problems.md#{slug}): {_sentence(refused)}"


def _sentence(refused: type[Refused]) -> str:
    return re.sub(r"{(\w+)}", lambda fact: f"*{fact[1].replace('_', ' ')}*", refused.sentence())


def closed(schema: Schema) -> str:
    """The values of a closed list."""
    return f"one of {words(schema['enum'])}"


def words(names: Iterable[str]) -> str:
    """Names as they are written in a file."""
    return ", ".join(f"`{name}`" for name in names)
