"""What a study plan may say: the tables and rules of the European template, and the hash that fixes it."""

import hashlib
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.exchanges.domain.component import Component, Term
from services.exchanges.domain.study_plan import StudyPlan, revision_of, total
from shared.contracts.agreement import Revision
from shared.contracts.credit import Credit
from shared.domain.refused import Invalid
from tests.unit.exchanges.learning import changes, component, drafted, plan, signed_by_all
from tests.unit.exchanges.scene import ANNE

ID = UUID(int=42)
WORDS = {"en": "In words"}


@pytest.mark.parametrize(
    ("table", "more", "wrong"),
    [
        ("abroad", {"term": None}, "`term`"),
        ("home", {"term": None}, "`term`"),
        ("abroad", {"description": WORDS}, "no `description`"),
        ("abroad", {"recognition_conditions": WORDS}, "recognition_conditions"),
        ("virtual", {"description": None}, "needs a `description`"),
        ("abroad", {"credits": [{"scheme": "ects", "value": "6"}] * 2}, "once for each scheme"),
        ("abroad", {"starts_on": "2027-03-02", "ends_on": "2027-03-01"}, "not before"),
        ("abroad", {"term": {"number": 3, "total": 2}}, "one of the `total` terms"),
        ("abroad", {"credits": [{"scheme": "ects", "value": "6.005"}]}, "pattern"),
        ("abroad", {"credits": [{"scheme": "ects", "value": "-6"}]}, "pattern"),
        ("abroad", {"credits": [{"scheme": "ECTS", "value": "6"}]}, "pattern"),
    ],
)
def test_a_component_is_as_its_table_has_it(table: str, more: dict[str, Any], wrong: str) -> None:
    """What the template leaves out, or needs, in a table."""
    with pytest.raises(ValidationError, match=wrong):
        component("logic", table, **more)


@pytest.mark.parametrize("table", ["home", "virtual", "blended", "doctoral"])
def test_recognition_may_have_conditions_everywhere_but_abroad(table: str) -> None:
    """A component with conditions is not recognised by itself."""
    assert component("logic", table, recognition_conditions=WORDS).recognition_conditions


A, B, C = component("logic"), component("maths", "home"), component("matlab", "virtual")
WEEK = component("week", "blended", description={"en": "A week in Nanjing"})
THESIS = component("thesis", "doctoral")


@pytest.mark.parametrize(
    ("kind", "components", "wrong"),
    [
        ("student-studies", [A, B], None),
        ("student-studies", [A, B, C], None),
        ("double-degree", [A, B], None),
        ("student-studies", [A], "needs components of abroad and home"),
        ("student-studies", [B, C], "needs components of abroad and home"),
        ("student-studies", [A, B, THESIS], "stand alone"),
        ("student-studies", [THESIS], None),
        ("student-studies", [WEEK], "belong to blended mobilities"),
        ("blended", [WEEK], None),
        ("blended", [component("week", "blended")], "one with a `description`"),
        ("blended", [WEEK, A], "`blended` components only"),
        ("blended", [A, B], "`blended` components only"),
        ("student-traineeship", [A], None),
        ("staff-teaching", [A], None),
        ("staff-teaching", [C], "needs components of abroad"),
    ],
)
def test_a_kind_of_mobility_has_its_tables(kind: str, components: list[Component], wrong: str | None) -> None:
    """Studies need tables A and B; a short mobility has a table of its own and no other."""
    said = StudyPlan(components=components)

    if wrong:
        with pytest.raises(Invalid, match=wrong):
            said.components_after(None, kind)
    else:
        assert said.components_after(None, kind) == components


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, "give `components`"),
        ({"components": [A], "deleted": [{"key": "logic", "reason": WORDS}]}, "give `components`"),
        ({"components": [A, component("logic", "home")]}, "a `key` of its own"),
        ({"deleted": [{"key": "logic", "reason": WORDS}] * 2}, "delete each once"),
        ({"deleted": [{"key": "logic"}]}, "say why"),
        ({"inserted": [{"component": A}]}, "say why"),
        ({"deleted": [{"key": "logic", "reason_code": "substituting-deleted"}]}, "reason_code"),
        ({"inserted": [{"component": A, "reason_code": "language-mismatch"}]}, "reason_code"),
    ],
)
def test_a_plan_is_a_first_version_or_changes_with_reasons(said: dict[str, Any], wrong: str) -> None:
    """The codes for deletions do not explain insertions, nor the other way round."""
    with pytest.raises(ValidationError, match=wrong):
        StudyPlan.model_validate(said)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (plan("other"), "the first version is signed"),
        (changes(("unknown",)), "no component unknown"),
        (changes((), ("data",)), "has a component data"),
        (changes(("logic",), ("logic",)), "has a component logic"),
        (changes(("maths",), ()), "needs components of abroad and home"),
    ],
)
def test_changes_fit_the_first_version(said: StudyPlan, wrong: str) -> None:
    """They delete what it has, insert what it has not, and leave what the kind of mobility needs."""
    one = signed_by_all(drafted())

    with pytest.raises(Invalid, match=wrong):
        one.revise(ANNE, said)


def test_a_first_version_is_no_change() -> None:
    """There is nothing yet to change."""
    with pytest.raises(Invalid, match="give `components`"):
        drafted(changes())


def test_the_hash_is_over_the_canonical_form() -> None:
    """Written out by hand once: sorted keys, no spaces, no escapes, each field with the value that is shown."""
    said = StudyPlan(components=[Component(key="a", table="home", title={"zh": "课"}, term=Term(number=1, total=2))])  # pyright: ignore[reportArgumentType]
    written = (
        '{"base":null,"components":[{"code":null,"credits":[],"description":null,"ends_on":null,"key":"a",'
        '"recognition_conditions":null,"starts_on":null,"table":"home","term":{"number":1,"total":2},'
        '"title":{"en":null,"zh":"课"}}],"deleted":[],"inserted":[],'
        '"learning_agreement_id":"00000000-0000-0000-0000-00000000002a"}'
    )

    assert revision_of(3, said, ID, None) == Revision(number=3, sha256=hashlib.sha256(written.encode()).hexdigest())


def test_whatever_is_signed_changes_the_hash() -> None:
    """Another component, credit, reason, first version or learning agreement is another hash."""
    base = revision_of(1, plan(), ID, None)
    said = [
        base,
        revision_of(1, plan("logic"), ID, None),
        revision_of(1, plan("data", "logic"), ID, None),
        revision_of(1, plan(), UUID(int=43), None),
        revision_of(1, changes(), ID, base),
        revision_of(1, changes(), ID, revision_of(1, plan("logic"), ID, None)),
        revision_of(1, changes(("data",)), ID, base),
    ]

    assert len({each.sha256 for each in said}) == len(said)


def test_totals_are_exact() -> None:
    """Tenths add up as people add them, in each scheme on its own."""
    credits = [Credit(scheme=s, value=v) for s, v in (("ects", "0.1"), ("ects", "0.20"), ("a", "3"), ("ects", "7.5"))]

    assert [(c.scheme, c.value) for c in total(credits)] == [("a", "3.00"), ("ects", "7.80")]


def test_what_a_use_case_asks_leaves_no_trace_in_the_plan() -> None:
    """The path's id is no part of what is signed."""

    class Asked(StudyPlan):
        mobility_id: UUID

    one = drafted(Asked(components=plan().components, mobility_id=ID))

    assert one.proposal is not None
    assert type(one.proposal.plan) is StudyPlan
    assert one.proposal.revision == revision_of(1, plan(), one.id, None)
