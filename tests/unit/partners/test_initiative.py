"""Who may do what in an initiative, and what its events say."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from services.partners.domain.initiative import DeliverablesOpen, Initiative, OwnAppraisal
from services.partners.domain.initiative_status import Status
from services.partners.domain.initiative_terms import WantedOutput
from shared.contracts.initiative import InitiativeDeliverableOverdue, InitiativeProposed
from shared.domain.actor import Actor
from shared.domain.commitment import OwnReport
from shared.domain.consent import AgreedAlready
from shared.domain.refused import Invalid, NotASide, NotFound, SamePerson
from tests.unit.partners.cast import (
    ANYBODY_ELSE,
    BIRMINGHAM,
    FRAMPTON,
    INSTITUTE,
    JIANG,
    NANJING,
    NOW,
    REASON,
    SOUTHEAST,
    officer,
)
from tests.unit.partners.initiative_cast import (
    CHEN,
    EVIDENCE,
    FIRST_DAY,
    INITIATIVE,
    PROPOSAL,
    PROVOST,
    SECOND_DAY,
    VICE_MAYOR,
    initiative_that_is,
    proposal,
    proposed,
)

DIRECTOR = officer(INSTITUTE, 31, within=(BIRMINGHAM,))
"""Somebody of an institute within Birmingham."""
FIRST_OVER, SECOND_OVER = datetime(2027, 3, 31, 23, tzinfo=UTC), datetime(2027, 6, 30, 16, tzinfo=UTC)
"""The ends of the two days: in Birmingham's summer time and in Nanjing."""


def test_an_institute_proposes_for_its_university() -> None:
    """The event names the side, the organisation whose office was used, and what is promised."""
    initiative = Initiative.propose(INITIATIVE, proposal(), DIRECTOR)

    (event,) = initiative.recorded
    assert isinstance(event, InitiativeProposed)
    assert (event.party, event.acting, event.by) == (BIRMINGHAM, INSTITUTE, DIRECTOR.person)
    assert (event.status, event.fields_of_study, event.leads) == ("proposed", ["0613", "0914"], [BIRMINGHAM, NANJING])
    assert [(d.number, d.owner, d.due_on) for d in event.deliverables] == [
        (1, BIRMINGHAM, FIRST_DAY), (2, SOUTHEAST, SECOND_DAY),
    ]  # fmt: skip


BINDING: dict[str, tuple[Status, Callable[[Initiative, Actor], None]]] = {
    "appraise": (Status.PROPOSED, lambda i, by: i.appraise(by, NOW)),
    "approve": (Status.APPRAISED, lambda i, by: i.approve(by, NOW)),
    "activate": (Status.APPROVED, lambda i, by: i.activate(by)),
    "pause": (Status.ACTIVE, lambda i, by: i.pause(REASON, by)),
    "resume": (Status.PAUSED, lambda i, by: i.resume(by)),
    "complete": (Status.ACTIVE, lambda i, by: i.complete(by)),
    "close": (Status.COMPLETED, lambda i, by: i.close(by)),
    "decline": (Status.APPROVED, lambda i, by: i.decline(REASON, by)),
    "withdraw": (Status.PROPOSED, lambda i, by: i.withdraw(REASON, by)),
    "reschedule": (Status.ACTIVE, lambda i, by: i.reschedule(1, SECOND_DAY, by, NOW)),
    "waive": (Status.ACTIVE, lambda i, by: i.waive(1, by, NOW)),
}


@pytest.mark.parametrize("by", [DIRECTOR, CHEN, ANYBODY_ELSE], ids=["institute", "host", "stranger"])
@pytest.mark.parametrize("what", BINDING)
def test_what_binds_a_lead_needs_an_office_in_it(what: str, by: Actor) -> None:
    """An institute within the lead, a participant and a stranger are refused."""
    status, act = BINDING[what]

    with pytest.raises(NotASide):
        act(initiative_that_is(status), by)


def test_only_its_proposer_withdraws_a_proposal() -> None:
    """Another lead declines it instead."""
    with pytest.raises(NotASide):
        proposed().withdraw(REASON, JIANG)


def test_whoever_appraised_for_a_lead_does_not_approve_for_it() -> None:
    """The second look is another person's."""
    with pytest.raises(OwnAppraisal):
        initiative_that_is(Status.APPRAISED).approve(FRAMPTON, NOW)


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (Status.PROPOSED, lambda i, by: i.appraise(by, NOW)),  # pyright: ignore[reportUnknownLambdaType]
        (Status.APPRAISED, lambda i, by: i.approve(by, NOW)),  # pyright: ignore[reportUnknownLambdaType]
    ],
)
def test_each_lead_agrees_once_by_a_person_of_its_own(status: Status, act: Callable[[Initiative, Actor], None]) -> None:
    """A lead cannot agree twice, nor one person for both leads."""
    initiative = initiative_that_is(status)
    act(initiative, PROVOST)

    with pytest.raises(AgreedAlready):
        act(initiative, officer(BIRMINGHAM, 41))
    with pytest.raises(SamePerson):
        act(initiative, officer(NANJING, 21))


def test_a_part_of_its_owner_reports_and_a_lead_itself_accepts() -> None:
    """The owner cannot accept its own report, nor a part of a lead in its place, nor the host."""
    initiative = initiative_that_is(Status.ACTIVE)
    initiative.report(1, EVIDENCE, DIRECTOR)

    with pytest.raises(OwnReport):
        initiative.accept(1, FRAMPTON)
    for by in (officer(INSTITUTE, 32, within=(NANJING,)), CHEN):
        with pytest.raises(NotASide):
            initiative.accept(1, by)
    initiative.accept(1, JIANG)
    assert initiative.deliverables[0].status == "accepted"


@pytest.mark.parametrize("by", [JIANG, FRAMPTON, ANYBODY_ELSE])
def test_only_its_owner_reports_a_deliverable(by: Actor) -> None:
    """A lead does not report for the host."""
    with pytest.raises(NotASide):
        initiative_that_is(Status.ACTIVE).report(2, EVIDENCE, by)


def test_the_only_lead_answers_to_all_others() -> None:
    """A change needs each of them, so that nobody lets itself off."""
    partner = {"organisation_id": NANJING, "role": "partner"}
    initiative = proposed(leads=[BIRMINGHAM], participants=[*PROPOSAL["participants"], partner])
    initiative.appraise(FRAMPTON, NOW)
    initiative.approve(PROVOST, NOW)
    initiative.activate(FRAMPTON)

    standing: list[str] = []
    for by in (FRAMPTON, JIANG, CHEN):
        initiative.waive(1, by, NOW)
        standing.append(initiative.deliverables[0].status)

    assert standing == ["planned", "planned", "waived"]


def test_an_unknown_deliverable_is_not_found() -> None:
    """Numbers begin at 1 and end with the last one promised."""
    for number in (0, 3):
        with pytest.raises(NotFound):
            initiative_that_is(Status.ACTIVE).report(number, EVIDENCE, FRAMPTON)


def test_it_is_complete_when_nothing_is_awaited() -> None:
    """What is reported still awaits its acceptance; what is waived does not."""
    initiative = initiative_that_is(Status.ACTIVE)
    initiative.report(1, EVIDENCE, FRAMPTON)
    for by in (CHEN, FRAMPTON, JIANG):
        initiative.waive(2, by, NOW)

    with pytest.raises(DeliverablesOpen) as open_one:
        initiative.complete(FRAMPTON)
    initiative.accept(1, JIANG)
    initiative.complete(FRAMPTON)

    assert (open_one.value.facts, initiative.status) == ({"number": 1}, Status.COMPLETED)


def test_a_deliverable_is_overdue_after_its_day_in_its_owners_zone() -> None:
    """The timer is due at the next such moment, tells each deliverable once, and stops when all are reported."""
    initiative = initiative_that_is(Status.ACTIVE)
    due = [dict(initiative.due())]
    for at in (FIRST_OVER, FIRST_OVER, SECOND_OVER):
        initiative.note_overdue(at)
        due.append(dict(initiative.due()))

    assert due == [
        {"deliverable-overdue": FIRST_OVER}, {"deliverable-overdue": SECOND_OVER},
        {"deliverable-overdue": SECOND_OVER}, {},
    ]  # fmt: skip
    told = [e.model_dump(include={"number", "overdue", "party", "by"}) for e in initiative.recorded]
    assert told == [{"number": n, "overdue": True, "party": None, "by": None} for n in (1, 2)]
    assert {type(e) for e in initiative.recorded} == {InitiativeDeliverableOverdue}
    assert initiative.overdue


def test_nothing_becomes_overdue_while_the_initiative_is_paused() -> None:
    """The timer is dropped, and one that fired in the same moment does nothing."""
    initiative = initiative_that_is(Status.PAUSED)
    initiative.note_overdue(SECOND_OVER)

    assert (dict(initiative.due()), initiative.recorded, initiative.overdue) == ({}, [], False)


def test_its_organisations_see_it() -> None:
    """The leads, the participants and whoever is within one; nobody else."""
    seers = [by for by in (FRAMPTON, VICE_MAYOR, CHEN, DIRECTOR, ANYBODY_ELSE) if proposed().seen_by(by)]

    assert seers == [FRAMPTON, VICE_MAYOR, CHEN, DIRECTOR]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"leads": [BIRMINGHAM, BIRMINGHAM]}, "once"),
        ({"leads": [BIRMINGHAM], "participants": []}, "two or more"),
        ({"participants": [{"organisation_id": NANJING, "role": "partner"}]}, "not a partner"),
        ({"participants": []}, "`owner`"),
    ],
)
def test_a_proposal_that_does_not_fit_together_is_refused(changed: dict[str, Any], why: str) -> None:
    """Each organisation once, two or more of them, an owner among them."""
    with pytest.raises(Invalid, match=why):
        proposed(**changed)


@pytest.mark.parametrize("changed", [{"fields_of_study": ["914"]}, {"deliverables": []}, {"kind": "joint-venture"}])
def test_a_proposal_has_known_codes_and_a_deliverable(changed: dict[str, Any]) -> None:
    """A field of four digits, something promised, a kind of today."""
    with pytest.raises(ValidationError):
        proposal(**changed)


@pytest.mark.parametrize(
    ("scheme", "given", "kept"),
    [
        ("doi", "https://doi.org/10.1000/ABC", "10.1000/abc"),
        ("patent", "CN 114000000 A", "CN114000000A"),
        ("address", "https://data.example.org/set", "https://data.example.org/set"),
    ],
)
def test_an_output_is_named_in_one_form(scheme: str, given: str, kept: str) -> None:
    """A DOI without its resolver, a patent number without spaces, an address as it is."""
    wanted = WantedOutput.model_validate({"kind": "patent", "scheme": scheme, "value": given, "on": "2028-03-31"})

    assert wanted.output.value == kept


@pytest.mark.parametrize(("scheme", "given"), [("doi", "11.1000/182"), ("patent", "114000000"), ("address", "here")])
def test_an_output_that_cannot_be_found_is_refused(scheme: str, given: str) -> None:
    """What is no DOI, patent number or address."""
    wanted = WantedOutput.model_validate({"kind": "patent", "scheme": scheme, "value": given, "on": "2028-03-31"})

    with pytest.raises(Invalid):
        _ = wanted.output
