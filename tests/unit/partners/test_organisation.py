"""An organisation's entry: who may change which fields, and what happens when it is merged or closed."""

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
    """An organisation without a parent."""
    return Organisation.register(id, details(parent_id=None), OPERATOR)


def proposed(**changed: object) -> Organisation:
    """The China Institute, with a change proposed by Frampton."""
    organisation = institute()
    organisation.propose(details(**changed), FRAMPTON, LINEAGE, [BIRMINGHAM], NOW)
    return organisation


def hash_of(organisation: Organisation) -> str:
    """The hash of the proposal."""
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
def test_only_an_operator_may_change_identifying_fields(changed: dict[str, object]) -> None:
    """An officer is refused; the refusal names the fields."""
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
def test_officers_may_change_the_other_fields(changed: dict[str, object]) -> None:
    """The event has the new values, the person and the side."""
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
def test_unusable_contact_details_are_refused(wrong: dict[str, str]) -> None:
    """Examples: an address that mail servers may refuse, a phone number without its country code."""
    with pytest.raises(ValidationError):
        details(contact_offices=[MAILBOX | wrong])


def test_an_accepted_proposal_takes_effect() -> None:
    """Until then nothing changes; the event names the operator."""
    organisation = proposed(**ENTERPRISE)
    before = (organisation.kind, list(organisation.recorded))

    organisation.accept(hash_of(organisation), OPERATOR, LINEAGE, [BIRMINGHAM], NOW)

    [event] = organisation.recorded
    assert isinstance(event, OrganisationAmended)
    assert before == ("institute", [])
    assert (event.kind, event.by, organisation.kind, organisation.proposed) == (
        "enterprise", OPERATOR.person, "enterprise", None,
    )  # fmt: skip


def test_a_replaced_proposal_cannot_be_accepted() -> None:
    """The operator accepts a hash, and the new proposal has another one."""
    organisation = proposed(**ENTERPRISE)
    read = hash_of(organisation)
    organisation.propose(details(kind="university"), FRAMPTON, LINEAGE, [BIRMINGHAM], NOW)

    with pytest.raises(NoSuchProposal):
        organisation.accept(read, OPERATOR, LINEAGE, [BIRMINGHAM], NOW)
    assert organisation.recorded == []


def test_a_proposal_lapses_when_the_entry_changes() -> None:
    """It was made for the earlier entry."""
    organisation = proposed(**ENTERPRISE)
    read = hash_of(organisation)
    organisation.amend(details(city={"en": "Leeds"}), FRAMPTON, LINEAGE, [BIRMINGHAM])

    with pytest.raises(NoSuchProposal):
        organisation.accept(read, OPERATOR, LINEAGE, [BIRMINGHAM], NOW)


def test_nobody_may_accept_their_own_proposal() -> None:
    """This includes an officer who is an operator too."""
    both = officer(BIRMINGHAM, 11, Role.PARTNERSHIP_OFFICER, Role.OPERATOR)
    organisation = proposed(**ENTERPRISE)

    with pytest.raises(OwnProposal):
        organisation.accept(hash_of(organisation), both, LINEAGE, [BIRMINGHAM], NOW)


def test_no_proposal_can_make_an_organisation_part_of_itself() -> None:
    """The proposed parent may have become a unit of it in the meantime."""
    organisation = proposed(parent_id=NANJING)

    with pytest.raises(WithinItself):
        organisation.accept(hash_of(organisation), OPERATOR, LINEAGE, [NANJING, INSTITUTE], NOW)


def test_an_institutes_officer_may_not_detach_it() -> None:
    """Only an officer of the university or an operator may do so."""
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
    """The event names it, and so does the refusal of any use of the old id."""
    old = institute()
    old.merge(another(), [], OPERATOR)

    [event] = old.recorded
    assert isinstance(event, OrganisationMerged)
    assert (event.status, event.successor_id) == ("merged", NANJING)
    with pytest.raises(OrganisationReplaced, match=str(NANJING)):
        old.require_active()


def test_an_organisation_is_merged_into_another_active_one() -> None:
    """Merging into itself is refused, and so is merging into a merged one: the refusal names its successor."""
    gone = another()
    gone.merge(another(BIRMINGHAM), [], OPERATOR)

    with pytest.raises(WithinItself):
        institute().merge(institute(), [], OPERATOR)
    with pytest.raises(OrganisationReplaced, match=str(BIRMINGHAM)):
        institute().merge(gone, [], OPERATOR)


def test_a_closed_organisation_cannot_change() -> None:
    """It has no successor, and every act on it is refused."""
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


def test_an_organisation_with_units_cannot_be_closed_or_merged() -> None:
    """Its units must be moved, merged or closed first."""
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
def test_names_are_sorted_by_pronunciation(name: Text, key: str) -> None:
    """Chinese names are sorted by pinyin, even if a character has two readings; other names by their letters."""
    assert sort_key(name) == key


def test_a_refusal_has_the_successor_among_its_facts() -> None:
    """A program need not parse the sentence."""
    old = institute()
    old.merge(another(), [], OPERATOR)

    with pytest.raises(Refused) as refused:
        old.require_active()

    assert refused.value.facts == {"organisation_id": INSTITUTE, "successor_id": NANJING}
