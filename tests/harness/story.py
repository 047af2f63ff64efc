"""Steps of the main job, for tests that need an agreement, a programme or a mobility."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from shared.domain.academic_year import academic_year
from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until

AGREEMENT = "entente.partners.agreement"
TERMS = ("kind", "title", "areas", "signatories", "starts_on", "time_zone")
SOON = date.today() + timedelta(days=60)
YEAR = academic_year(SOON)
"""The academic year of programmes. A call of thirty days lies before its end, whatever today is."""
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


def condition_of(ours: Client, theirs: Client, places: int = 1, **more: Any) -> dict[str, Any]:
    """A cooperation condition: so many students of ours go to theirs in each of two academic years from `YEAR` on."""
    return {
        "code": "students", "kind": "student-studies", "title": {"en": "Students"}, "area": "talent",
        "sending": str(ours.organisation_id), "receiving": str(theirs.organisation_id),
        "mobilities_per_year": places, "months_per_year": 10 * places, "field_of_study": "0914", "eqf_levels": [6],
        "first_year": YEAR, "last_year": academic_year(SOON + timedelta(days=365)),
    } | more  # fmt: skip


def programme_of(agreement: dict[str, Any], ours: Client, theirs: Client, places: int = 1) -> dict[str, Any]:
    """The body that proposes a programme for so many students of ours."""
    return {
        "agreement_id": agreement["id"], "condition": condition_of(ours, theirs, places), "academic_year": YEAR,
        "time_zone": "Asia/Shanghai",
    }  # fmt: skip


async def opened(agreement: dict[str, Any], ours: Client, theirs: Client, places: int = 1) -> dict[str, Any]:
    """An open programme for so many students of ours, which both sides agreed to."""
    programme = await ours.done("exchanges", "/programmes", programme_of(agreement, ours, theirs, places))
    return await theirs.done("exchanges", f"/programmes/{programme['id']}/agreements")


def call_of(places: int = 1) -> dict[str, Any]:
    """The body of a call that is open from yesterday on."""
    today = date.today()
    days = {"opens_on": str(today - timedelta(days=1)), "closes_on": str(today + timedelta(days=30))}
    return {"places": places, "time_zone": "Asia/Shanghai"} | days


async def called(programme: dict[str, Any], ours: Client, places: int = 1) -> dict[str, Any]:
    """A call of ours for so many places."""
    return await ours.done("exchanges", f"/programmes/{programme['id']}/calls", call_of(places))


def nominee(rank: int | None = None) -> dict[str, Any]:
    """The body that nominates a new person."""
    planned = {"arrival": str(SOON), "departure": str(SOON + timedelta(days=120))}
    return {"participant_id": str(uuid4()), "rank": rank, "planned": planned}


async def nominated(call: dict[str, Any], ours: Client, rank: int | None = None) -> dict[str, Any]:
    """A nomination of ours in a call."""
    return await ours.done("exchanges", f"/calls/{call['id']}/mobilities", nominee(rank))


async def _is(who: Client, path: str, status: str) -> bool:
    return (await who.read("partners", path))["status"] == status
