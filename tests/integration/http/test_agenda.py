"""`/tasks` lists acts that await the caller, from lifecycles and roles; `/due` lists timers and commitments."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.partners.domain.agreement import Agreement
from shared.domain.actor import Role
from tests.harness.asked import ALL
from tests.harness.installation import Client, Installation
from tests.harness.story import (
    amended,
    approve,
    called,
    draft,
    in_force,
    initiative_of,
    nominated,
    programme_of,
    sign,
    two_sides,
)

STARTS = date.today() + timedelta(days=100)


async def _tasks(who: Client, service: str = "partners") -> list[tuple[str, str]]:
    page = await who.read(service, "/tasks")
    assert page["next"] is None
    return [(task["what"], task["id"]) for task in page["items"]]


async def test_a_task_is_shown_to_those_who_have_yet_to_act(entente: Installation) -> None:
    """Each signatory has to approve and then to sign; the task is there only while its act is possible."""
    ours, theirs = await two_sides(entente)
    agreement = await draft(ours, theirs, starts_on=str(STARTS))
    id, path = agreement["id"], f"/agreements/{agreement['id']}"
    found = [(await _tasks(ours), await _tasks(theirs))]
    await ours.done("partners", f"{path}/submission")
    found.append((await _tasks(ours), await _tasks(theirs)))
    await approve(agreement, ours)
    found.append((await _tasks(ours), await _tasks(theirs)))
    await approve(agreement, theirs)
    await theirs.done("partners", f"{path}/signatures", {"revision": agreement["revision"]})
    found.append((await _tasks(ours), await _tasks(theirs)))
    await ours.done("partners", f"{path}/signatures", {"revision": agreement["revision"]})
    found.append((await _tasks(ours), await _tasks(theirs)))

    assert found == [
        ([], []),
        ([("approve", id)], [("approve", id)]),
        ([], [("approve", id)]),
        ([("sign", id)], []),
        ([], []),
    ]


async def test_suspension_and_termination_become_tasks_once_one_side_has_agreed(entente: Installation) -> None:
    """An agreement in force has no task until one signatory agrees to suspend, resume or terminate it."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    path, why = f"/agreements/{agreement['id']}", {"reason_code": "funding"}
    found = [(await _tasks(ours), await _tasks(theirs))]
    for act, body in (("suspension", why), ("resumption", {}), ("termination", why)):
        await ours.done("partners", f"{path}/{act}", body)
        found.append((await _tasks(ours), await _tasks(theirs)))
        await theirs.done("partners", f"{path}/{act}", body)
    found.append((await _tasks(ours), await _tasks(theirs)))

    waiting = [[], *([(act, agreement["id"])] for act in ("suspend", "resume", "terminate")), []]
    assert found == [([], one) for one in waiting]


async def test_a_record_awaits_the_other_signatories(entente: Installation) -> None:
    """The side that recorded the agreement has confirmed it; the other signatory has yet to."""
    ours, theirs = await two_sides(entente)
    made = await ours.done("partners", "/agreement-records", {
        "kind": "memorandum-of-understanding", "title": {"en": "On paper"}, "text": {"en": "We exchange students."},
        "areas": ["talent"], "signatories": [str(ours.organisation_id), str(theirs.organisation_id)],
        "time_zone": "UTC", "paper": {"signed_on": "2026-01-01"},
    })  # fmt: skip
    before = (await _tasks(ours), await _tasks(theirs))
    await theirs.done("partners", f"/agreements/{made['id']}/confirmations", {"revision": made["revision"]})

    assert before == ([], [("confirm record", made["id"])])
    assert await _tasks(theirs) == []


async def test_an_amendment_awaits_approval_and_then_signature(entente: Installation) -> None:
    """The tasks have the same names as those of agreements; a person who approved it is not asked to sign it."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    amendment = await amended(agreement, ours)
    path, named = f"/amendments/{amendment['id']}", {"revision": amendment["revision"]}
    assert theirs.organisation_id is not None
    signatory = await entente.person(theirs.organisation_id, Role.SIGNATORY)
    found = [(await _tasks(theirs), await _tasks(signatory))]
    for side in (ours, theirs):
        await side.done("partners", f"{path}/approvals", named)
    found.append((await _tasks(theirs), await _tasks(signatory)))

    id = amendment["id"]
    assert found == [([("approve", id)], []), ([], [("sign", id)])]


async def test_an_initiative_has_tasks_for_its_leads_and_its_deliverables(entente: Installation) -> None:
    """Leads appraise and approve; then deliverables need a report, an acceptance or a consent."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    made = await ours.done("partners", "/initiatives", initiative_of(agreement, ours, theirs))
    id, path = made["id"], f"/initiatives/{made['id']}"
    found: list[tuple[list[str], list[str]]] = []

    async def then(who: Client, act: str, body: Any = None) -> None:
        await who.done("partners", f"{path}/{act}", body)
        both = [await _tasks(side) for side in (ours, theirs)]
        assert {one for tasks in both for _, one in tasks} <= {id}
        found.append(([what for what, _ in both[0]], [what for what, _ in both[1]]))

    await then(ours, "appraisals")
    await then(theirs, "appraisals")
    for side in (ours, theirs):
        assert side.organisation_id is not None
        signatory = await entente.person(side.organisation_id, Role.SIGNATORY)
        assert await _tasks(signatory) == [("approve", id)]
        await signatory.done("partners", f"{path}/approvals")
    await then(ours, "activation")
    await then(ours, "deliverables/1/reschedulings", {"due_on": str(STARTS)})
    await then(theirs, "deliverables/1/reschedulings", {"due_on": str(STARTS)})
    await then(theirs, "deliverables/1/waivers")
    await then(ours, "deliverables/1/reports", {"evidence": {"text": {"en": "The plan."}}})
    await then(theirs, "deliverables/1/disputes", {"reason_code": "evidence-missing"})

    assert found == [
        ([], ["appraise"]), ([], []), ([], []), ([], ["reschedule deliverable"]), ([], []), (["waive deliverable"], []),
        ([], ["accept deliverable"]), (["report deliverable"], []),
    ]  # fmt: skip


async def test_a_task_names_the_deliverable_that_it_is_about(entente: Installation) -> None:
    """Each one that waits is a task of its own, by the number that the act takes."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    body = initiative_of(agreement, ours, theirs)
    made = await ours.done("partners", "/initiatives", body | {"deliverables": body["deliverables"] * 3})
    path = f"/initiatives/{made['id']}"
    for side in (ours, theirs):
        await side.done("partners", f"{path}/appraisals")
    for side in (ours, theirs):
        assert side.organisation_id is not None
        await (await entente.person(side.organisation_id, Role.SIGNATORY)).done("partners", f"{path}/approvals")
    await ours.done("partners", f"{path}/activation")
    for number in (2, 3):
        report = {"evidence": {"text": {"en": "The plan."}}}
        await ours.done("partners", f"{path}/deliverables/{number}/reports", report)
    await ours.done("partners", f"{path}/deliverables/1/waivers")

    tasks = (await theirs.read("partners", "/tasks"))["items"]
    for task in tasks:
        if task["what"] == "accept deliverable":
            await theirs.done("partners", f"{path}/deliverables/{task['number']}/acceptance")
    left = (await theirs.read("partners", "/tasks"))["items"]

    assert [(task["what"], task["number"]) for task in tasks] == [
        ("accept deliverable", 2), ("accept deliverable", 3), ("waive deliverable", 1),
    ]  # fmt: skip
    assert [(task["what"], task["number"]) for task in left] == [("waive deliverable", 1)]


async def test_a_task_is_shown_to_the_role_and_organisation_that_may_act(entente: Installation) -> None:
    """Officers of a side see it; other roles, officers of its units, outsiders and operators do not."""
    ours, theirs = await two_sides(entente)
    made = await draft(ours, theirs)
    await ours.done("partners", f"/agreements/{made['id']}/submission")
    assert ours.organisation_id is not None
    institute = await entente.organisation(parent_id=str(ours.organisation_id))
    colleague = await entente.person(ours.organisation_id, Role.PARTNERSHIP_OFFICER)
    others = [
        await entente.person(ours.organisation_id, Role.SIGNATORY),
        await entente.person(institute, Role.PARTNERSHIP_OFFICER),
        await entente.person(await entente.organisation(), Role.PARTNERSHIP_OFFICER),
        entente.operator,
    ]

    assert [await _tasks(one) for one in others] == [[], [], [], []]
    assert await _tasks(colleague) == [("approve", made["id"])]


async def test_a_task_has_a_title_and_the_time_it_has_waited_since(entente: Installation) -> None:
    """An approval waits since the submission, whoever has approved in the meantime."""
    ours, theirs = await two_sides(entente)
    made = await draft(ours, theirs)
    await ours.done("partners", f"/agreements/{made['id']}/submission")
    await approve(made, ours)
    history = await ours.read("partners", f"/agreements/{made['id']}/history")
    submitted = next(step["at"] for step in history["items"] if step["use_case"] == "submit_agreement")

    (task,) = (await theirs.read("partners", "/tasks"))["items"]

    assert datetime.fromisoformat(task.pop("since")) == datetime.fromisoformat(submitted)
    assert task == {"aggregate": "agreement", "id": made["id"], "title": made["title"], "what": "approve",
                    "number": None}  # fmt: skip


async def test_tasks_are_paged(entente: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages give each task once, even if each page reads few aggregates."""
    ours, theirs = await two_sides(entente)
    made = [await draft(ours, theirs) for _ in range(5)]
    for one in made:
        await ours.done("partners", f"/agreements/{one['id']}/submission")
    await approve(made[1], theirs)

    by_limit = await _pages(theirs, "/tasks?limit=2")
    monkeypatch.setattr("shared.http.agenda.LOOKED_AT", 1)
    by_looks = await _pages(theirs, "/tasks?limit=50")

    expected = [one["id"] for one in made if one is not made[1]]
    assert [task["id"] for task in by_limit] == expected
    assert [task["id"] for task in by_looks] == expected


async def _pages(who: Client, path: str, service: str = "partners") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = await who.read(service, path)
    while True:
        found += page["items"]
        if page["next"] is None:
            return found
        page = await who.read(service, f"{path}&cursor={page['next']}")


async def test_what_falls_due_is_listed_for_those_who_may_see_it(entente: Installation) -> None:
    """The first day of a signed agreement is due for its sides, not for an outsider, and not on the day before."""
    ours, theirs = await two_sides(entente)
    stranger = await entente.person(await entente.organisation())
    agreements = [await draft(ours, theirs, starts_on=str(STARTS + timedelta(days=n)), time_zone="UTC") for n in (1, 0)]
    for one in agreements:
        await sign(one, ours, theirs)

    whole = await theirs.read("partners", "/due")
    early = await theirs.read("partners", f"/due?before={STARTS}")
    first = await theirs.read("partners", f"/due?before={STARTS + timedelta(days=1)}")
    paged = await _pages(theirs, "/due?limit=1")

    later, sooner = agreements
    assert [(one["id"], one["kind"], one["at"][:10]) for one in whole["items"]] == [
        (sooner["id"], "commence", str(STARTS)), (later["id"], "commence", str(STARTS + timedelta(days=1))),
    ]  # fmt: skip
    assert (whole["items"][0]["aggregate"], whole["items"][0]["title"]) == ("agreement", sooner["title"])
    assert (early["items"], first["items"], paged) == ([], whole["items"][:1], whole["items"])
    assert (await stranger.read("partners", "/due")) == {"items": [], "next": None}


async def test_exchanges_lists_tasks_and_due_days_in_the_same_words(entente: Installation) -> None:
    """A call closes on its last day, and a nomination with a place awaits the receiving institution."""
    ours, theirs = await two_sides(entente)
    programme = await ours.done(
        "exchanges", "/programmes", programme_of(await in_force(entente, ours, theirs), ours, theirs)
    )
    proposed = await _tasks(theirs, "exchanges"), await _tasks(ours, "exchanges")
    await theirs.done("exchanges", f"/programmes/{programme['id']}/agreements")
    call = await called(programme, ours)
    first, _ = [await nominated(call, ours) for _ in range(2)]
    before = await _tasks(theirs, "exchanges"), await _tasks(ours, "exchanges")
    await theirs.done("exchanges", f"/mobilities/{first['id']}/approvals")

    due = await theirs.read("exchanges", "/due")

    assert proposed == ([("agree", programme["id"])], [])
    assert before == ([("approve", first["id"])], [])
    assert (await _tasks(theirs, "exchanges"), await _tasks(ours, "exchanges")) == ([], [])
    assert [(one["aggregate"], one["kind"], one["id"]) for one in due["items"]] == [
        ("call", "deadline", call["id"]), ("programme", "year-over", programme["id"]),
    ]  # fmt: skip
    assert await ours.read("commercialisation", "/tasks") == {"items": [], "next": None}


@pytest.mark.parametrize("service", list(ALL))
def test_each_task_is_named_after_a_use_case(service: str) -> None:
    """The use case can be carried out in the states that the lifecycle allows."""
    acts = {(row.gives, row.act) for row in ALL[service].commands}
    kinds = [row.kind for row in ALL[service].lists if row.kind.awaits]
    waiting = {(kind, act) for kind in kinds for acts in kind.awaits.values() for act in acts}

    assert waiting - acts == set()
    assert (Agreement in kinds) == (service == "partners")
