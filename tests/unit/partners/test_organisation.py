"""An organisation's entry: who changes what of it, and what becomes of one that is gone."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from services.partners.domain.organisation import (
    HasParts,
    NoSuchProposal,
    OperatorMustAccept,
    Organisation,
    OwnProposal,
    ProposalWaits,
    WithinItself,
)
from services.partners.domain.organisation_details import sort_key
from shared.contracts.organisation import OrganisationAmended, OrganisationClosed, OrganisationMerged
from shared.contracts.values import Text
from shared.domain.actor import Actor, Role
from shared.domain.gone import OrganisationGone, OrganisationReplaced
from shared.domain.refused import NotASide, Refused, SamePerson
from tests.unit.partners.cast import (
    ANYBODY_ELSE,
    BIRMINGHAM,
    COUNCIL,
    FRAMPTON,
    INSTITUTE,
    JIANG,
    NANJING,
    NOW,
    OPERATOR,
    SOUTHEAST,
    details,
    institute,
    officer,
)

OF_THE_INSTITUTE = officer(INSTITUTE, 34, within=(BIRMINGHAM,))
LINEAGE = [INSTITUTE, BIRMINGHAM]
MAILBOX = {"title": {"en": "International Office"}, "email": "international@example.org", "phone": "+44 121 414 3344"}
ENTERPRISE = {"kind": "enterprise"}


def another(id: UUID = NANJING) -> Organisation:
    """An organisation that is part of none."""
    return Organisation.register(id, details(parent_id=None), OPERATOR)


def proposed(**changed: object) -> Organisation:
    """The China Institute, for which Frampton proposes a change."""
    organisation = institute()
    organisation.propose(details(**changed), FRAMPTON, LINEAGE, [BIRMINGHAM], NOW)
    return organisation


def hash_of(organisation: Organisation) -> str:
    """The hash of what is proposed."""
    assert organisation.proposed is not None
    return organisation.proposed.hash


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "enterprise"},
        {"level": "national"},
        {"sector": "science"},
        {"name": {"en": "Another"}},
        {"country": "CN"},
        {"identifiers": [{"scheme": "pic", "value": "999978433"}]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_an_organisation_is_known_by_is_changed_by_an_operator(changed: dict[str, object]) -> None:
    """Its officer is refused, and told which fields they are."""
    with pytest.raises(OperatorMustAccept, match=next(iter(changed))):
        institute().amend(details(**changed), FRAMPTON, LINEAGE, [BIRMINGHAM])


@pytest.mark.parametrize(
    "changed",
    [
        {"address": {"en": "Edgbaston"}},
        {"city": {"en": "Leeds"}},
        {"contact_offices": [MAILBOX]},
        {"memberships": [{"organisation_id": str(NANJING), "since": "2018-04-01"}]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_officers_change_the_rest_themselves(changed: dict[str, object]) -> None:
    """The event says all of it as it is now, and who did it for whom."""
    organisation, asked = institute(), details(**changed)

    organisation.amend(asked, FRAMPTON, LINEAGE, [BIRMINGHAM])

    [event] = organisation.recorded
    assert isinstance(event, OrganisationAmended)
    assert (event.status, event.party, event.acting, event.by) == ("active", INSTITUTE, BIRMINGHAM, FRAMPTON.person)
    name = next(iter(changed))
    assert getattr(event, name) == getattr(asked, name) == getattr(organisation, name)


@pytest.mark.parametrize(
    "wrong", [{"email": "张@例子.cn"}, {"email": "international"}, {"phone": "0121 414 3344"}], ids=str
)
def test_a_contact_office_can_be_reached(wrong: dict[str, str]) -> None:
    """An address that mail servers may refuse, or a number without its country, is noticed before it is stored."""
    with pytest.raises(ValidationError):
        details(contact_offices=[MAILBOX | wrong])


def test_an_accepted_proposal_becomes_true() -> None:
    """Nothing changes before; then the entry says what was proposed, and the operator did it."""
    organisation = proposed(**ENTERPRISE)
    before = (organisation.kind, list(organisation.recorded))

    organisation.accept(hash_of(organisation), OPERATOR, LINEAGE, [BIRMINGHAM], NOW)

    [event] = organisation.recorded
    assert isinstance(event, OrganisationAmended)
    assert before == ("institute", [])
    assert (event.kind, event.by, organisation.kind, organisation.proposed) == (
        "enterprise", OPERATOR.person, "enterprise", None,
    )  # fmt: skip


def test_another_proposal_is_not_accepted_in_its_place() -> None:
    """Whoever swaps what the operator has read changes its hash."""
    organisation = proposed(**ENTERPRISE)
    read = hash_of(organisation)
    organisation.propose(details(kind="university"), FRAMPTON, LINEAGE, [BIRMINGHAM], NOW)

    with pytest.raises(NoSuchProposal):
        organisation.accept(read, OPERATOR, LINEAGE, [BIRMINGHAM], NOW)
    assert organisation.recorded == []


def test_a_proposal_lapses_when_the_entry_changes() -> None:
    """It was made for what the entry said then."""
    organisation = proposed(**ENTERPRISE)
    read = hash_of(organisation)
    organisation.amend(details(city={"en": "Leeds"}), FRAMPTON, LINEAGE, [BIRMINGHAM])

    with pytest.raises(NoSuchProposal):
        organisation.accept(read, OPERATOR, LINEAGE, [BIRMINGHAM], NOW)


def test_nobody_accepts_their_own_proposal() -> None:
    """Also not an officer who is an operator as well."""
    both = officer(BIRMINGHAM, 11, Role.PARTNERSHIP_OFFICER, Role.OPERATOR)
    organisation = proposed(**ENTERPRISE)

    with pytest.raises(OwnProposal):
        organisation.accept(hash_of(organisation), both, LINEAGE, [BIRMINGHAM], NOW)


def test_no_proposal_makes_an_organisation_part_of_itself() -> None:
    """What it is to be part of may have moved below it since it was proposed."""
    organisation = proposed(parent_id=NANJING)

    with pytest.raises(WithinItself):
        organisation.accept(hash_of(organisation), OPERATOR, LINEAGE, [NANJING, INSTITUTE], NOW)


def test_an_institutes_officer_does_not_detach_it() -> None:
    """Leaving the university needs the university's officer too, or an operator."""
    with pytest.raises(NotASide):
        institute().amend(details(parent_id=None), OF_THE_INSTITUTE, LINEAGE, [])


def move(by: Actor, to: UUID | None = NANJING, **changed: object) -> Organisation:
    """The China Institute, which somebody proposes to move out of Birmingham."""
    organisation = institute()
    organisation.propose(details(parent_id=to, **changed), by, LINEAGE, [to] if to else [], NOW)
    return organisation


def accept(organisation: Organisation, by: Actor) -> None:
    """Somebody accepts that it moves to Nanjing."""
    organisation.accept(hash_of(organisation), by, LINEAGE, [NANJING], NOW)


@pytest.mark.parametrize(
    ("proposer", "then"),
    [(FRAMPTON, [JIANG]), (JIANG, [FRAMPTON]), (OF_THE_INSTITUTE, [JIANG, FRAMPTON])],
    ids=["the side it leaves", "the side it joins", "itself"],
)
def test_the_officers_of_both_sides_move_an_organisation(proposer: Actor, then: list[Actor]) -> None:
    """Either side proposes and the other accepts; its own officer's proposal needs both. Nothing moves before."""
    organisation = move(proposer)
    for each in then:
        assert (organisation.parent_id, organisation.recorded) == (BIRMINGHAM, [])
        accept(organisation, each)

    [event] = organisation.recorded
    assert isinstance(event, OrganisationAmended)
    assert (event.parent_id, event.by, organisation.proposed) == (NANJING, then[-1].person, None)


def test_one_side_alone_moves_nothing() -> None:
    """Neither twice by its people, nor by somebody of no side, nor by one person with an office in both."""
    organisation = move(FRAMPTON)
    colleague, of_both = officer(BIRMINGHAM, 60), officer(NANJING, 11)
    for who, refusal in ((colleague, NotASide), (ANYBODY_ELSE, NotASide), (of_both, OwnProposal)):
        with pytest.raises(refusal):
            accept(organisation, who)
    by_itself = move(OF_THE_INSTITUTE)
    accept(by_itself, FRAMPTON)
    with pytest.raises(SamePerson):
        accept(by_itself, of_both)

    assert (organisation.parent_id, by_itself.parent_id) == (BIRMINGHAM, BIRMINGHAM)


def test_an_officer_above_both_sides_accepts_for_both() -> None:
    """Within one university a move needs one of its officers."""
    organisation = institute()
    organisation.propose(details(parent_id=SOUTHEAST), OF_THE_INSTITUTE, LINEAGE, [SOUTHEAST, BIRMINGHAM], NOW)

    organisation.accept(hash_of(organisation), FRAMPTON, LINEAGE, [SOUTHEAST, BIRMINGHAM], NOW)

    assert organisation.parent_id == SOUTHEAST


def test_a_university_lets_its_institute_go() -> None:
    """Without a new parent there is one side."""
    organisation = move(OF_THE_INSTITUTE, to=None)

    organisation.accept(hash_of(organisation), FRAMPTON, LINEAGE, [], NOW)

    assert organisation.parent_id is None


def test_a_stranger_proposes_a_move_to_their_own_and_nothing_more() -> None:
    """Not another name with it, nor in place of what the organisation's own officers proposed."""
    with pytest.raises(NotASide):
        move(JIANG, name={"en": "Nanjing's"})
    with pytest.raises(NotASide):
        move(JIANG, to=COUNCIL)
    with pytest.raises(ProposalWaits):
        proposed(**ENTERPRISE).propose(details(parent_id=NANJING), JIANG, LINEAGE, [NANJING], NOW)


def test_a_move_with_a_new_name_needs_an_operator() -> None:
    """What others know an organisation by stays an operator's to change."""
    organisation = move(FRAMPTON, name={"en": "Nanjing's"})

    with pytest.raises(OperatorMustAccept, match="name"):
        accept(organisation, JIANG)
    accept(organisation, OPERATOR)

    assert (organisation.parent_id, organisation.name.en) == (NANJING, "Nanjing's")


def test_a_merged_organisation_names_its_successor() -> None:
    """Whoever still names the old one is told which one stands for it, and so is every reader of events."""
    old = institute()
    old.merge(another(), [], OPERATOR)

    [event] = old.recorded
    assert isinstance(event, OrganisationMerged)
    assert (event.status, event.successor_id) == ("merged", NANJING)
    with pytest.raises(OrganisationReplaced, match=str(NANJING)):
        old.require_active()


def test_an_organisation_is_merged_into_another_that_is_there() -> None:
    """Not into itself, nor into one that is gone: that one's successor is named instead."""
    gone = another()
    gone.merge(another(BIRMINGHAM), [], OPERATOR)

    with pytest.raises(WithinItself):
        institute().merge(institute(), [], OPERATOR)
    with pytest.raises(OrganisationReplaced, match=str(BIRMINGHAM)):
        institute().merge(gone, [], OPERATOR)


def test_a_closed_organisation_is_gone() -> None:
    """It has no successor, and its entry stays as it is."""
    organisation = proposed(**ENTERPRISE)
    read = hash_of(organisation)
    organisation.close([], OPERATOR)

    [event] = organisation.recorded
    assert isinstance(event, OrganisationClosed)
    assert (event.status, event.successor_id, organisation.proposed) == ("closed", None, None)
    for change in (
        organisation.require_active,
        lambda: organisation.amend(details(), OPERATOR, LINEAGE, [BIRMINGHAM]),
        lambda: organisation.propose(details(), FRAMPTON, LINEAGE, [BIRMINGHAM], NOW),
        lambda: organisation.accept(read, OPERATOR, LINEAGE, [BIRMINGHAM], NOW),
        lambda: organisation.merge(another(), [], OPERATOR),
        lambda: organisation.close([], OPERATOR),
    ):
        with pytest.raises(OrganisationGone):
            change()


def test_nothing_is_left_without_its_parent() -> None:
    """The parts of an organisation are moved, merged or closed before it is."""
    university, part = another(BIRMINGHAM), institute()
    for end in (lambda: university.close([part], OPERATOR), lambda: university.merge(another(), [part], OPERATOR)):
        with pytest.raises(HasParts):
            end()

    part.close([], OPERATOR)
    university.close([part], OPERATOR)

    assert university.status == "closed"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (Text(en="Nanjing University", zh="南京大学"), "nan jing da xue"),
        (Text(zh="重庆大学"), "chong qing da xue"),
        (Text(en="École Centrale"), "école centrale"),
        (Text(zh="ABC研究院"), "abc yan jiu yuan"),
        (Text(zh="大" * 200), ("da " * 67)[:200]),
    ],
)
def test_names_are_sorted_as_they_are_spoken(name: Text, key: str) -> None:
    """Chinese names by pinyin, also where a character has two readings; others by their letters."""
    assert sort_key(name) == key


def test_a_refusal_names_what_is_gone() -> None:
    """A program finds the successor among the facts, without reading the sentence."""
    old = institute()
    old.merge(another(), [], OPERATOR)

    with pytest.raises(Refused) as refused:
        old.require_active()

    assert refused.value.facts == {"organisation_id": INSTITUTE, "successor_id": NANJING}
