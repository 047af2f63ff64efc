"""Steps of the main job, for tests that need an agreement or a programme."""

from datetime import date
from typing import Any

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until

AGREEMENT = "entente.partners.agreement"
TERMS = ("kind", "title", "areas", "signatories", "starts_on", "time_zone")
OFFICER = (Role.PARTNERSHIP_OFFICER, Role.SIGNATORY, Role.MOBILITY_COORDINATOR)


async def two_sides(entente: Installation) -> tuple[Client, Client]:
    """An officer of each of two new organisations, known to `exchanges`."""
    sides = [await entente.person(await entente.organisation(name), *OFFICER) for name in ("Birmingham", "Nanjing")]
    for side in sides:
        await entente.knows("exchanges", side)
    return sides[0], sides[1]


async def draft(ours: Client, theirs: Client, **more: Any) -> dict[str, Any]:
    """Drafts an agreement on talent between two sides, starting today."""
    fields = {
        "kind": "memorandum-of-understanding", "title": {"en": "On students", "zh": "学生交流"},
        "text": {"en": "We exchange students.", "zh": "双方交换学生。"}, "areas": ["talent"],
        "signatories": [str(ours.organisation_id), str(theirs.organisation_id)],
        "starts_on": date.today().isoformat(), "time_zone": "Asia/Shanghai",
    } | more  # fmt: skip
    return await ours.done("partners", "/agreements", fields)


async def sign(agreement: dict[str, Any], *sides: Client) -> None:
    """Submits the agreement, then approves and signs it for all sides."""
    path = f"/agreements/{agreement['id']}"
    await sides[0].done("partners", f"{path}/submission")
    for side in sides:
        await approve(agreement, side)
    for side in sides:
        await side.done("partners", f"{path}/signatures", {"revision": agreement["revision"]})


async def approve(agreement: dict[str, Any], side: Client) -> None:
    """A colleague of `side` approves the agreement, so that `side` itself can sign it."""
    assert side.organisation_id is not None
    colleague = await side.installation.person(side.organisation_id, Role.PARTNERSHIP_OFFICER)
    revision = {"revision": agreement["revision"]}
    await colleague.done("partners", f"/agreements/{agreement['id']}/approvals", revision)


async def in_force(entente: Installation, ours: Client, theirs: Client, **more: Any) -> dict[str, Any]:
    """Makes a signed agreement that is in force and known to `exchanges`."""
    agreement = await draft(ours, theirs, **more)
    await sign(agreement, ours, theirs)
    await until(lambda: _is(ours, f"/agreements/{agreement['id']}", "in-force"), "the agreement is in force")
    await entente.heard("exchanges", AGREEMENT, agreement["id"], 7)
    return agreement


async def amended(agreement: dict[str, Any], ours: Client) -> dict[str, Any]:
    """Proposes an amendment that gives the agreement another text."""
    same = {name: agreement[name] for name in TERMS}
    text = {"en": "We exchange students and staff.", "zh": None}
    body = same | {"text": text, "revision": agreement["revision"]}
    return await ours.done("partners", f"/agreements/{agreement['id']}/amendments", body)


def initiative_of(agreement: dict[str, Any], ours: Client, theirs: Client) -> dict[str, Any]:
    """The body that proposes an initiative of two leads with one deliverable, owned by the first."""
    leads = [str(ours.organisation_id), str(theirs.organisation_id)]
    deliverable = {"title": {"en": "Plan"}, "owner": leads[0], "due_on": "2126-12-31", "time_zone": "UTC"}
    return {
        "kind": "joint-institute", "title": {"en": "Joint institute"}, "agreement_id": agreement["id"],
        "area": "talent", "fields_of_study": ["0914"], "leads": leads,
        "objectives": {"en": "Biomedical engineering."}, "deliverables": [deliverable],
    }  # fmt: skip


def programme_of(agreement: dict[str, Any], ours: Client, theirs: Client, places: int = 1) -> dict[str, Any]:
    """The body that opens a student exchange with this many places in each direction."""
    ids = [str(ours.organisation_id), str(theirs.organisation_id)]
    return {
        "programme_kind": "student-exchange", "title": {"en": "Students"}, "area": "talent",
        "agreement_id": agreement["id"], "institutions": ids,
        "places": [{"sending": a, "receiving": b, "number": places} for a, b in (ids, ids[::-1])],
        "starts_on": "2027-01-01", "ends_on": "2126-12-31",
    }  # fmt: skip


async def _is(who: Client, path: str, status: str) -> bool:
    return (await who.read("partners", path))["status"] == status
