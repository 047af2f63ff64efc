"""Organisations and people: who may add, change and erase them."""

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from services.partners.domain.organisation import (
    Organisation,
    WithinItself,
    alike,
)
from services.partners.domain.person import Person
from shared.contracts.organisation import OrganisationAmended
from shared.contracts.person import PersonErased
from shared.contracts.values import Identifier, Text
from shared.domain.actor import Actor, Role
from shared.domain.identifiers import checked
from shared.domain.refused import NotAllowed, NotASide, NotFound
from tests.unit.partners.cast import (
    BIRMINGHAM,
    FRAMPTON,
    INSTITUTE,
    JIANG,
    NANJING,
    NOW,
    OFFICE,
    OPERATOR,
    details,
    institute,
    office,
    officer,
    person,
)

LECTURER = officer(BIRMINGHAM, 31, Role.READER)


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ({}, True),
        ({"name": {"en": "China Institute"}, "city": {"en": "Birmingham", "zh": "伯明翰"}}, True),
        ({"kind": "university"}, False),
        ({"name": {"en": "Shakespeare Institute"}}, False),
        ({"country": "IE"}, False),
        ({"city": {"en": "Stratford-upon-Avon"}}, False),
        ({"parent_id": NANJING}, False),
        ({"parent_id": None}, False),
    ],
)
def test_organisations_alike_share_kind_name_place_and_parent(asked: dict[str, object], same: bool) -> None:
    """Without an identifier all of them count, because other cities have schools of the same name."""
    assert alike(institute(), details(**asked)) is same


def test_chinese_names_are_compared_if_no_english_one_is_given() -> None:
    """An organisation without that Chinese name does not match."""
    chinese = {"name": {"zh": "中国研究院"}}

    assert alike(institute(), details(**chinese))
    assert not alike(institute(name={"en": "China Institute"}), details(**chinese))


@pytest.mark.parametrize(
    ("scheme", "given", "kept"),
    [
        ("ror", "03angcq70", "03angcq70"),
        ("ror", "https://ror.org/01rxvg760", "01rxvg760"),
        ("ror", "04CT4D772", "04ct4d772"),
        ("ror", "035dkdb55", "035dkdb55"),
        ("isni", "0000 0004 1936 7486", "0000000419367486"),
        ("lei", "213800kud8lajwsq9d15", "213800KUD8LAJWSQ9D15"),
        ("uscc", "91110000600037341L", "91110000600037341L"),
        ("schac", " BHAM.ac.uk ", "bham.ac.uk"),
        ("pic", "999978433", "999978433"),
        ("grid", "grid.6572.6", "grid.6572.6"),
    ],
)
def test_a_valid_identifier_is_stored_in_normal_form(scheme: str, given: str, kept: str) -> None:
    """The check digits of real identifiers are accepted."""
    assert checked(Identifier(scheme=scheme, value=given)).value == kept


@pytest.mark.parametrize(
    ("scheme", "wrong"),
    [
        ("ror", "03angcq71"),
        ("ror", "03angcp70"),
        ("ror", "3angcq70"),
        ("ror", "03angcu70"),
        ("isni", "0000000419367487"),
        ("lei", "213800KUD8LAJWSQ9D16"),
        ("uscc", "91110000600037341M"),
        ("schac", "https://bham.ac.uk"),
        ("schac", "bham"),
        ("schac", "bham..uk"),
        ("pic", "99997843"),
        ("pic", "99997843X"),
    ],
)
def test_a_mistyped_identifier_is_refused(scheme: str, wrong: str) -> None:
    """A wrong digit is detected before anything is stored."""
    with pytest.raises(ValidationError):
        details(identifiers=[{"scheme": scheme, "value": wrong}])


@pytest.mark.parametrize("country", ["UK", "gb", "XX", "GBR", ""])
def test_a_country_must_be_an_iso_code(country: str) -> None:
    """Only ISO 3166 alpha-2 codes in capital letters are accepted."""
    with pytest.raises(ValidationError):
        details(country=country)


@pytest.mark.parametrize("actor", [FRAMPTON, OPERATOR, officer(INSTITUTE, 32)], ids=["parent", "operator", "own"])
def test_its_officers_those_above_it_and_operators_may_amend_it(actor: Actor) -> None:
    """The officers may be those of the organisation itself or of its parent."""
    organisation = institute()

    organisation.amend(details(city={"zh": "伯明翰"}), actor, [INSTITUTE, BIRMINGHAM], [BIRMINGHAM])

    assert [type(e) for e in organisation.recorded] == [OrganisationAmended]
    assert organisation.city == Text(zh="伯明翰")


@pytest.mark.parametrize(("actor", "refusal"), [(JIANG, NotASide), (LECTURER, NotAllowed)])
def test_nobody_else_may_amend_it(actor: Actor, refusal: type[Exception]) -> None:
    """Another organisation's officer and a colleague without the role are refused."""
    with pytest.raises(refusal):
        institute().amend(details(), actor, [INSTITUTE, BIRMINGHAM], [BIRMINGHAM])


def test_an_organisation_cannot_be_within_itself() -> None:
    """A parent that is the organisation, or within it, is refused."""
    with pytest.raises(WithinItself):
        institute().amend(details(parent_id=NANJING), OPERATOR, [INSTITUTE], [NANJING, INSTITUTE])


def test_an_officer_cannot_move_the_organisation_into_a_foreign_one() -> None:
    """A unit of a signatory may act under its agreements, so the officer needs power over the new parent too."""
    with pytest.raises(NotASide):
        institute().amend(details(parent_id=NANJING), FRAMPTON, [INSTITUTE, BIRMINGHAM], [NANJING])


def test_only_the_id_of_an_erased_person_remains() -> None:
    """No personal data remains in the document, and no office can be granted."""
    somebody = person()
    somebody.grant(office(), OFFICE, OPERATOR, [BIRMINGHAM], NOW)
    somebody.erase(NOW)

    body = TypeAdapter(Person).dump_json(somebody).decode()

    assert all(word not in body for word in ("Tim", "tim", "Provost", str(BIRMINGHAM)))
    with pytest.raises(NotFound):
        somebody.grant(office(), OFFICE, OPERATOR, [BIRMINGHAM], NOW)


def test_the_tombstone_is_published_three_times() -> None:
    """It is published at once, after an hour and after a day."""
    somebody = person()
    somebody.erase(NOW)
    due = [dict(somebody.due())]
    for kind in ("erase-again-1", "erase-again-2"):
        somebody.erase_again(kind)
        due.append(dict(somebody.due()))

    later = {"erase-again-1": NOW + timedelta(hours=1), "erase-again-2": NOW + timedelta(days=1)}
    assert due == [later, {"erase-again-2": later["erase-again-2"]}, {}]
    assert [type(e) for e in somebody.recorded] == [PersonErased] * 3


def test_stored_organisations_and_people_are_read_back_unchanged() -> None:
    """The stored bodies also have the keys by which lists filter."""
    university = institute(identifiers=[{"scheme": "ror", "value": "03angcq70"}])
    somebody = person()
    somebody.grant(office(), OFFICE, FRAMPTON, [BIRMINGHAM], NOW)

    organisations, people = TypeAdapter(Organisation), TypeAdapter(Person)
    organisation_body = organisations.dump_python(university, mode="json")
    person_body = people.dump_python(somebody, mode="json")

    assert organisation_body["identifier_keys"] == ["ror:03angcq70"]
    assert person_body["account_keys"] == ["http://127.0.0.1|tim"]
    assert person_body["organisation_ids"] == [str(BIRMINGHAM)]
    assert organisations.validate_python(organisation_body) == university
    assert people.validate_python(person_body) == somebody
