"""The main job: signing an agreement allows what was refused before."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.programme import ProgrammeClosed
from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, records_of, until
from tests.harness.story import AGREEMENT, draft, in_force, programme_of, sign, two_sides


async def test_a_programme_refused_before_the_signing_is_accepted_after_it(entente: Installation) -> None:
    """A programme refused because no agreement is in force is accepted once both sides have signed."""
    ours, theirs = await two_sides(entente)
    agreement = await draft(ours, theirs)
    await entente.heard("exchanges", AGREEMENT, agreement["id"])
    wanted = programme_of(agreement, ours, theirs)

    before = await ours.refused("exchanges", "/programmes", wanted)
    await sign(agreement, ours, theirs)
    opened = await until(lambda: _opened(ours, wanted), "the programme opens")

    assert (before, opened["status"]) == ("agreement-not-in-force", "open")


async def test_a_culture_officer_may_run_a_delegation(entente: Installation) -> None:
    """Culture officers may open calls, nominate and approve in programmes without students, and in no others."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    sides = [id for side in (ours, theirs) if (id := side.organisation_id)]
    officers = [await entente.person(id, Role.CULTURE_OFFICER) for id in sides]
    for officer in officers:
        await entente.knows("exchanges", officer)
    wanted = programme_of(agreement, ours, theirs)
    students = await ours.done("exchanges", "/programmes", wanted)
    delegation = await officers[0].done("exchanges", "/programmes", wanted | {"programme_kind": "delegation"})

    refused = await officers[0].refused("exchanges", f"/programmes/{students['id']}/calls", call_of(wanted))
    call = await officers[0].done("exchanges", f"/programmes/{delegation['id']}/calls", call_of(wanted))
    direction = {"sending": str(ours.organisation_id), "receiving": str(theirs.organisation_id)}
    exchange = await officers[0].done("exchanges", f"/calls/{call['id']}/exchanges", direction)
    approved = [await each.done("exchanges", f"/exchanges/{exchange['id']}/approvals") for each in officers]

    assert (refused, approved[-1]["status"]) == ("not-allowed", "approved")


async def test_a_programme_takes_no_nominations_after_its_last_day(entente: Installation) -> None:
    """A call that would still be open after its programme ends is refused."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    wanted = programme_of(agreement, ours, theirs) | {"starts_on": "2020-01-01", "ends_on": str(date.today())}
    programme = await ours.done("exchanges", "/programmes", wanted)

    refused = await ours.refused("exchanges", f"/programmes/{programme['id']}/calls", call_of(wanted))

    assert refused == "invalid"


def call_of(programme: dict[str, Any]) -> dict[str, Any]:
    """The body of a call for all places of the programme, open from yesterday to tomorrow."""
    today = date.today()
    return {
        "places": programme["places"], "opens_on": str(today - timedelta(days=1)),
        "closes_on": str(today + timedelta(days=1)), "time_zone": "Asia/Shanghai",
    }  # fmt: skip


async def _opened(ours: Client, wanted: dict[str, Any]) -> dict[str, Any] | None:
    answer = await ours.post("exchanges", "/programmes", wanted)
    return answer.json() if answer.status_code == 201 else None


async def test_the_history_names_the_actor_of_each_step(entente: Installation) -> None:
    """The history of an agreement lists who did what, in order."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)

    history = (await ours.read("partners", f"/agreements/{agreement['id']}/history"))["items"]

    approvals = [step["actor"] for step in history if step["use_case"] == "approve_agreement"]
    assert len({*approvals, str(ours.person_id), str(theirs.person_id)}) == 4  # the person who approves may not sign
    assert [(step["use_case"], step["actor"]) for step in history] == [
        ("draft_agreement", str(ours.person_id)),
        ("submit_agreement", str(ours.person_id)),
        ("approve_agreement", approvals[0]),
        ("approve_agreement", approvals[1]),
        ("sign_agreement", str(ours.person_id)),
        ("sign_agreement", str(theirs.person_id)),
        ("commence_agreement", "timer commence"),
    ]


async def test_one_trace_covers_a_request_and_its_indirect_effects(entente: Installation) -> None:
    """An event that another service's policy publishes because of a request has the trace of that request."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    programme = await ours.done("exchanges", "/programmes", programme_of(agreement, ours, theirs))
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    termination = f"/agreements/{agreement['id']}/termination", {"reason_code": "priorities-changed"}
    await theirs.done("partners", *termination)
    await ours.done(
        "partners", *termination,
        traceparent=f"00-{trace}-00f067aa0ba902b7-01",
    )  # fmt: skip
    await entente.published("exchanges", ProgrammeClosed.type, programme["id"])
    _, closed = await records_of(entente, ProgrammeClosed.topic, UUID(programme["id"]))

    assert (closed["ce_type"], closed["traceparent"].split("-")[1]) == (ProgrammeClosed.type, trace)
