"""Offices: who grants, accepts and revokes them, and when they are valid."""

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
    """A person with an office in Birmingham, with `recorded` cleared."""
    somebody = person()
    somebody.grant(office(), OFFICE, OPERATOR, [BIRMINGHAM], NOW)
    somebody.recorded.clear()
    return somebody


def held(somebody: Person) -> list[tuple[UUID, list[str]]]:
    return [(each.organisation_id, each.roles) for each in somebody.offices]


def test_an_officer_may_grant_in_their_organisation_and_its_units() -> None:
    """The published state has the office with sorted roles."""
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
def test_nobody_else_may_grant_or_revoke(actor: Actor, refusal: type[Exception]) -> None:
    """An outsider, an officer of a unit and a colleague without the role are refused."""
    somebody = lecturer()

    with pytest.raises(refusal):
        somebody.grant(office(), ANOTHER, actor, [BIRMINGHAM], NOW)
    with pytest.raises(refusal):
        somebody.revoke(OFFICE, actor, [BIRMINGHAM])


@pytest.mark.parametrize("roles", [{Role.PARTNERSHIP_OFFICER}, frozenset(Role)], ids=["officer", "operator"])
def test_nobody_may_change_their_own_offices(roles: frozenset[Role]) -> None:
    """This includes operators: another person must grant and revoke their roles."""
    somebody = lecturer()
    themselves = officer(BIRMINGHAM, 50, *roles)

    with pytest.raises(NotYourself):
        somebody.grant(office(BIRMINGHAM, Role.CULTURE_OFFICER), ANOTHER, themselves, [BIRMINGHAM], NOW)
    with pytest.raises(NotYourself):
        somebody.revoke(OFFICE, themselves, [BIRMINGHAM])


@pytest.mark.parametrize(
    "actor", [MERE_OFFICER, OF_THE_INSTITUTE, officer(BIRMINGHAM, 36)], ids=["no", "below", "above"]
)
def test_only_a_signatory_of_the_organisation_may_appoint_another(actor: Actor) -> None:
    """A partnership officer, a signatory of a unit and a signatory of the parent are refused."""
    where = INSTITUTE if actor.person_id == UUID(int=36) else BIRMINGHAM
    lineage = [where, BIRMINGHAM] if where == INSTITUTE else [where]

    with pytest.raises(NotAllowed):
        person().grant(office(where, Role.SIGNATORY), OFFICE, actor, lineage, NOW)


def test_a_signatory_may_appoint_a_signatory_but_no_officer() -> None:
    """The Provost needs no other role to do so, and may grant no other role."""
    provost, somebody = officer(BIRMINGHAM, 35, Role.SIGNATORY), person()

    somebody.grant(office(BIRMINGHAM, Role.SIGNATORY), OFFICE, provost, [BIRMINGHAM], NOW)

    assert held(somebody) == [(BIRMINGHAM, ["signatory"])]
    with pytest.raises(NotAllowed):
        somebody.grant(office(BIRMINGHAM, Role.SIGNATORY, Role.CULTURE_OFFICER), ANOTHER, provost, [BIRMINGHAM], NOW)


def test_only_operators_may_appoint_and_dismiss_operators() -> None:
    """An officer may not grant the role or revoke an office that has it."""
    somebody = person()
    with pytest.raises(NotAllowed):
        somebody.grant(office(BIRMINGHAM, Role.OPERATOR), OFFICE, FRAMPTON, [BIRMINGHAM], NOW)

    somebody.grant(office(BIRMINGHAM, Role.OPERATOR), OFFICE, OPERATOR, [BIRMINGHAM], NOW)

    with pytest.raises(NotAllowed):
        somebody.revoke(OFFICE, FRAMPTON, [BIRMINGHAM])


def test_a_person_may_hold_several_offices_in_one_organisation() -> None:
    """A dean who is also a mobility coordinator holds two offices; each is revoked separately."""
    somebody = lecturer()
    somebody.grant(office(BIRMINGHAM, Role.CULTURE_OFFICER), ANOTHER, FRAMPTON, [BIRMINGHAM], NOW)
    both = held(somebody)

    somebody.revoke(OFFICE, FRAMPTON, [BIRMINGHAM])

    assert both == [(BIRMINGHAM, ["reader"]), (BIRMINGHAM, ["culture-officer"])]
    assert held(somebody) == [(BIRMINGHAM, ["culture-officer"])]


def test_an_office_elsewhere_is_only_offered() -> None:
    """It has no effect until the person accepts it."""
    somebody = lecturer()

    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW)
    before = (held(somebody), [each.office_id for each in somebody.offered])
    somebody.accept(ANOTHER, SELF)

    assert before == ([(BIRMINGHAM, ["reader"])], [ANOTHER])
    assert (held(somebody), somebody.offered) == ([(BIRMINGHAM, ["reader"]), (NANJING, ["reader"])], [])
    assert [len(e.offered) for e in somebody.recorded if isinstance(e, PersonState)] == [1, 0]


def test_an_office_in_the_persons_own_organisation_needs_no_acceptance() -> None:
    """A university and its units count as one organisation here."""
    somebody = lecturer()

    somebody.grant(office(INSTITUTE), ANOTHER, OF_THE_INSTITUTE, [INSTITUTE, BIRMINGHAM], NOW)

    assert held(somebody) == [(BIRMINGHAM, ["reader"]), (INSTITUTE, ["reader"])]


def test_an_offered_office_can_be_declined() -> None:
    """The person keeps their offices; the offer is gone."""
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


def test_a_person_without_a_valid_office_is_granted_one_elsewhere() -> None:
    """They could not accept an offer, because every act needs an office."""
    somebody, day = person(), timedelta(days=1)
    somebody.grant(office(until=NOW + day), OFFICE, OPERATOR, [BIRMINGHAM], NOW)

    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW + day)

    assert ([each.organisation_id for each in somebody.offices], somebody.offered) == ([BIRMINGHAM, NANJING], [])


@pytest.mark.parametrize("actor", [JIANG, FRAMPTON, OPERATOR], ids=["offering officer", "home officer", "operator"])
def test_nobody_may_answer_for_another_person(actor: Actor) -> None:
    """The offering officer, an officer of the person's own organisation and an operator are refused."""
    somebody = lecturer()
    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW)

    for answer in (somebody.accept, somebody.decline):
        with pytest.raises(YoursToAnswer):
            answer(ANOTHER, actor)


def test_only_a_current_offer_can_be_accepted() -> None:
    """A held office and a revoked offer are refused."""
    somebody = lecturer()
    somebody.grant(office(NANJING), ANOTHER, JIANG, [NANJING], NOW)
    somebody.revoke(ANOTHER, JIANG, [NANJING])

    for id in (OFFICE, ANOTHER):
        with pytest.raises(NoSuchOffice):
            somebody.accept(id, SELF)


def test_a_revoked_office_cannot_be_revoked_again() -> None:
    """The person remains; the published state no longer has the office."""
    somebody = lecturer()

    somebody.revoke(OFFICE, FRAMPTON, [BIRMINGHAM])

    assert [len(e.offices) for e in somebody.recorded if isinstance(e, PersonState)] == [0]
    with pytest.raises(NoSuchOffice):
        somebody.revoke(OFFICE, FRAMPTON, [BIRMINGHAM])


def test_an_office_is_valid_from_since_until_before_until() -> None:
    """Before `since`, and from `until` on, it has no effect."""
    somebody, day = person(), timedelta(days=1)
    asked = office(since=NOW + day, until=NOW + 2 * day)

    somebody.grant(asked, OFFICE, FRAMPTON, [BIRMINGHAM], NOW)

    counted = [len(somebody.offices_at(NOW + n * day)) for n in (0, 0.999, 1, 1.999, 2)]
    assert counted == [0, 0, 1, 1, 0]


def test_an_office_must_end_after_it_starts() -> None:
    """Equal or reversed dates are refused."""
    with pytest.raises(ValidationError):
        office(since=NOW, until=NOW)


def test_a_signature_has_the_title_of_the_office_with_the_role() -> None:
    """A person who is Provost and coordinator signs as Provost."""
    provost, coordinator = Text(en="Provost"), Text(en="Coordinator")
    titles = ((Role.MOBILITY_COORDINATOR, coordinator), (Role.SIGNATORY, provost))
    actor = Actor(UUID(int=50), BIRMINGHAM, frozenset(role for role, _ in titles), coordinator, titles=titles)

    offices = [
        actor.using({role}).signatory.office for role in (Role.SIGNATORY, Role.MOBILITY_COORDINATOR, Role.READER)
    ]

    assert offices == [provost, coordinator, coordinator]
