"""Expectations: what shall be seen, waited for by looking again until it is or its time is up."""

from collections.abc import Mapping
from typing import Any

from scenarios.catalogue import Documents
from scenarios.playing.client import BOUND
from scenarios.playing.messages import expect_message
from scenarios.playing.progress import Held, short, topic_of
from scenarios.playing.session import Stage
from scenarios.references import UnknownReference
from scenarios.story import Cast

Said = Mapping[str, Any]


async def expect(stage: Stage, said: Said, subject: str | None) -> Held:
    """What is seen of an expectation; `subject` is the id of what the step made or changed."""
    try:
        return await _expect(stage, said, subject)
    except UnknownReference as unknown:
        return Held(_words(said), str(unknown), ok=False)


async def _expect(stage: Stage, said: Said, subject: str | None) -> Held:
    bound = float(said.get("within", BOUND))
    if "event" in said:
        id = stage.resolved(said["of"]) if "of" in said else subject
        return await stage.watch.until(lambda: _event(stage, said, id), bound)
    if "applied" in said:
        id = stage.resolved(said["applied"])
        return await stage.watch.until(lambda: _applied(stage, said, id), bound)
    if "message" in said:
        return await expect_message(stage, said["message"], subject, bound)
    service = next(name for name in said if name in stage.rows.documents)
    where = next(each for name, each in stage.rows.documents[service].items() if name in said[service])
    return await stage.watch.until(lambda: _state(stage, said, where), bound)


async def _event(stage: Stage, said: Said, id: str | None) -> Held:
    wanted = said.get("times", 1)
    count = sum(1 for event in stage.watch.events if event.type == said["event"] and event.subject == id)
    about = f" of {stage.name_of(id)}" if id and stage.name_of(id) else ""
    return Held(f"{wanted} × {short(said['event'])}{about}", f"{count} × {short(said['event'])}", count == wanted)


async def _applied(stage: Stage, said: Said, id: str) -> Held:
    kind = next((topic_of(e.type).rsplit(".", 1)[-1] for e in stage.watch.events if e.subject == id), "")
    if where := stage.rows.documents_of(kind):
        await stage.catch_up(where, id)
        await stage.watch.look()
    watch, named = stage.watch, said.get("by", [])
    keys = [key for key in watch.last if key[1] == id]
    found = {name: (at, watch.last[key]) for key in keys for name, at in watch.applied[key].items()}
    lacking = [name for name in named if not any(each == name or each.startswith(f"{name}.") for each in found)]
    ok = bool(found) and not lacking and not any(key in keys for _, key in watch.behind)
    expected = f"{stage.name_of(id)} applied by {', '.join(named) or 'all that read it'}"
    told = [f"{name} {at}/{last}" for name, (at, last) in sorted(found.items())]
    return Held(expected, ", ".join([*told, *(f"{name} none" for name in lacking)]) or "by none", ok)


async def _state(stage: Stage, said: Said, where: Documents) -> Held:
    wanted = said[where.service]
    person = stage.scenario.people[said["as"]] if "as" in said else stage.scenario.operator
    found = await _those(stage, person, where, wanted[where.name])
    fields = stage.resolved({name: value for name, value in wanted.items() if name != where.name})
    expected = f"{_named(said, where)} {_shown(fields)}".strip()
    if len(found) != 1:
        return Held(expected, f"{len(found)} {where.name} with {_shown(wanted[where.name])}", ok=False)
    document = await stage.look_at(person, where, found[0])
    if "status" in document and isinstance(document["status"], int):
        return Held(expected, f"refused: {document['type'].rsplit(':', 1)[-1]}", ok=False)
    if ok := _within(fields, document):
        await _keep(stage, said, where, found[0], document)
    return Held(expected, _shown({name: document.get(name) for name in fields}) or "there", ok)


async def _those(stage: Stage, person: Cast, where: Documents, which: Any) -> list[str]:
    """The ids of the documents that are meant: the one of a reference, or all that filters find."""
    if isinstance(which, Mapping):
        return [each["id"] for each in await stage.look_for(person, where, stage.resolved(which))]
    return [stage.resolved(which)]


async def _keep(stage: Stage, said: Said, where: Documents, id: str, document: dict[str, Any]) -> None:
    if "save" in said:
        stage.keep(said["save"], document)
    await stage.catch_up(where, id)


def _named(said: Said, where: Documents) -> str:
    which = said[where.service][where.name]
    name = said.get("save", where.name) if isinstance(which, Mapping) else which.removeprefix("$")
    return f"{name} {where.name}" if where.beside else name


def _within(wanted: Any, found: Any) -> bool:
    """Whether all that is wanted is found; a mapping may have more, a list may not."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and _within(v, found[name]) for name, v in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(_within, wanted, found))
    return wanted == found


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        said = [f"{name} {'none' if each in ({}, []) else _shown(each)}" for name, each in value.items()]
        return ", ".join(said)
    if isinstance(value, list):
        return f"[{'; '.join(map(_shown, value))}]"
    return str(value)


def _words(said: Said) -> str:
    return _shown({name: each for name, each in said.items() if name not in ("within", "as", "save")})
