"""Who may act on an initiative, and the content of its events."""

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
"""An officer of an institute within Birmingham."""
FIRST_OVER, SECOND_OVER = datetime(2027, 3, 31, 23, tzinfo=UTC), datetime(2027, 6, 30, 16, tzinfo=UTC)
"""The ends of the two days, in Birmingham (summer time) and in Nanjing."""


def test_an_institute_proposes_for_its_university() -> None:
    """The event names the side, the organisation whose office was used, and the deliverables."""
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
def test_an_act_that_binds_a_lead_needs_an_office_in_the_lead(what: str, by: Actor) -> None:
    """A unit of the lead, a participant and an outsider are refused."""
    status, act = BINDING[what]

    with pytest.raises(NotASide):
        act(initiative_that_is(status), by)


def test_only_the_proposer_may_withdraw_a_proposal() -> None:
    """Another lead can decline it instead."""
    with pytest.raises(NotASide):
        proposed().withdraw(REASON, JIANG)


def test_the_person_who_appraised_for_a_lead_may_not_approve_for_it() -> None:
    """A second person must check it."""
    with pytest.raises(OwnAppraisal):
        initiative_that_is(Status.APPRAISED).approve(FRAMPTON, NOW)


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (Status.PROPOSED, lambda i, by: i.appraise(by, NOW)),  # pyright: ignore[reportUnknownLambdaType]
        (Status.APPRAISED, lambda i, by: i.approve(by, NOW)),  # pyright: ignore[reportUnknownLambdaType]
    ],
)
def test_each_lead_agrees_once_through_its_own_person(status: Status, act: Callable[[Initiative, Actor], None]) -> None:
    """A lead cannot agree twice, and one person cannot agree for both leads."""
    initiative = initiative_that_is(status)
    act(initiative, PROVOST)

    with pytest.raises(AgreedAlready):
        act(initiative, officer(BIRMINGHAM, 41))
    with pytest.raises(SamePerson):
        act(initiative, officer(NANJING, 21))


def test_a_unit_of_the_owner_may_report_and_another_lead_accepts() -> None:
    """Neither the owner nor a unit of a lead nor the host may accept the report."""
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
def test_only_the_owner_may_report_a_deliverable(by: Actor) -> None:
    """A lead may not report for the host."""
    with pytest.raises(NotASide):
        initiative_that_is(Status.ACTIVE).report(2, EVIDENCE, by)


def test_a_sole_lead_needs_the_consent_of_all_participants() -> None:
    """It cannot waive its own deliverable alone."""
    partner = {"organisation_id": NANJING, "role": "partner"}
    initiative = proposed(leads=[BIRMINGHAM], participants=[*PROPOSAL["participants"], partner])
    initiative.appraise(FRAMPTON, NOW)
    initiative.approve(PROVOST, NOW)
    initiative.activate(FRAMPTON)

    statuses: list[str] = []
    for by in (FRAMPTON, JIANG, CHEN):
        initiative.waive(1, by, NOW)

        statuses.append(initiative.deliverables[0].status)

    assert statuses == ["planned", "planned", "waived"]


def test_an_unknown_deliverable_is_not_found() -> None:
    """Deliverables are numbered from 1."""
    for number in (0, 3):
        with pytest.raises(NotFound):
            initiative_that_is(Status.ACTIVE).report(number, EVIDENCE, FRAMPTON)


def test_an_initiative_can_be_completed_once_no_deliverable_is_open() -> None:
    """A reported deliverable is still open; a waived one is not."""
    initiative = initiative_that_is(Status.ACTIVE)
    initiative.report(1, EVIDENCE, FRAMPTON)
    for by in (CHEN, FRAMPTON, JIANG):
        initiative.waive(2, by, NOW)

    with pytest.raises(DeliverablesOpen) as open_one:
        initiative.complete(FRAMPTON)
    initiative.accept(1, JIANG)
    initiative.complete(FRAMPTON)

    assert (open_one.value.facts, initiative.status) == ({"number": 1}, Status.COMPLETED)


def test_a_deliverable_is_overdue_after_its_day_in_the_owners_time_zone() -> None:
    """The timer is due at the next such moment, records each deliverable once, and then stops."""
    initiative = initiative_that_is(Status.ACTIVE)
    due = [dict(initiative.due())]
    for at in (FIRST_OVER, FIRST_OVER, SECOND_OVER):
        initiative.note_overdue(at)
        due.append(dict(initiative.due()))

    assert due == [
        {"deliverable-overdue": FIRST_OVER}, {"deliverable-overdue": SECOND_OVER},
        {"deliverable-overdue": SECOND_OVER}, {},
    ]  # fmt: skip

    recorded = [e.model_dump(include={"number", "overdue", "party", "by"}) for e in initiative.recorded]
    assert recorded == [{"number": n, "overdue": True, "party": None, "by": None} for n in (1, 2)]
    assert {type(e) for e in initiative.recorded} == {InitiativeDeliverableOverdue}
    assert initiative.overdue


def test_nothing_becomes_overdue_while_the_initiative_is_paused() -> None:
    """The timer is cancelled, and one that fires anyway does nothing."""
    initiative = initiative_that_is(Status.PAUSED)
    initiative.note_overdue(SECOND_OVER)

    assert (dict(initiative.due()), initiative.recorded, initiative.overdue) == ({}, [], False)


def test_only_its_organisations_see_it() -> None:
    """They are the leads, the participants and their units."""

    viewers = [by for by in (FRAMPTON, VICE_MAYOR, CHEN, DIRECTOR, ANYBODY_ELSE) if proposed().seen_by(by)]

    assert viewers == [FRAMPTON, VICE_MAYOR, CHEN, DIRECTOR]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"leads": [BIRMINGHAM, BIRMINGHAM]}, "once"),
        ({"leads": [BIRMINGHAM], "participants": []}, "two or more"),
        ({"participants": [{"organisation_id": NANJING, "role": "partner"}]}, "not a partner"),
        ({"participants": []}, "`owner`"),
    ],
)
def test_an_inconsistent_proposal_is_refused(changed: dict[str, Any], why: str) -> None:
    """It needs two or more organisations, each named once, and owners among them."""
    with pytest.raises(Invalid, match=why):
        proposed(**changed)


@pytest.mark.parametrize("changed", [{"fields_of_study": ["914"]}, {"deliverables": []}, {"kind": "joint-venture"}])
def test_a_proposal_needs_valid_codes_and_a_deliverable(changed: dict[str, Any]) -> None:
    """A field of study has four digits, and the kind must be a known one."""
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
def test_the_identifier_of_an_output_is_normalised(scheme: str, given: str, kept: str) -> None:
    """A DOI loses its resolver and a patent number its spaces; a URL is unchanged."""
    wanted = WantedOutput.model_validate({"kind": "patent", "scheme": scheme, "value": given, "on": "2028-03-31"})

    assert wanted.output.value == kept


@pytest.mark.parametrize(("scheme", "given"), [("doi", "11.1000/182"), ("patent", "114000000"), ("address", "here")])
def test_an_invalid_identifier_of_an_output_is_refused(scheme: str, given: str) -> None:
    """The value must be valid in its scheme."""
    wanted = WantedOutput.model_validate({"kind": "patent", "scheme": scheme, "value": given, "on": "2028-03-31"})

    with pytest.raises(Invalid):
        _ = wanted.output
