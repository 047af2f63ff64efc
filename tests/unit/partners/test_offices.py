"""Offices: who gives, accepts and takes them, and when they count."""

from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.partners.domain.person import NoSuchOffice, NotYourself, Person, YoursToAnswer
from shared.contracts.person import PersonState
from shared.contracts.values import Text
from shared.domain.actor import Actor, Role
from shared.domain.refused import NotAllowed, NotASide
from tests.unit.partners.cast import (
    ANOTHER,
    BIRMINGHAM,
    FRAMPTON,
    INSTITUTE,
    JIANG,
    NANJING,
    NOW,
    OFFICE,
    OPERATOR,
    office,
    officer,
    person,
)

LECTURER = officer(BIRMINGHAM, 31, Role.READER)
MERE_OFFICER = officer(BIRMINGHAM, 33, Role.PARTNERSHIP_OFFICER)
OF_THE_INSTITUTE = officer(INSTITUTE, 34, within=(BIRMINGHAM,))
SELF = officer(NANJING, 50)


def lecturer() -> Person:
    """Somebody with an office in Birmingham, and nothing left in `recorded`."""
    somebody = person()
    somebody.grant(office(), OFFICE, OPERATOR, [BIRMINGHAM], NOW)
    somebody.recorded.clear()
    return somebody


def held(somebody: Person) -> list[tuple[UUID, list[str]]]:
    return [(each.organisation_id, each.roles) for each in somebody.offices]


def test_an_officer_grants_in_the_own_organisation_and_those_within_it() -> None:
    """The state tells the whole person, with the roles once and in one order."""
    somebody = person()

    somebody.grant(office(INSTITUTE, Role.READER, Role.CULTURE_OFFICER), OFFICE, FRAMPTON, [INSTITUTE, BIRMINGHAM], NOW)

    [state] = somebody.recorded
    assert isinstance(state, PersonState)
    assert [(o.office_id, o.organisation_id, o.roles, o.since) for o in state.offices] == [
        (OFFICE, INSTITUTE, ["culture-officer", "reader"], NOW)
    ]


@pytest.mark.parametrize(
    ("actor", "refusal"), [(JIANG, NotASide), (OF_THE_INSTITUTE, NotASide), (LECTURER, NotAllowed)]
)
def test_nobody_else_grants_or_revokes(actor: Actor, refusal: type[Exception]) -> None:
    """Refused are another organisation's officer, one of an institute of this one, and a colleague without the role."""
    somebody = lecturer()

    with pytest.raises(refusal):
        somebody.grant(office(), ANOTHER, actor, [BIRMINGHAM], NOW)
    with pytest.raises(refusal):
        somebody.revoke(OFFICE, actor, [BIRMINGHAM])


@pytest.mark.parametrize("roles", [{Role.PARTNERSHIP_OFFICER}, frozenset(Role)], ids=["officer", "operator"])
def test_nobody_changes_their_own_offices(roles: frozenset[Role]) -> None:
    """Not even an operator: somebody else gives the roles, and somebody else takes them."""
    somebody = lecturer()
    themselves = officer(BIRMINGHAM, 50, *roles)

    with pytest.raises(NotYourself):
        somebody.grant(office(BIRMINGHAM, Role.CULTURE_OFFICER), ANOTHER, themselves, [BIRMINGHAM], NOW)
    with pytest.raises(NotYourself):
        somebody.revoke(OFFICE, themselves, [BIRMINGHAM])


@pytest.mark.parametrize(
    "actor", [MERE_OFFICER, OF_THE_INSTITUTE, officer(BIRMINGHAM, 36)], ids=["no", "below", "above"]
)
def test_who_may_not_sign_for_an_organisation_makes_no_signatory_of_it(actor: Actor) -> None:
    """A partnership officer, an institute's signatory, and one of the university above it are all refused."""
    where = INSTITUTE if actor.person_id == UUID(int=36) else BIRMINGHAM
    lineage = [where, BIRMINGHAM] if where == INSTITUTE else [where]

    with pytest.raises(NotAllowed):
        person().grant(office(where, Role.SIGNATORY), OFFICE, actor, lineage, NOW)


def test_a_signatory_makes_another_signatory_but_no_officer() -> None:
    """The Provost need not be a partnership officer for it, and is none by it."""
    provost, somebody = officer(BIRMINGHAM, 35, Role.SIGNATORY), person()

    somebody.grant(office(BIRMINGHAM, Role.SIGNATORY), OFFICE, provost, [BIRMINGHAM], NOW)

    assert held(somebody) == [(BIRMINGHAM, ["signatory"])]
    with pytest.raises(NotAllowed):
        somebody.grant(office(BIRMINGHAM, Role.SIGNATORY, Role.CULTURE_OFFICER), ANOTHER, provost, [BIRMINGHAM], NOW)


def test_operators_are_made_and_unmade_by_operators_only() -> None:
    """An officer neither grants the role nor revokes an office that has it."""
    somebody = person()
    with pytest.raises(NotAllowed):
        somebody.grant(office(BIRMINGHAM, Role.OPERATOR), OFFICE, FRAMPTON, [BIRMINGHAM], NOW)

    somebody.grant(office(BIRMINGHAM, Role.OPERATOR), OFFICE, OPERATOR, [BIRMINGHAM], NOW)

    with pytest.raises(NotAllowed):
        somebody.revoke(OFFICE, FRAMPTON, [BIRMINGHAM])


def test_several_offices_in_one_organisation_stand_beside_each_other() -> None:
    """A dean who is also a mobility coordinator holds two offices; each is taken away by itself."""
    somebody = lecturer()
    somebody.grant(office(BIRMINGHAM, Role.CULTURE_OFFICER), ANOTHER, FRAMPTON, [BIRMINGHAM], NOW)
    both = held(somebody)

    somebody.revoke(OFFICE, FRAMPTON, [BIRMINGHAM])

    assert both == [(BIRMINGHAM, ["reader"]), (BIRMINGHAM, ["culture-officer"])]
    assert held(somebody) == [(BIRMINGHAM, ["culture-officer"])]


def test_an_office_elsewhere_is_only_offered() -> None:
    """It counts for nothing and takes nothing until the person accepts it."""
    somebody = lecturer()

    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW)
    before = (held(somebody), [each.office_id for each in somebody.offered])
    somebody.accept(ANOTHER, SELF)

    assert before == ([(BIRMINGHAM, ["reader"])], [ANOTHER])
    assert (held(somebody), somebody.offered) == ([(BIRMINGHAM, ["reader"]), (NANJING, ["reader"])], [])
    assert [len(e.offered) for e in somebody.recorded if isinstance(e, PersonState)] == [1, 0]


def test_an_office_within_the_own_organisation_needs_no_acceptance() -> None:
    """The university's officers and those of its institutes give each other's people work."""
    somebody = lecturer()

    somebody.grant(office(INSTITUTE), ANOTHER, OF_THE_INSTITUTE, [INSTITUTE, BIRMINGHAM], NOW)

    assert held(somebody) == [(BIRMINGHAM, ["reader"]), (INSTITUTE, ["reader"])]


def test_an_office_that_is_offered_can_be_declined() -> None:
    """The person keeps what they hold, and it can be offered again."""
    somebody = lecturer()
    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW)

    somebody.decline(ANOTHER, SELF)

    [_, state] = somebody.recorded
    assert isinstance(state, PersonState)
    assert (held(somebody), somebody.offered, state.offered) == ([(BIRMINGHAM, ["reader"])], [], [])
    with pytest.raises(NoSuchOffice):
        somebody.accept(ANOTHER, SELF)
    with pytest.raises(NoSuchOffice):
        somebody.decline(OFFICE, SELF)


def test_who_holds_no_office_any_more_is_given_one_elsewhere() -> None:
    """They could not accept an offer, since nobody acts without an office."""
    somebody, day = person(), timedelta(days=1)
    somebody.grant(office(until=NOW + day), OFFICE, OPERATOR, [BIRMINGHAM], NOW)

    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW + day)

    assert ([each.organisation_id for each in somebody.offices], somebody.offered) == ([BIRMINGHAM, NANJING], [])


@pytest.mark.parametrize("actor", [JIANG, FRAMPTON, OPERATOR], ids=["who offers", "who employs", "operator"])
def test_nobody_answers_for_another(actor: Actor) -> None:
    """Not who offers it, nor the organisation that employs the person, nor an operator."""
    somebody = lecturer()
    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW)

    for answer in (somebody.accept, somebody.decline):
        with pytest.raises(YoursToAnswer):
            answer(ANOTHER, actor)


def test_what_is_held_or_gone_cannot_be_accepted() -> None:
    """Accepting is for what is offered now."""
    somebody = lecturer()
    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW)
    somebody.revoke(ANOTHER, JIANG, [NANJING])

    for id in (OFFICE, ANOTHER):
        with pytest.raises(NoSuchOffice):
            somebody.accept(id, SELF)


def test_a_revoked_office_is_gone_and_cannot_be_revoked_again() -> None:
    """The person stays, with the state told."""
    somebody = lecturer()

    somebody.revoke(OFFICE, FRAMPTON, [BIRMINGHAM])

    assert [len(e.offices) for e in somebody.recorded if isinstance(e, PersonState)] == [0]
    with pytest.raises(NoSuchOffice):
        somebody.revoke(OFFICE, FRAMPTON, [BIRMINGHAM])


def test_an_office_counts_from_its_first_moment_to_before_its_last() -> None:
    """Before `since` and from `until` on it counts for nothing."""
    somebody, day = person(), timedelta(days=1)
    asked = office(since=NOW + day, until=NOW + 2 * day)

    somebody.grant(asked, OFFICE, FRAMPTON, [BIRMINGHAM], NOW)

    counted = [len(somebody.offices_at(NOW + n * day)) for n in (0, 0.999, 1, 1.999, 2)]
    assert counted == [0, 0, 1, 1, 0]


def test_an_office_that_ends_before_it_begins_is_refused() -> None:
    """Dates the wrong way round are a slip."""
    with pytest.raises(ValidationError):
        office(since=NOW, until=NOW)


def test_what_is_signed_bears_the_title_that_gives_the_role() -> None:
    """Whoever is Provost and coordinator in one university signs as Provost."""
    provost, coordinator = Text(en="Provost"), Text(en="Coordinator")
    titles = ((Role.MOBILITY_COORDINATOR, coordinator), (Role.SIGNATORY, provost))
    actor = Actor(UUID(int=50), BIRMINGHAM, frozenset(role for role, _ in titles), coordinator, titles=titles)

    offices = [
        actor.using({role}).signatory.office for role in (Role.SIGNATORY, Role.MOBILITY_COORDINATOR, Role.READER)
    ]

    assert offices == [provost, coordinator, coordinator]
