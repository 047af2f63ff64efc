"""What an agreement admits, and what a programme must be in itself."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from services.exchanges.domain.exchange import Exchange
from services.exchanges.domain.kinds import ProgrammeKind

from services.exchanges.domain.programme import Programme
from shared.agreements.agreement import (
    AgreementNotInForce,
    AreaNotCovered,
    Organisation,
    OrganisationNotInAgreement,
)
from shared.contracts.programme import ProgrammeOpened
from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid, NotAllowed, NotASide
from tests.unit.exchanges.scene import (
    ANNE,
    BIRMINGHAM,
    CHINA_INSTITUTE,
    EAST,
    ELSEWHERE,
    NANJING,
    NOW,
    REASON,
    STRANGER,
    agreement,
    call,
    coordinator,
    nomination,
    organisation,
    places,
    programme,
)

SIDES = [organisation(BIRMINGHAM), organisation(NANJING)]


def test_an_agreement_in_force_admits_a_programme_of_its_area_and_parties() -> None:
    """A signatory, a participant and an organisation within a signatory may be institutions of a programme."""
    institute = organisation(CHINA_INSTITUTE, BIRMINGHAM)

    agreement().admit("talent", [*SIDES, institute])


@pytest.mark.parametrize("status", ["draft", "recorded", "signed", "suspended", "ended", "over"])
def test_an_agreement_not_in_force_admits_nothing(status: str) -> None:
    """Before the start and after the end a programme is refused, and the refusal names the status."""
    with pytest.raises(AgreementNotInForce, match=f"is {status} and not in force") as refusal:
        agreement(status).admit("talent", SIDES)

    assert refusal.value.facts == {"status": status}


def test_an_area_that_is_not_covered_is_refused() -> None:
    """The refusal names the areas that may be chosen instead."""
    with pytest.raises(AreaNotCovered) as refusal:
        agreement().admit("health", SIDES)

    assert refusal.value.facts == {"area": "health", "areas": "culture, talent"}
    assert str(refusal.value).endswith("name another agreement, or draft one that covers it.")


@pytest.mark.parametrize(
    "outsider",
    [organisation(ELSEWHERE), organisation(ELSEWHERE, NANJING)],
    ids=["stranger", "within a participant"],
)
def test_an_institution_outside_the_agreement_is_refused(outsider: Organisation) -> None:
    """A stranger is refused, and so is an organisation that lies within a mere participant."""
    with pytest.raises(OrganisationNotInAgreement) as refusal:
        agreement().admit("talent", [*SIDES, outsider])

    assert refusal.value.facts == {"organisation": "An institute", "organisation_id": ELSEWHERE}
    assert str(refusal.value).endswith("name another agreement, or draft one that names it.")


def test_an_opened_programme_tells_all_that_a_reader_needs() -> None:
    """The event has the programme's terms, the institution that opened it and an opaque person."""
    opened = programme().opened(ANNE)

    [event] = opened.recorded
    assert isinstance(event, ProgrammeOpened)
    assert (event.programme_id, event.title, event.places) == (opened.id, opened.title, places())
    assert (event.party, event.by) == (BIRMINGHAM, ANNE.person)


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


def test_no_call_takes_nominations_after_its_programme() -> None:
    """A call of a programme closes on its last day or before."""
    of = programme()

    of.require_within(of.ends_on)
    with pytest.raises(Invalid, match="2027-12-31"):
        of.require_within(of.ends_on + timedelta(days=1))


CULTURE = {Role.CULTURE_OFFICER}
OURS, THEIRS = (Actor(uuid4(), side, frozenset(CULTURE)) for side in (BIRMINGHAM, NANJING))
Acts = Mapping[str, Callable[[Programme], object]]


def nominated(of: Programme, *approving: Actor) -> Exchange:
    """A nomination from Birmingham, which a coordinator made, and these approved."""
    made = nomination(call(of))
    for actor in approving:
        made.approve(actor, NOW)
    return made


ACTS: Acts = {
    "open a programme": lambda of: of.opened(OURS),
    "close a programme": lambda of: of.close(OURS, REASON),
    "open a call": lambda of: call(of).opened(OURS, NOW),
    "close a call": lambda of: call(of).close(OURS, REASON),
    "nominate": lambda of: nominated(of).nominated(OURS),
    "approve": lambda of: nominated(of, OURS, THEIRS),
    "decline": lambda of: nominated(of).decline(THEIRS, REASON),
    "withdraw": lambda of: nominated(of).withdraw(OURS, REASON),
    "have a name forgotten": lambda of: nominated(of).forget_nominee(OURS),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("kind", ProgrammeKind)
def test_a_culture_officer_does_all_but_what_is_of_a_student_exchange(act: str, kind: ProgrammeKind) -> None:
    """A cohort, an event or a delegation is for culture officers as well, a student exchange for coordinators only."""
    of = programme(programme_kind=kind)

    if kind is ProgrammeKind.STUDENT_EXCHANGE:
        with pytest.raises(NotAllowed, match="mobility-coordinator for a student exchange"):
            ACTS[act](of)
    else:
        ACTS[act](of)
