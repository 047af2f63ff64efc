"""Makes the story's organisations and people in the directory, and uses those that it has already."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scenarios.playing.client import PAUSE, TIMEOUT, PlayError, problem_of
from scenarios.playing.progress import Difference, Ensured
from scenarios.playing.session import Session
from scenarios.story import Office, Person
from services.partners.domain.organisation import alike
from services.partners.domain.organisation_details import Details
from shared.contracts.values import Identifier, Text
from shared.domain.identifiers import checked

ORGANISATIONS, PEOPLE = "/organisations", "/people"


async def ensure_directory(session: Session) -> None:
    """Waits until the directory has all people in the scenario and every service knows them; raises PlayError."""
    await _wait_for_operator(session)
    for handle, fields in session.scenario.organisations.items():
        await _ensure_organisation(session, handle, fields)
    session.tracker.acting_for = session.acting_for_of(session.scenario.operator)
    await session.tracker.begin()
    for person in session.scenario.people.values():
        await _ensure_person(session, person)
    own = session.rows.documents["partners"]
    named = [*((own["organisations"], handle) for handle in session.scenario.organisations),
             *((own["people"], handle) for handle in session.scenario.people)]  # fmt: skip
    # Earlier events too: a service may be new.
    await asyncio.gather(*(session.catch_up(where, session.documents[handle]["id"]) for where, handle in named))
    if behind := await session.tracker.settled(3 * TIMEOUT):
        raise PlayError(f"not every service knows the directory: {behind.seen.words}")


async def _wait_for_operator(session: Session) -> None:
    """Waits until each service knows the operator: partners knows first, the others by its events."""
    operator = session.scenario.operator
    for service in session.client.endpoints.services:
        until = time.monotonic() + 3 * TIMEOUT
        while (answer := await session.request(operator, service, "GET", "/me")).status_code != 200:
            if time.monotonic() > until:
                reason = f"{service} does not know {operator.subject} as an operator: {answer.text[:200]}"
                raise PlayError(f"{reason}; make them one with `entente grant`")
            await asyncio.sleep(PAUSE)


async def _ensure_organisation(session: Session, handle: str, fields: Mapping[str, Any]) -> None:
    wanted = session.resolved(fields)
    namesakes = await _namesakes(session, wanted)
    found = await _by_identifier(session, wanted) or found_by_description(wanted, namesakes)
    session.keep(handle, "organisation", found or await _post(session, ORGANISATIONS, wanted))
    near = found or next(iter(namesakes), None)
    differences = organisation_differences(near, wanted) if near else []
    session.report(Ensured("organisation", handle, Text(**wanted["name"]), found is None, differences))


async def _by_identifier(session: Session, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    for identifier in wanted.get("identifiers", ()):
        found_by = checked(Identifier.model_validate(identifier))
        query = {"identifier": f"{found_by.scheme}:{found_by.value}"}
        if found := await _list(session, ORGANISATIONS, query):
            return found[0]
    return None


async def _namesakes(session: Session, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Organisations of the same kind, country and name; none for one that has an identifier."""
    if wanted.get("identifiers"):
        return []
    of_kind = await _list(session, ORGANISATIONS, {"kind": wanted["kind"], "country": wanted["country"]})
    name = Text(**wanted["name"])
    return [each for each in of_kind if (each["name"]["en"] == name.en if name.en else each["name"]["zh"] == name.zh)]


def found_by_description(wanted: Mapping[str, Any], among: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The first with the kind, name, country, city and parent that are wanted."""
    return next((each for each in among if alike(_details(each), _details(wanted))), None)


def organisation_differences(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Difference]:
    """The fields of an organisation that the directory has otherwise than the file."""
    directory, file = _details(found), _details(wanted)
    return [
        Difference(name, *(each.model_dump(mode="json")[name] for each in (directory, file)))
        for name in Details.model_fields
        if getattr(directory, name) != getattr(file, name)
    ]


def _details(organisation: Mapping[str, Any]) -> Details:
    fields = {"identifiers": [], "parent_id": None, **organisation}
    return Details.model_validate({name: fields[name] for name in Details.model_fields if name in fields})


async def _ensure_person(session: Session, person: Person) -> None:
    found = await _list(session, PEOPLE, {"account": f"{session.client.issuer}|{person.subject}"})
    first, *more = person.offices
    document = found[0] if found else await _register(session, person, first)
    differences = person_differences(document, person.name, [session.resolved(o.fields) for o in person.offices])
    for office in person.offices if found else more:
        document = await _grant(session, person, document, office)
    session.keep(person.handle, "person", document)
    session.report(Ensured("person", person.handle, person.name, not found, differences if found else []))


def person_differences(found: Mapping[str, Any], name: Text, offices: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """A name that the directory has otherwise than the file, and the offices that only the directory has."""
    held = Text.model_validate(found["name"])
    places = {office["organisation_id"] for office in offices}
    others = sorted(o["organisation_id"] for o in found["offices"] if o["organisation_id"] not in places)
    names = [Difference("name", *(each.model_dump(mode="json") for each in (held, name)))] if held != name else []
    return names + ([Difference("offices", others, [])] if others else [])


async def _register(session: Session, person: Person, office: Office) -> dict[str, Any]:
    account = {"issuer": session.client.issuer, "subject": person.subject}
    name = person.name.model_dump(exclude_none=True)
    return await _post(session, PEOPLE, {"name": name, "accounts": [account], **session.resolved(office.fields)})


async def _grant(session: Session, person: Person, document: dict[str, Any], office: Office) -> dict[str, Any]:
    """The person with the office, in place of those held there that the file does not have."""
    wanted, at = session.resolved(office.fields), f"{PEOPLE}/{document['id']}"
    if any(_held_as(held, wanted) for held in document["offices"]):
        return document
    others = [session.resolved(each.fields) for each in person.offices]
    for held in document["offices"]:
        there = held["organisation_id"] == wanted["organisation_id"]
        if there and not any(_held_as(held, other) for other in others):
            await _post(session, f"{at}/revocations", {"office_id": held["office_id"]})
    return await _post(session, f"{at}/offices", wanted)


def _held_as(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    same = held["organisation_id"] == wanted["organisation_id"] and _same(held["title"], wanted["title"])
    return same and sorted(held["roles"]) == sorted(wanted["roles"])


def _same(held: Mapping[str, str | None], wanted: Mapping[str, str]) -> bool:
    return {k: v for k, v in held.items() if v is not None} == dict(wanted)


async def _post(session: Session, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = await session.request(session.scenario.operator, "partners", "POST", path, body=body)
    if answer.status_code not in (200, 201):
        reason = session.readable(problem_of(answer.json()).detail or answer.text[:500])
        raise PlayError(f"partners refuses {path} to the operator: {reason}")
    return answer.json()


async def _list(session: Session, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
    """All documents that the query finds."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await session.read("partners", path, query | cursor | {"limit": "200"})
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}
