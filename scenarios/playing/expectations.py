"""Checks expectations about documents, events and positions; each is repeated until it holds or its time is up."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from scenarios.catalogue import Documents
from scenarios.playing.client import TIMEOUT, problem_of
from scenarios.playing.messages import check_message, check_no_message
from scenarios.playing.participants import check_mail, person_of
from scenarios.playing.progress import Check, Finding, short
from scenarios.playing.session import Session
from scenarios.references import UnknownReference
from scenarios.story import Person, Step

Fields = Mapping[str, Any]
OTHER_ORDER = "a list has these entries in another order"


async def check_expectation(session: Session, step: Step, fields: Fields, subject: str | None) -> Check:
    """The check of one expectation; `subject` is the id of what the step made or changed."""
    try:
        check = await _check(session, step, fields, subject)
    except UnknownReference as unknown:
        own = {name: each for name, each in fields.items() if name not in ("within", "as", "save")}
        seen = Finding(str(unknown), {"error": str(unknown)})
        check = Check(kind_of(fields), Finding(shown(own), own), seen, ok=False)
    return replace(check, ids={**session.ids_in(dict(fields)), **check.ids})


def kind_of(fields: Fields) -> str:
    """Which kind of expectation it is."""
    kinds = ("event", "applied", "message", "no_message", "mail")
    return next((kind for kind in kinds if kind in fields), "document")


async def _check(session: Session, step: Step, fields: Fields, subject: str | None) -> Check:
    within = float(fields.get("within", TIMEOUT))
    match kind_of(fields):
        case "event":
            id = session.resolved(fields["of"]) if "of" in fields else subject
            return await session.tracker.until(lambda: _event(session, fields, id), within)
        case "applied":
            id = session.resolved(fields["applied"])
            return await session.tracker.until(lambda: _applied(session, fields, id), within)
        case "message":
            return await check_message(session, fields["message"], subject, within)
        case "no_message":
            return await check_no_message(session, fields["no_message"], subject, within)
        case "mail":
            return await check_mail(session, fields["mail"], within)
        case _:
            service = next(name for name in fields if name in session.rows.documents)
            own = session.rows.documents[service]
            where = next(each for name, each in own.items() if name in fields[service])
            return await session.tracker.until(lambda: _document(session, fields, where), within)


async def _event(session: Session, fields: Fields, id: str | None) -> Check:
    wanted, type = fields.get("times", 1), fields["event"]
    events = [event for event in session.tracker.events if event.subject == id]
    count = sum(event.type == type for event in events)
    about = f" of {session.name_of(id)}" if id and session.name_of(id) else ""
    others = ", ".join(dict.fromkeys(short(event.type) for event in events))
    seen = f"{count} × {short(type)}" + (f", only {others}" if not count and others else "")
    return Check(
        "event", Finding(f"{wanted} × {short(type)}{about}", {"event": type, "of": id, "times": wanted}),
        Finding(seen, {"times": count, "events": [event.type for event in events]}), count == wanted,
    )  # fmt: skip


async def _applied(session: Session, fields: Fields, id: str) -> Check:
    await session.catch_up_with(id)
    await session.tracker.look()
    tracker, named = session.tracker, fields.get("by", [])
    keys = [key for key in tracker.last if key[1] == id]
    found = {name: (at, tracker.last[key]) for key in keys for name, at in tracker.applied[key].items()}
    missing = [name for name in named if not any(each == name or each.startswith(f"{name}.") for each in found)]
    ok = bool(found) and not missing and not any(key in keys for _, key in tracker.behind)
    expected = f"{session.name_of(id)} applied by {', '.join(named) or 'every consumer that reads it'}"
    applied = [f"{name} {at} of {last}" for name, (at, last) in sorted(found.items())]
    seen = ", ".join([*applied, *(f"{name} nothing" for name in missing)]) or "by none"
    data = {name: {"applied": at, "of": last} for name, (at, last) in sorted(found.items())}
    return Check("applied", Finding(expected, {"applied": id, "by": named}), Finding(seen, {"consumers": data}), ok)


async def _document(session: Session, fields: Fields, where: Documents) -> Check:
    wanted = fields[where.service]
    person = await person_of(session, fields["as"]) if "as" in fields else session.scenario.operator
    ids = await _matching(session, person, where, wanted[where.name])
    expected = session.resolved({name: value for name, value in wanted.items() if name != where.name})
    finding = Finding(f"{_called(fields, where)} {shown(expected)}".strip(), {where.name: ids} | {"fields": expected})
    if len(ids) != 1:
        words = f"{len(ids)} {where.name} with {shown(wanted[where.name])}"
        return Check("document", finding, Finding(words, {where.name: ids}), ok=False)
    document = await session.look_at(person, where, ids[0])
    if "status" in document and isinstance(document["status"], int):
        problem = problem_of(document)
        seen = Finding(f"refused: {problem.slug}: {problem.detail}", {"problem": problem._asdict()})
        return Check("document", finding, seen, ok=False)
    if ok := matches(expected, document):
        await _keep(session, fields, where, person, document, ids[0])
    found = {name: document.get(name) for name in expected}
    why = "" if ok or not matches(expected, document, in_order=False) else OTHER_ORDER
    seen = Finding(shown(found) or "there", {where.name: ids, "fields": found})
    return Check("document", finding, seen, ok, why=why)


async def _matching(session: Session, person: Person, where: Documents, which: Any) -> list[str]:
    """The ids of the documents that are meant: the one of a reference, or all that the filters find."""
    if isinstance(which, Mapping):
        return [each["id"] for each in await session.look_for(person, where, session.resolved(which))]
    return [session.resolved(which)]


async def _keep(
    session: Session, fields: Fields, where: Documents, person: Person, document: dict[str, Any], id: str
) -> None:
    if "save" in fields:
        session.keep(fields["save"], where.row.kind.noun(), document)
    await session.catch_up(where, id, person)


def _called(fields: Fields, where: Documents) -> str:
    """What the expectation calls the document."""
    which = fields[where.service][where.name]
    name = fields.get("save", where.name) if isinstance(which, Mapping) else which.removeprefix("$")
    return f"{name} {where.name}" if where.beside else name


def matches(wanted: Any, found: Any, *, in_order: bool = True) -> bool:
    """Whether `found` has everything wanted.

    A mapping may have more fields than are wanted; a list has the same entries, and `in_order` the same order. An empty
    mapping or list means that it is empty.
    """
    same = partial(matches, in_order=in_order)
    if isinstance(wanted, Mapping):
        if not wanted:
            return found == {}
        return isinstance(found, Mapping) and all(
            name in found and same(each, found[name]) for name, each in wanted.items()
        )
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(found) != len(wanted):
            return False
        if in_order:
            return all(map(same, wanted, found))
        return all(any(same(each, other) for other in found) for each in wanted)
    return wanted == found


def shown(value: Any) -> str:
    """A value in words."""
    if value is None or value in ({}, []):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_nested(each)}" for name, each in value.items())
    if isinstance(value, list):
        return f"[{'; '.join(map(shown, value))}]"
    return str(value)


def _nested(value: Any) -> str:
    return f"{{{shown(value)}}}" if isinstance(value, Mapping) and value else shown(value)
