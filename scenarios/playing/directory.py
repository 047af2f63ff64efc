"""Directory steps ensure: an organisation or person that is there is taken, else it is made."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any

from scenarios.playing.client import BOUND, PAUSE, PlayError
from scenarios.playing.progress import Ensured
from scenarios.playing.session import Stage
from scenarios.story import Cast, Office
from services.partners.domain.identifiers import checked
from services.partners.domain.organisation import Details, alike
from shared.contracts.values import Identifier

ORGANISATIONS, PEOPLE = "/organisations", "/people"


async def ensure_directory(stage: Stage) -> None:
    """Has everybody of the scenario in the directory, and every service know it; raises PlayError."""
    await _ensure_operator(stage)
    for handle, fields in stage.scenario.organisations.items():
        await _ensure_organisation(stage, handle, fields)
    stage.acting_for_of(stage.scenario.operator)
    await stage.watch.begin()
    for person in stage.scenario.people.values():
        await _ensure_person(stage, person)
    own = stage.rows.documents["partners"]
    named = [*((own["organisations"], handle) for handle in stage.scenario.organisations),
             *((own["people"], handle) for handle in stage.scenario.people)]  # fmt: skip
    # All of it, also what was there before: a service may be new.
    await asyncio.gather(*(stage.catch_up(where, stage.documents[handle]["id"]) for where, handle in named))
    if lacking := await stage.watch.settled(3 * BOUND):
        raise PlayError(f"not every service has heard of the directory: {lacking.seen}")


async def _ensure_operator(stage: Stage) -> None:
    """Waits until each service knows the operator: the others hear of it from partners."""
    for service in stage.callers.places.services:
        until = time.monotonic() + 3 * BOUND
        while (answer := await stage.ask(stage.scenario.operator, service, "GET", "/me")).status_code != 200:
            if time.monotonic() > until:
                who = stage.scenario.operator
                raise PlayError(
                    f"{service} does not know {who.subject} as an operator: {answer.text[:200]};"
                    f" make them one by `entente grant`"
                )
            await asyncio.sleep(PAUSE)


async def _ensure_organisation(stage: Stage, handle: str, fields: Mapping[str, Any]) -> None:
    asked = stage.resolved(fields)
    found = await _find_organisation(stage, asked)
    stage.keep(handle, found or await _made(stage, ORGANISATIONS, asked))
    stage.tell(Ensured("organisation", str(asked["name"].get("en") or asked["name"]["zh"]), made=found is None))


async def _find_organisation(stage: Stage, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """By any of its identifiers; one without by all else that describes it."""
    for identifier in asked.get("identifiers", ()):
        found_by = checked(Identifier.model_validate(identifier))
        query = {"identifier": f"{found_by.scheme}:{found_by.value}"}
        if found := await _listed(stage, ORGANISATIONS, query):
            return found[0]
    if asked.get("identifiers"):
        return None
    of_kind = await _listed(stage, ORGANISATIONS, {"kind": asked["kind"], "country": asked["country"]})
    return found_by_description(asked, of_kind)


def found_by_description(asked: Mapping[str, Any], among: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The first that is of the kind, name, country, city and parent that are asked for."""
    wanted = _described({"identifiers": [], "parent_id": None, **asked})
    return next((each for each in among if alike(_described(each), wanted)), None)


def _described(organisation: Mapping[str, Any]) -> Details:
    return Details.model_validate({name: organisation[name] for name in Details.model_fields})


async def _ensure_person(stage: Stage, person: Cast) -> None:
    found = await _listed(stage, PEOPLE, {"account": f"{stage.callers.issuer}|{person.subject}"})
    first, *more = person.offices
    document = found[0] if found else await _registered(stage, person, first)
    for office in person.offices if found else more:
        document = await _granted(stage, document, office)
    stage.keep(person.handle, document)
    stage.tell(Ensured("person", str(person.name), made=not found))


async def _registered(stage: Stage, person: Cast, office: Office) -> dict[str, Any]:
    account = {"issuer": stage.callers.issuer, "subject": person.subject}
    name = person.name.model_dump(exclude_none=True)
    return await _made(stage, PEOPLE, {"name": name, "accounts": [account], **stage.resolved(office.fields)})


async def _granted(stage: Stage, document: dict[str, Any], office: Office) -> dict[str, Any]:
    """The person with the office; it is granted only if what is held there differs."""
    asked = stage.resolved(office.fields)
    held = next((o for o in document["offices"] if o["organisation_id"] == asked["organisation_id"]), None)
    if held and sorted(held["roles"]) == sorted(asked["roles"]) and _same(held["title"], asked["title"]):
        return document
    return await _made(stage, f"{PEOPLE}/{document['id']}/offices", asked)


def _same(held: Mapping[str, str | None], asked: Mapping[str, str]) -> bool:
    return {k: v for k, v in held.items() if v is not None} == dict(asked)


async def _made(stage: Stage, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = await stage.ask(stage.scenario.operator, "partners", "POST", path, body=body)
    if answer.status_code not in (200, 201):
        raise PlayError(f"partners refuses {path} to the operator: {answer.text[:500]}")
    return answer.json()


async def _listed(stage: Stage, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
    """All documents that the query finds."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await stage.read("partners", path, query | cursor | {"limit": "200"})
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}
