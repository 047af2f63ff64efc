"""The main job: signing an agreement allows what was refused before."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.programme import ProgrammeClosed
from shared.domain.academic_year import last_day
from tests.harness.installation import Client, Installation, records_of, until
from tests.harness.story import AGREEMENT, call_of, draft, in_force, opened, programme_of, sign, two_sides


async def test_a_programme_refused_before_the_signing_is_accepted_after_it(entente: Installation) -> None:
    """A programme refused because no agreement is in force is accepted once both have signed, and opens by consent."""
    ours, theirs = await two_sides(entente)
    agreement = await draft(ours, theirs)
    await entente.heard("exchanges", AGREEMENT, agreement["id"])
    wanted = programme_of(agreement, ours, theirs)

    before = await ours.refused("exchanges", "/programmes", wanted)
    await sign(agreement, ours, theirs)
    proposed = await until(lambda: _proposed(ours, wanted), "the programme is proposed")
    agreed = await theirs.done("exchanges", f"/programmes/{proposed['id']}/agreements")

    assert (before, proposed["status"], agreed["status"]) == ("agreement-not-in-force", "proposed", "open")


async def test_a_call_ends_with_its_academic_year(entente: Installation) -> None:
    """A call that would still be open after the programme's last day is refused."""
    ours, theirs = await two_sides(entente)
    programme = await opened(await in_force(entente, ours, theirs), ours, theirs)
    last = last_day(programme["academic_year"])

    answers = [
        await ours.post("exchanges", f"/programmes/{programme['id']}/calls", call_of() | {"closes_on": str(day)})
        for day in (last + timedelta(days=1), last)
    ]

    assert [answer.status_code for answer in answers] == [422, 201]


async def _proposed(ours: Client, wanted: dict[str, Any]) -> dict[str, Any] | None:
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
    programme = await opened(agreement, ours, theirs)
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    termination = f"/agreements/{agreement['id']}/termination", {"reason_code": "priorities-changed"}
    await theirs.done("partners", *termination)
    await ours.done(
        "partners", *termination,
        traceparent=f"00-{trace}-00f067aa0ba902b7-01",
    )  # fmt: skip
    await entente.published("exchanges", ProgrammeClosed.type, programme["id"])
    *_, closed = await records_of(entente, ProgrammeClosed.topic, UUID(programme["id"]))

    assert (closed["ce_type"], closed["traceparent"].split("-")[1]) == (ProgrammeClosed.type, trace)
