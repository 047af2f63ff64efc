"""An initiative from its proposal to its outputs, over HTTP, and a programme that belongs to it."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until
from tests.harness.story import draft, in_force, programme_of

OFFICER = (Role.PARTNERSHIP_OFFICER, Role.MOBILITY_COORDINATOR)
TOPIC = "entente.partners.initiative"
TODAY = date.today()
EVIDENCE = {"evidence": {"text": {"en": "The plan."}}}
PAST, LATER = str(TODAY - timedelta(days=3)), str(TODAY + timedelta(days=90))


class Sides(NamedTuple):
    """An officer and a signatory of each lead, an officer within the first lead, and an agreement in force."""

    ours: Client
    theirs: Client
    we_sign: Client
    they_sign: Client
    institute: Client
    agreement: dict[str, Any]

    @property
    def proposal(self) -> dict[str, Any]:
        """The body that proposes an initiative: one deliverable of each lead, the first one's past its day."""
        leads = [str(self.ours.organisation_id), str(self.theirs.organisation_id)]
        return {
            "kind": "joint-institute", "title": {"en": "Joint institute"}, "agreement_id": self.agreement["id"],
            "area": self.agreement["areas"][0], "fields_of_study": ["0914"], "leads": leads,
            "objectives": {"en": "Biomedical engineering."},
            "deliverables": [
                {"title": {"en": "Plan"}, "owner": owner, "due_on": day, "time_zone": "Europe/London"}
                for owner, day in zip(leads, (PAST, LATER), strict=True)
            ],
        }  # fmt: skip


@pytest.fixture
async def sides(entente: Installation) -> Sides:
    """Two new organisations, one of them with an institute, and their agreement in force."""
    ours, theirs = [await entente.organisation(name) for name in ("Birmingham", "Nanjing")]
    within = await entente.organisation("China Institute", parent_id=str(ours))
    both = [await entente.person(one, *OFFICER, Role.SIGNATORY) for one in (ours, theirs)]
    we_sign, they_sign = [await entente.person(one, Role.SIGNATORY) for one in (ours, theirs)]
    institute = await entente.person(within, *OFFICER)
    agreement = await in_force(entente, *both)
    return Sides(both[0], both[1], we_sign, they_sign, institute, agreement)


async def approved(sides: Sides) -> str:
    """The path of an initiative proposed by the institute, and appraised and approved by both leads."""
    path = f"/initiatives/{(await sides.institute.done('partners', '/initiatives', sides.proposal))['id']}"
    for officer in (sides.ours, sides.theirs):
        await officer.done("partners", f"{path}/appraisals")
    for signatory in (sides.we_sign, sides.they_sign):
        await signatory.done("partners", f"{path}/approvals")
    return path


async def active(sides: Sides) -> str:
    """The path of an active initiative."""
    path = await approved(sides)
    await sides.ours.done("partners", f"{path}/activation")
    return path


async def test_an_initiative_runs_from_its_proposal_to_its_closing(entente: Installation, sides: Sides) -> None:
    """Each step is taken by the right person; the list finds the initiative, and its history names every use case."""
    path = await active(sides)
    await until(lambda: _overdue(sides.theirs, path), "the plan is overdue")
    for number, owner, other in ((1, sides.institute, sides.theirs), (2, sides.theirs, sides.ours)):
        deliverable = f"{path}/deliverables/{number}"
        await owner.done("partners", f"{deliverable}/reports", EVIDENCE)
        await other.done("partners", f"{deliverable}/acceptance")
    await sides.ours.done("partners", f"{path}/completion")
    output = {"kind": "publication", "scheme": "doi", "value": "https://doi.org/10.1000/182", "on": str(TODAY)}
    await sides.institute.done("partners", f"{path}/outputs", {"output": output})
    closed = await sides.ours.done("partners", f"{path}/closing")

    found = await sides.theirs.read("partners", f"/initiatives?status=closed&agreement_id={sides.agreement['id']}")
    history = (await sides.theirs.read("partners", f"{path}/history"))["items"]
    assert [each["id"] for each in found["items"]] == [closed["id"]]
    assert (closed["overdue"], closed["outputs"]) == (False, [output | {"value": "10.1000/182"}])
    assert [entry["use_case"] for entry in history] == [
        "propose_initiative", "appraise_initiative", "appraise_initiative", "approve_initiative", "approve_initiative",
        "activate_initiative", "note_overdue_deliverables", "report_deliverable", "accept_deliverable",
        "report_deliverable", "accept_deliverable", "complete_initiative", "record_output", "close_initiative",
    ]  # fmt: skip


async def test_a_deliverable_is_rescheduled_when_both_sides_agree(entente: Installation, sides: Sides) -> None:
    """It is overdue until then; each consent has its own event."""
    path = await active(sides)
    await until(lambda: _overdue(sides.ours, path), "the plan is overdue")
    asked, agreed = [
        await side.done("partners", f"{path}/deliverables/1/reschedulings", {"due_on": LATER})
        for side in (sides.ours, sides.theirs)
    ]

    history = (await sides.ours.read("partners", f"{path}/history"))["items"]
    assert [(each["overdue"], each["deliverables"][0]["due_on"]) for each in (asked, agreed)] == [
        (True, PAST), (False, LATER),
    ]  # fmt: skip
    assert [event["type"] for entry in history[-2:] for event in entry["events"]] == [
        f"{TOPIC}.deliverable-rescheduling-agreed.v1", f"{TOPIC}.deliverable-rescheduled.v1",
    ]  # fmt: skip


async def test_an_initiative_needs_an_agreement_in_force_that_covers_it(entente: Installation, sides: Sides) -> None:
    """It is refused under a draft, in another area, and with an organisation that the agreement does not name."""
    unsigned = await draft(sides.ours, sides.theirs)
    stranger = str(await entente.organisation("Elsewhere"))
    areas = {"talent", "culture", "health", "commercialisation", "research-innovation"} - {*sides.agreement["areas"]}
    wrong = [
        {"agreement_id": unsigned["id"]},
        {"area": min(areas)},
        {"participants": [{"organisation_id": stranger, "role": "funder"}]},
    ]

    refusals = [await sides.ours.refused("partners", "/initiatives", sides.proposal | each) for each in wrong]

    assert refusals == ["agreement-not-in-force", "area-not-covered", "organisation-not-in-agreement"]


async def test_the_end_of_its_agreement_stops_an_initiative_that_is_not_active(
    entente: Installation, sides: Sides
) -> None:
    """An approved one can no longer start; an active one goes on."""
    begun, waiting = await active(sides), await approved(sides)
    end = {"reason_code": "priorities-changed"}
    for side in (sides.ours, sides.theirs):
        await side.done("partners", f"/agreements/{sides.agreement['id']}/termination", end)

    refused = [
        await sides.ours.refused("partners", "/initiatives", sides.proposal),
        await sides.ours.refused("partners", f"{waiting}/activation"),
    ]
    reported = await sides.theirs.done("partners", f"{begun}/deliverables/2/reports", EVIDENCE)

    assert refused == ["agreement-not-in-force"] * 2
    assert (reported["status"], reported["deliverables"][1]["status"]) == ("active", "reported")


async def test_a_programme_belongs_to_an_active_initiative(entente: Installation, sides: Sides) -> None:
    """It is refused until exchanges has read the event of the initiative's start."""
    path = await approved(sides)
    initiative_id = path.rpartition("/")[2]
    body = programme_of(sides.agreement, sides.ours, sides.theirs) | {"initiative_id": initiative_id}
    await entente.heard("exchanges", TOPIC, initiative_id, 5)
    await entente.knows("exchanges", sides.ours)
    before = await sides.ours.refused("exchanges", "/programmes", body)
    await sides.ours.done("partners", f"{path}/activation")
    await entente.heard("exchanges", TOPIC, initiative_id, 6)

    opened = await sides.ours.done("exchanges", "/programmes", body)

    found = await sides.theirs.read("exchanges", f"/programmes?initiative_id={initiative_id}")
    assert (before, [each["id"] for each in found["items"]]) == ("initiative-not-active", [opened["id"]])


async def _overdue(who: Client, path: str) -> bool:
    return (await who.read("partners", path))["overdue"]
