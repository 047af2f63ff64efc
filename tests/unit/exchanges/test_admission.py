"""What an agreement admits, and what a programme must be in itself."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from shared.contracts.agreement import AgreementInForce
from shared.contracts.programme import ProgrammeClosed, ProgrammeKind, ProgrammeOpened
from shared.contracts.values import Area
from shared.directory.frameworks import STATUS
from shared.domain.actor import Actor, Role
from shared.domain.framework import (
    AgreementNotInForce,
    AreaNotCovered,
    Organisation,
    OrganisationNotInAgreement,
)
from shared.domain.refused import Invalid, NotAllowed, NotASide
from tests.unit.exchanges.scene import (
    ANNE,
    BIRMINGHAM,
    CHINA_INSTITUTE,
    EAST,
    ELSEWHERE,
    NANJING,
    REASON,
    STRANGER,
    coordinator,
    framework,
    organisation,
    places,
    programme,
)

SIDES = [organisation(BIRMINGHAM), organisation(NANJING)]


def test_an_agreement_in_force_admits_a_programme_of_its_area_and_parties() -> None:
    """A signatory, a participant and an organisation within a signatory may be institutions of a programme."""
    institute = organisation(CHINA_INSTITUTE, BIRMINGHAM)

    framework().admit(Area.TALENT, [*SIDES, institute])


@pytest.mark.parametrize("status", sorted(set(STATUS.values()) - {"in-force"}))
def test_an_agreement_not_in_force_admits_nothing(status: str) -> None:
    """Before the start and after the end a programme is refused, and the refusal names the status."""
    with pytest.raises(AgreementNotInForce, match=f"is {status} and not in force") as refusal:
        framework(status).admit(Area.TALENT, SIDES)

    assert refusal.value.facts == {"status": status}


def test_an_area_that_is_not_covered_is_refused() -> None:
    """The refusal names the areas that may be chosen instead."""
    with pytest.raises(AreaNotCovered) as refusal:
        framework().admit(Area.HEALTH, SIDES)

    assert refusal.value.facts == {"area": "health", "areas": "culture, talent"}


@pytest.mark.parametrize(
    "outsider",
    [organisation(ELSEWHERE), organisation(ELSEWHERE, NANJING)],
    ids=["stranger", "within a participant"],
)
def test_an_institution_outside_the_agreement_is_refused(outsider: Organisation) -> None:
    """A stranger is refused, and so is an organisation that lies within a mere participant."""
    with pytest.raises(OrganisationNotInAgreement) as refusal:
        framework().admit(Area.TALENT, [*SIDES, outsider])

    assert refusal.value.facts == {"organisation": "An institute", "organisation_id": ELSEWHERE}


def test_one_event_puts_an_agreement_in_force() -> None:
    """The copy takes an agreement to be in force after one event only."""
    assert [event for event, status in STATUS.items() if status == "in-force"] == [AgreementInForce]


def test_an_opened_programme_tells_all_that_a_reader_needs() -> None:
    """The event has the programme's terms, the institution that opened it and an opaque person."""
    opened = programme().opened(ANNE)

    [event] = opened.recorded
    assert isinstance(event, ProgrammeOpened)
    assert (event.programme_id, event.title, event.places) == (opened.id, opened.title, places())
    assert (event.party, event.by) == (BIRMINGHAM, ANNE.signatory)


def test_a_coordinator_within_an_institution_acts_for_it() -> None:
    """Somebody of an institute within the university opens the university's programme."""
    [event] = programme().opened(coordinator(CHINA_INSTITUTE, BIRMINGHAM)).recorded

    assert event.model_dump()["party"] == BIRMINGHAM


def test_an_outsider_opens_no_programme_of_others() -> None:
    """Only a coordinator of one of its institutions opens a programme."""
    with pytest.raises(NotASide):
        programme().opened(STRANGER)


THREE = [BIRMINGHAM, NANJING, ELSEWHERE]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"ends_on": date(2026, 12, 31)}, "on or after the day on which it starts"),
        ({"institutions": [BIRMINGHAM, BIRMINGHAM]}, "two or more different"),
        ({"institutions": [BIRMINGHAM]}, "two or more different"),
        ({"institutions": THREE}, "exactly two"),
        ({"places": places()[:1]}, "both directions"),
        ({"places": []}, "at least one direction"),
        ({"places": [*places(), *places()]}, "each direction once"),
        ({"places": [p.model_copy(update={"receiving": p.sending}) for p in places()]}, "to another"),
        ({"places": [p.model_copy(update={"receiving": UUID(int=9)}) for p in places()]}, "to another"),
    ],
)
def test_a_programme_that_does_not_hang_together_is_refused(wrong: dict[str, object], reason: str) -> None:
    """Dates in order, different institutions, places between them: the refusal says which is wrong."""
    with pytest.raises(Invalid, match=reason):
        programme(**wrong).opened(ANNE)


@pytest.mark.parametrize("kind", sorted(set(ProgrammeKind) - {ProgrammeKind.STUDENT_EXCHANGE}))
def test_other_kinds_may_go_one_way_between_several(kind: ProgrammeKind) -> None:
    """A cohort, an event or a delegation may have three institutions and one direction."""
    one_way = [p for p in places() if p.sending == EAST.sending]

    opened = programme(programme_kind=kind, institutions=THREE, places=one_way).opened(ANNE)

    assert [type(e) for e in opened.recorded] == [ProgrammeOpened]


def test_a_culture_officer_opens_and_closes_all_but_student_exchanges() -> None:
    """A cultural event is for the culture officer as well, a student exchange for mobility coordinators only."""
    officer = Actor(uuid4(), BIRMINGHAM, frozenset({Role.CULTURE_OFFICER}))

    event = programme(programme_kind=ProgrammeKind.CULTURAL_EVENT).opened(officer)
    event.close(officer, REASON)
    with pytest.raises(NotAllowed):
        programme().opened(officer)
    with pytest.raises(NotAllowed):
        programme().close(officer, REASON)

    assert [type(e) for e in event.recorded] == [ProgrammeOpened, ProgrammeClosed]
