"""What an agreement refuses and what it tells."""

import hashlib
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from services.partners.domain.agreement import (
    Agreement,
    AlreadySigned,
    NothingRevised,
    PastItsEnd,
    Status,
)
from services.partners.domain.terms import revision_of
from shared.contracts.agreement import AgreementSigned, AgreementWithdrawn, Revision
from shared.contracts.values import Document
from shared.domain.actor import Actor
from shared.domain.consent import AgreedAlready, RevisionChanged
from shared.domain.refused import NotASide, NotInState, SamePerson
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
    agreement_that_is,
    drafted,
    officer,
    proposal,
    terms,
)

BOTH_SIDES_IN_ONE = officer(NANJING, 11)
"""The same person as FRAMPTON, with an office in Nanjing as well."""


def test_the_revision_is_the_hash_of_the_bytes_that_the_contract_names() -> None:
    """Anybody can compute the SHA-256 of a text from the description, in both languages or one."""
    both = hashlib.sha256('{"en":"Line one.\\nA \\"quote\\"","zh":"双方"}'.encode()).hexdigest()
    chinese = hashlib.sha256('{"en":null,"zh":"双方"}'.encode()).hexdigest()

    assert revision_of(Document(en='Line one.\nA "quote"', zh="双方"), 3) == Revision(number=3, sha256=both)
    assert revision_of(Document(zh="双方"), 1) == Revision(number=1, sha256=chinese)


def test_a_changed_text_is_a_new_revision_and_reviews_start_again() -> None:
    """After a revision in review the party that had approved must approve again."""
    agreement = agreement_that_is(Status.IN_REVIEW)
    agreement.approve(JIANG, NOW)
    before = agreement.revision

    agreement.revise(terms(text=Document(en="Both sides work closely together.")), FRAMPTON)

    assert (agreement.status, agreement.reviews.given, agreement.revision.number) == (Status.IN_REVIEW, {}, 2)
    assert agreement.revision.sha256 != before.sha256
    agreement.approve(JIANG, NOW)
    assert agreement.status is Status.IN_REVIEW


def test_a_changed_text_of_an_approved_agreement_is_reviewed_again() -> None:
    """An approval by all does not outlive a change."""
    agreement = agreement_that_is(Status.APPROVED)

    agreement.revise(terms(areas=["health"]), FRAMPTON)

    assert (agreement.status, agreement.reviews.given) == (Status.IN_REVIEW, {})


def test_a_return_forgets_the_approvals() -> None:
    """A draft that was returned and submitted again is reviewed by all."""
    agreement = agreement_that_is(Status.IN_REVIEW)
    agreement.approve(JIANG, NOW)
    agreement.send_back(REASON, FRAMPTON)
    agreement.submit(FRAMPTON)

    agreement.approve(FRAMPTON, NOW)

    assert (agreement.status, set(agreement.reviews.given)) == (Status.IN_REVIEW, {BIRMINGHAM})


def test_the_same_terms_are_no_revision() -> None:
    """A revision that changes nothing is refused, so that it does not void the reviews."""
    with pytest.raises(NothingRevised):
        agreement_that_is(Status.IN_REVIEW).revise(terms(), FRAMPTON)


@pytest.mark.parametrize("signed_by_all", [False, True])
def test_after_a_signature_the_text_stays(signed_by_all: bool) -> None:
    """From the first signature on, no revision is possible."""
    agreement = agreement_that_is(Status.SIGNED if signed_by_all else Status.APPROVED)
    if not signed_by_all:
        agreement.sign(JIANG, agreement.revision, NOW)

    with pytest.raises(AlreadySigned):
        agreement.revise(terms(areas=["health"]), FRAMPTON)


@pytest.mark.parametrize("who", [FRAMPTON, JIANG], ids=["who signed", "who did not"])
def test_an_agreement_can_be_given_up_until_the_last_signature(who: Actor) -> None:
    """Signed by one party, it is withdrawn by either; signed by all, it is terminated instead."""
    agreement, signed = agreement_that_is(Status.APPROVED), agreement_that_is(Status.SIGNED)
    agreement.sign(FRAMPTON, agreement.revision, NOW)

    agreement.withdraw(REASON, who)
    with pytest.raises(NotInState):
        signed.withdraw(REASON, who)

    assert (agreement.status, type(agreement.recorded[-1])) == (Status.WITHDRAWN, AgreementWithdrawn)


@pytest.mark.parametrize("before", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
def test_a_revision_and_a_withdrawal_tell_where_the_agreement_stood(before: Status) -> None:
    """Whoever was asked to review or to sign it can be told that this no longer holds."""
    revised, withdrawn = agreement_that_is(before), agreement_that_is(before)

    revised.revise(terms(areas=["health"]), FRAMPTON)
    withdrawn.withdraw(REASON, FRAMPTON)

    assert [each.recorded[-1].model_dump()["before"] for each in (revised, withdrawn)] == [before, before]


def test_only_the_present_revision_can_be_signed() -> None:
    """A signature names the revision's number and hash; either being another is refused."""
    agreement = agreement_that_is(Status.APPROVED)
    other_text = agreement.revision.model_copy(update={"sha256": "0" * 64})

    for wrong in (other_text, agreement.revision.model_copy(update={"number": 2})):
        with pytest.raises(RevisionChanged):
            agreement.sign(FRAMPTON, wrong, NOW)


def test_a_party_signs_and_approves_once() -> None:
    """A second colleague of the same organisation is told that it has acted already."""
    colleague = officer(BIRMINGHAM, 21)
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)
    in_review.approve(FRAMPTON, NOW)
    approved.sign(FRAMPTON, approved.revision, NOW)

    with pytest.raises(AgreedAlready):
        in_review.approve(colleague, NOW)
    with pytest.raises(AgreedAlready):
        approved.sign(colleague, approved.revision, NOW)


def test_nobody_acts_for_two_parties() -> None:
    """A person with offices in both organisations approves and signs for one of them only."""
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)
    in_review.approve(FRAMPTON, NOW)
    approved.sign(FRAMPTON, approved.revision, NOW)

    with pytest.raises(SamePerson):
        in_review.approve(BOTH_SIDES_IN_ONE, NOW)
    with pytest.raises(SamePerson):
        approved.sign(BOTH_SIDES_IN_ONE, approved.revision, NOW)


def test_who_signs_nothing_decides_nothing() -> None:
    """A participant's officer can neither approve, return nor sign, and somebody else's cannot draft."""
    participant = officer(SOUTHEAST, 22)
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)

    for deed in (
        lambda: in_review.approve(participant, NOW),
        lambda: in_review.send_back(REASON, participant),
        lambda: approved.sign(participant, approved.revision, NOW),
        lambda: Agreement.draft(UUID(int=9), proposal(), ANYBODY_ELSE),
    ):
        with pytest.raises(NotASide):
            deed()


def test_an_institute_prepares_and_its_university_decides() -> None:
    """An officer of an organisation within a signatory drafts and submits, but does not approve."""
    institute = officer(INSTITUTE, 23, within=(BIRMINGHAM,))
    agreement = Agreement.draft(UUID(int=9), proposal(), institute)
    agreement.submit(institute)

    with pytest.raises(NotASide):
        agreement.approve(institute, NOW)


def test_days_begin_and_end_in_the_zone_that_the_agreement_names() -> None:
    """1 December in Shanghai begins on 30 November at 16:00 UTC, and the last day lasts until its midnight there."""
    signed, in_force = agreement_that_is(Status.SIGNED), agreement_that_is(Status.IN_FORCE)

    assert dict(signed.due()) == {"commence": datetime(2026, 11, 30, 16, tzinfo=UTC)}
    assert dict(in_force.due()) == {"end": datetime(2031, 11, 30, 16, tzinfo=UTC)}
    assert dict(agreement_that_is(Status.IN_FORCE, ends_on=None).due()) == {}


def test_an_agreement_is_signed_until_the_last_moment_of_its_last_day() -> None:
    """A signature in the last second counts, one at the next midnight of the agreement's zone does not."""
    agreement = agreement_that_is(Status.APPROVED)
    midnight = datetime(2031, 11, 30, 16, tzinfo=UTC)

    agreement.sign(FRAMPTON, agreement.revision, midnight.replace(hour=15, minute=59, second=59))
    with pytest.raises(PastItsEnd):
        agreement.sign(JIANG, agreement.revision, midnight)


def test_the_signed_event_has_all_that_a_reader_needs() -> None:
    """Who follows only this event knows the terms, the sides, the revision and both signatures."""
    agreement = agreement_that_is(Status.APPROVED)
    agreement.sign(FRAMPTON, agreement.revision, NOW)
    agreement.sign(JIANG, agreement.revision, NOW)

    event = agreement.recorded[-1]

    assert isinstance(event, AgreementSigned)
    assert (event.agreement_id, event.party, event.by) == (agreement.id, NANJING, JIANG.person)
    assert event.signatures == agreement.signatures.given
    assert (event.areas, event.starts_on, event.revision) == (agreement.areas, agreement.starts_on, agreement.revision)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signatories": [BIRMINGHAM]},
        {"signatories": [BIRMINGHAM, BIRMINGHAM]},
        {"participants": [NANJING]},
        {"areas": []},
        {"ends_on": date(2026, 12, 1)},
        {"time_zone": "Asia/Nanjing"},
        {"text": {}},
    ],
    ids=str,
)
def test_a_proposal_that_makes_no_sense_is_refused_at_once(wrong: dict[str, object]) -> None:
    """One signatory, a side named twice, no area, an end before the start, an unknown zone, no text."""
    with pytest.raises(ValidationError):
        proposal(**wrong)


def test_a_document_is_read_back_as_it_was_saved() -> None:
    """The stored body has the sides for lists to filter by, and gives the same agreement."""
    stored = TypeAdapter(Agreement)
    agreement = agreement_that_is(Status.IN_FORCE)

    body = stored.dump_python(agreement, mode="json")

    assert body["sides"] == [str(o) for o in (BIRMINGHAM, NANJING, SOUTHEAST)]
    assert stored.validate_python(body) == agreement


def test_areas_are_kept_once_and_in_one_order() -> None:
    """The order in which areas are given, or a repetition, makes no other agreement."""
    assert drafted(areas=["talent", "research-innovation", "talent"]).areas == ["research-innovation", "talent"]
