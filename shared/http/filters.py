"""Filters of lists: values of a field, a range of days, a partner, words. Each is a condition in SQL."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from shared.contracts.values import CODE

PARTNER, WORDS = "partner", "q"


class Sql(NamedTuple):
    """A piece of a statement; `{0}` in it is the first of its values."""

    text: str
    values: Sequence[object]

    def numbered(self, parameters: list[object]) -> str:
        """The text with `$n` for each of its values, which are added to the parameters of the statement."""
        parameters.extend(self.values)
        first = len(parameters) - len(self.values) + 1
        return self.text.format(*(f"${first + n}" for n in range(len(self.values))))


class Condition(NamedTuple):
    """A condition on the documents of a page."""

    test: Sql
    """Over `l`, a row of `listing`."""
    ids: Sql | None
    """The ids of all documents that meet it, where an index finds them."""


@dataclass(frozen=True, slots=True)
class Filter:
    """How a list is filtered by one field: equality with it, or membership in a list of that name."""

    field: str
    schema: dict[str, Any]
    """JSON Schema of the values to filter by."""
    component: str | None
    """The component of that schema in the OpenAPI document, if it is one."""
    is_list: bool

    @property
    def few(self) -> bool:
        """Whether the field has few values, so that an index on it would find too many documents."""
        closed = "enum" in self.schema or self.schema.get("type") == "boolean"
        return closed or self.schema.get("pattern") == CODE

    def condition(self, table: str, values: Sequence[str]) -> Condition:
        """That the field has one of these values."""
        if self.few:
            # Containment, since Postgres knows the frequent values of `said` and so how far it must scan for a page.
            said = [json.dumps({self.field: self._in_listing(value)}) for value in values]
            test = " or ".join(f"l.said @> {{{n}}}::jsonb" for n in range(len(said)))
            return Condition(Sql(f"({test})", said), None)
        one = f"body->'{self.field}' ?| {{0}}::text[]"
        if not self.is_list:
            one = f"coalesce(body->>'{self.field}', '') = any({{0}}::text[])"
        return _stored(table, Sql(one, [list(values)]))

    def _in_listing(self, value: str) -> object:
        typed = value == "true" if self.schema.get("type") == "boolean" else value
        return [typed] if self.is_list else typed


def within(table: str, field: str, first: str | None, last: str | None, *, sort: str, scopes: list[str]) -> Condition:
    """That a day, or the day of an instant in UTC, is neither before `first` nor after `last`."""
    after = str(date.fromisoformat(last) + timedelta(days=1)) if last else "a"
    ends = [first or "0", after]  # an empty value sorts before "0", a day before "a"
    if field == sort:
        return Condition(Sql("l.value >= {0} and l.value < {1}", ends), None)
    said = f"l.said->>'{field}'"
    ids = f"""select id from listing where kind = '{table}' and sort = '{field}'
        and value >= {{0}} and value < {{1}} and scope = any({{2}}::text[])"""
    return Condition(Sql(f"{said} >= {{0}} and {said} < {{1}}", ends), Sql(ids, [*ends, scopes]))


def found_by(table: str, words: str | None, partners: Sequence[str], scopes: Sequence[str]) -> Condition:
    """That a document has all `words` and one of `partners` as a side; `scopes` are the sides that see it, if not all.

    They are found together: a word is in many documents, and in few of a small partner.
    """
    sides = [" | ".join(f"'={side}'" for side in of) for of in (partners, scopes) if any(of)]
    asked = [f"{{{n}}}::text::tsquery" for n in range(len(sides))]
    if words is not None:
        asked.append(f"words_asked({{{len(sides)}}})")
    return _stored(table, Sql(f"words @@ ({' && '.join(asked)})", [*sides, *([] if words is None else [words])]))


def _stored(table: str, one: Sql) -> Condition:
    """What the table of the documents has an index for."""
    test = f"exists (select from {table} where id = l.id and {one.text})"
    return Condition(Sql(test, one.values), Sql(f"select id from {table} where {one.text}", one.values))
