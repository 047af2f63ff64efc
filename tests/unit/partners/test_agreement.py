"""What an agreement refuses and what it tells."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from services.partners.domain.agreement import Agreement
from services.partners.domain.agreement_lifecycle import Status
from services.partners.domain.agreement_refusals import (
    AlreadySigned,
    AnnexOutsideParent,
    DocumentNotNamed,
    NoNoticePeriod,
    NothingRevised,
    NoticeGivenAlready,
    NotYourNotice,
    PastItsEnd,
    SignedByOthers,
)
from services.partners.domain.annex import require_within
from services.partners.domain.kinds import Renewal
from services.partners.domain.months import months_later
from services.partners.domain.terms import Terms, canonical, revision_of
from shared.contracts.agreement import AgreementSigned, AgreementWithdrawn, Revision
from shared.contracts.values import Document, Text
from shared.domain.actor import Actor, Role
from shared.domain.consent import AgreedAlready, ApprovedByYou, RevisionChanged
from shared.domain.refused import NotASide, NotInState, SamePerson
from shared.domain.side import OfficeOfAPart
from tests.unit.partners.cast import (
    ANYBODY_ELSE,
    BIRMINGHAM,
    CHANCELLOR,
    COUNCIL,
    FRAMPTON,
    INSTITUTE,
    JIANG,
    MAYOR,
    NANJING,
    NOW,
    OPERATOR,
    REASON,
    SCAN,
    SOUTHEAST,
    agreement_that_is,
    drafted,
    officer,
    recorded,
    terms,
)

BOTH_SIDES_IN_ONE = officer(NANJING, 11)
"""The same person as FRAMPTON, with an office in Nanjing as well."""


def test_the_revision_is_the_hash_of_all_terms_and_parties() -> None:
    """Anybody can compute it from the document, and every term and party is in it."""
    document = TypeAdapter(Agreement).dump_python(drafted(), mode="json")
    shown = {name: document[name] for name in Terms.model_fields}
    written = json.dumps(shown, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    assert canonical(terms()) == written
    assert drafted().revision == Revision(number=1, sha256=hashlib.sha256(written.encode()).hexdigest())


@pytest.mark.parametrize(
    "other",
    [
        {"title": Text(en="Another")}, {"text": Document(en="Another")}, {"areas": ["talent"]}, {"participants": []},
        {"signatories": [NANJING, BIRMINGHAM]}, {"ends_on": None}, {"notice_days": None},
        {"kind": "framework-agreement"},
        {"targets": [{"area": "talent", "fact": "mobilities-approved", "number": 3, "due_on": "2027-07-31"}]},
        {"documents": [{"title": {"en": "Scan"}, "sha256": "0" * 64, "url": "https://example.org/1"}]},
    ],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_every_term_and_party_changes_the_hash(other: dict[str, object]) -> None:
    """Nothing that the sides agree to can be changed under an approval."""
    assert revision_of(terms(**other), 1).sha256 != revision_of(terms(), 1).sha256


def test_a_changed_text_is_a_new_revision_and_reviews_start_again() -> None:
    """After a revision in review the party that had approved must approve again."""
    agreement = agreement_that_is(Status.IN_REVIEW)
    agreement.approve(JIANG, agreement.revision, NOW)
    before = agreement.revision

    agreement.revise(terms(text=Document(en="Both sides work closely together.")), FRAMPTON)

    assert (agreement.status, agreement.reviews.given, agreement.revision.number) == (Status.IN_REVIEW, {}, 2)
    assert agreement.revision.sha256 != before.sha256
    agreement.approve(JIANG, agreement.revision, NOW)
    assert agreement.status is Status.IN_REVIEW


def test_a_changed_text_of_an_approved_agreement_is_reviewed_again() -> None:
    """An approval by all does not outlive a change."""
    agreement = agreement_that_is(Status.APPROVED)

    agreement.revise(terms(areas=["health"]), FRAMPTON)

    assert (agreement.status, agreement.reviews.given) == (Status.IN_REVIEW, {})


def test_a_return_forgets_the_approvals() -> None:
    """A draft that was returned and submitted again is reviewed by all."""
    agreement = agreement_that_is(Status.IN_REVIEW)
    agreement.approve(JIANG, agreement.revision, NOW)
    agreement.send_back(REASON, FRAMPTON)
    agreement.submit(FRAMPTON)

    agreement.approve(FRAMPTON, agreement.revision, NOW)

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
        agreement.sign(MAYOR, agreement.revision, NOW)

    with pytest.raises(AlreadySigned):
        agreement.revise(terms(areas=["health"]), FRAMPTON)


def test_after_a_signature_only_a_side_that_signed_gives_it_up() -> None:
    """A side that has not signed cannot undo another's signature; signed by all, nobody withdraws it."""
    agreement, signed = agreement_that_is(Status.APPROVED), agreement_that_is(Status.SIGNED)
    agreement.sign(CHANCELLOR, agreement.revision, NOW)

    with pytest.raises(SignedByOthers):
        agreement.withdraw(REASON, JIANG)
    agreement.withdraw(REASON, FRAMPTON)
    with pytest.raises(NotInState):
        signed.withdraw(REASON, FRAMPTON)

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
            agreement.sign(CHANCELLOR, wrong, NOW)


def test_a_party_signs_and_approves_once() -> None:
    """A second colleague of the same organisation is told that it has acted already."""
    colleague = officer(BIRMINGHAM, 21)
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)
    in_review.approve(FRAMPTON, in_review.revision, NOW)
    approved.sign(CHANCELLOR, approved.revision, NOW)

    with pytest.raises(AgreedAlready):
        in_review.approve(colleague, in_review.revision, NOW)
    with pytest.raises(AgreedAlready):
        approved.sign(colleague, approved.revision, NOW)


def test_nobody_acts_for_two_parties() -> None:
    """A person with offices in both organisations approves and signs for one of them only."""
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)
    in_review.approve(FRAMPTON, in_review.revision, NOW)
    approved.sign(CHANCELLOR, approved.revision, NOW)

    with pytest.raises(SamePerson):
        in_review.approve(BOTH_SIDES_IN_ONE, in_review.revision, NOW)
    with pytest.raises(SamePerson):
        approved.sign(officer(NANJING, 31), approved.revision, NOW)


def test_who_signs_nothing_decides_nothing() -> None:
    """A participant's officer can neither approve, return nor sign, and somebody else's cannot draft."""
    participant = officer(SOUTHEAST, 22)
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)

    for deed in (
        lambda: in_review.approve(participant, in_review.revision, NOW),
        lambda: in_review.send_back(REASON, participant),
        lambda: approved.sign(participant, approved.revision, NOW),
        lambda: Agreement.draft(UUID(int=9), terms(), ANYBODY_ELSE),
    ):
        with pytest.raises(NotASide):
            deed()


def test_an_institute_prepares_and_its_university_decides() -> None:
    """An officer of an organisation within a signatory drafts, revises and submits; nothing else binds the side."""
    institute = officer(INSTITUTE, 23, within=(BIRMINGHAM,))
    agreement = Agreement.draft(UUID(int=9), terms(), institute)
    agreement.revise(terms(areas=["health"]), institute)
    agreement.submit(institute)
    approved, in_force, recorded = (
        agreement_that_is(s) for s in (Status.APPROVED, Status.IN_FORCE, Status.RECORDED)
    )  # fmt: skip

    for deed in (
        lambda: agreement.approve(institute, agreement.revision, NOW),
        lambda: agreement.send_back(REASON, institute),
        lambda: agreement.withdraw(REASON, institute),
        lambda: approved.sign(institute, approved.revision, NOW),
        lambda: recorded.confirm_record(institute, recorded.revision, NOW),
        lambda: in_force.suspend(institute, REASON, NOW),
        lambda: in_force.terminate(institute, REASON, NOW),
        lambda: in_force.give_notice(institute, REASON, NOW),
    ):
        with pytest.raises(OfficeOfAPart):
            deed()
    assert (agreement.recorded[0].model_dump()["party"], agreement.recorded[0].model_dump()["acting"]) == (
        BIRMINGHAM, INSTITUTE,
    )  # fmt: skip


def test_an_operator_vouches_for_a_side_against_the_document_of_the_record() -> None:
    """The event says for whom, why, and what was compared; the document keeps the sentence. A side that has confirmed
    needs nobody, and whoever recorded it confirms it for no other side."""
    agreement = recorded(signatories=[BIRMINGHAM, NANJING, COUNCIL], participants=[])
    entered_it = replace(FRAMPTON, roles=FRAMPTON.roles | {Role.OPERATOR})

    def vouch(party: UUID, document: str = SCAN, by: Actor = OPERATOR) -> None:
        agreement.vouch_for_record(party, document, REASON, by, agreement.revision, NOW)

    for refusal, deed in (
        (DocumentNotNamed, lambda: vouch(NANJING, "1" * 64)),
        (AgreedAlready, lambda: vouch(BIRMINGHAM)),
        (NotASide, lambda: vouch(SOUTHEAST)),
        (SamePerson, lambda: vouch(NANJING, by=entered_it)),
    ):
        with pytest.raises(refusal):
            deed()
    vouch(NANJING)
    agreement.confirm_record(ANYBODY_ELSE, agreement.revision, NOW)
    told = [e.model_dump(include={"party", "acting", "by", "reason_code", "document_sha256", "status"})
            for e in agreement.recorded[1:]]  # fmt: skip

    assert told == [
        {"party": NANJING, "acting": COUNCIL, "by": OPERATOR.person_id, "status": "recorded",
         "reason_code": "priorities-changed", "document_sha256": SCAN},
        {"party": COUNCIL, "acting": COUNCIL, "by": ANYBODY_ELSE.person_id, "status": "signed",
         "reason_code": None, "document_sha256": None},
    ]  # fmt: skip
    assert (agreement.vouched, agreement.reason) == ({NANJING: SCAN}, REASON.text)


def test_whoever_approved_for_a_side_does_not_sign_for_it() -> None:
    """Two people of a side look at what binds it."""
    agreement = agreement_that_is(Status.APPROVED)

    with pytest.raises(ApprovedByYou):
        agreement.sign(FRAMPTON, agreement.revision, NOW)


def test_an_approval_names_the_revision_that_was_read() -> None:
    """A revision that came in between is not approved by mistake."""
    agreement = agreement_that_is(Status.IN_REVIEW)
    read = agreement.revision
    agreement.revise(terms(areas=["health"]), JIANG)

    with pytest.raises(RevisionChanged):
        agreement.approve(FRAMPTON, read, NOW)


def test_one_side_alone_neither_suspends_nor_terminates() -> None:
    """The first consent leaves the agreement as it is; the same side cannot give the other's."""
    agreement = agreement_that_is(Status.IN_FORCE)

    agreement.terminate(CHANCELLOR, REASON, NOW)
    agreement.suspend(CHANCELLOR, REASON, NOW)
    with pytest.raises(AgreedAlready):
        agreement.terminate(officer(BIRMINGHAM, 77), REASON, NOW)

    assert agreement.status is Status.IN_FORCE
    assert set(agreement.consents) == {"terminate", "suspend"}


def test_a_change_of_state_forgets_the_other_consents() -> None:
    """A consent to suspend that is left from before a suspension does not count for the next one."""
    agreement = agreement_that_is(Status.SUSPENDED)
    for who in (CHANCELLOR, MAYOR):
        agreement.resume(who, NOW)

    agreement.suspend(CHANCELLOR, REASON, NOW)

    assert agreement.status is Status.IN_FORCE


def test_notice_is_given_once_by_terms_and_taken_back_by_its_giver() -> None:
    """90 days after the day of the notice in the agreement's zone it terminates."""
    agreement = agreement_that_is(Status.IN_FORCE)
    agreement.give_notice(MAYOR, REASON, datetime(2026, 12, 1, 20, tzinfo=UTC))

    assert agreement.terminates_on == date(2027, 3, 2)
    assert agreement.due()["notice"] == datetime(2027, 3, 2, 16, tzinfo=UTC)
    with pytest.raises(NoticeGivenAlready):
        agreement.give_notice(CHANCELLOR, REASON, NOW)
    with pytest.raises(NotYourNotice):
        agreement.retract_notice(CHANCELLOR)
    with pytest.raises(NoNoticePeriod):
        agreement_that_is(Status.IN_FORCE, notice_days=None).give_notice(MAYOR, REASON, NOW)


def test_an_agreement_begins_on_the_day_of_the_last_signature_if_it_says_so() -> None:
    """The day in the agreement's zone: 18:00 UTC is tomorrow in Shanghai."""
    agreement = agreement_that_is(Status.APPROVED, starts_on=None)
    agreement.sign(CHANCELLOR, agreement.revision, NOW)
    agreement.sign(MAYOR, agreement.revision, datetime(2026, 11, 24, 18, tzinfo=UTC))

    assert agreement.starts_on == date(2026, 11, 25)
    assert agreement.due() == {"commence": datetime(2026, 11, 24, 16, tzinfo=UTC)}


def test_participants_see_an_agreement_once_all_have_signed() -> None:
    """A draft is for those who sign it."""
    seen = {status: SOUTHEAST in agreement_that_is(status).sides for status in Status}

    assert [status for status, it_is in seen.items() if not it_is] == [
        Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.RECORDED,
    ]  # fmt: skip


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.ENDED, Status.TERMINATED, Status.WITHDRAWN)])
def test_an_annex_is_over_with_its_parent(status: Status) -> None:
    """Signed or in force it ends; before that it is withdrawn, with the reason."""
    annex = agreement_that_is(status)

    annex.end_with_parent()

    unsigned = status in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.RECORDED)
    assert (annex.status, annex.reason_code) == (
        (Status.WITHDRAWN, "agreement-ended") if unsigned else (Status.ENDED, annex.reason_code)
    )


@pytest.mark.parametrize(
    ("wrong", "parties"),
    [
        ({"areas": ["health"]}, {BIRMINGHAM: [BIRMINGHAM]}),
        ({}, {BIRMINGHAM: [BIRMINGHAM], COUNCIL: [COUNCIL]}),
    ],
    ids=["an area", "a party"],
)
def test_an_annex_stays_within_its_parent(wrong: dict[str, object], parties: dict[UUID, list[UUID]]) -> None:
    """Its areas are the parent's, and its parties sides of the parent or parts of them."""
    parent = agreement_that_is(Status.IN_FORCE)
    require_within(parent, terms(), {INSTITUTE: [INSTITUTE, BIRMINGHAM], SOUTHEAST: [SOUTHEAST]})

    with pytest.raises(AnnexOutsideParent):
        require_within(parent, terms(**wrong), parties)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 2, 28), 6, date(2027, 8, 31)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 1, 30), 1, date(2027, 2, 28)),
        (date(2027, 11, 30), 12, date(2028, 11, 30)),
    ],
)
def test_months_are_counted_as_terms_mean_them(day: date, months: int, later: date) -> None:
    """The last day of a month stays the last; a day that the month lacks is its last."""
    assert months_later(day, months) == later


def test_days_begin_and_end_in_the_zone_that_the_agreement_names() -> None:
    """1 December in Shanghai begins on 30 November at 16:00 UTC, and the last day lasts until its midnight there."""
    signed, in_force = agreement_that_is(Status.SIGNED), agreement_that_is(Status.IN_FORCE)

    assert dict(signed.due()) == {"commence": datetime(2026, 11, 30, 16, tzinfo=UTC)}
    assert in_force.due()["end"] == datetime(2031, 11, 30, 16, tzinfo=UTC)
    assert dict(agreement_that_is(Status.IN_FORCE, ends_on=None).due()) == {}


def test_an_agreement_is_signed_until_the_last_moment_of_its_last_day() -> None:
    """A signature in the last second counts, one at the next midnight of the agreement's zone does not."""
    agreement = agreement_that_is(Status.APPROVED)
    midnight = datetime(2031, 11, 30, 16, tzinfo=UTC)

    agreement.sign(CHANCELLOR, agreement.revision, midnight.replace(hour=15, minute=59, second=59))
    with pytest.raises(PastItsEnd):
        agreement.sign(MAYOR, agreement.revision, midnight)


def test_the_signed_event_has_all_that_a_reader_needs() -> None:
    """Who follows only this event knows the terms, the sides, the revision and both signatures."""
    agreement = agreement_that_is(Status.APPROVED)
    agreement.sign(CHANCELLOR, agreement.revision, NOW)
    agreement.sign(MAYOR, agreement.revision, NOW)

    event = agreement.recorded[-1]

    assert isinstance(event, AgreementSigned)
    assert (event.agreement_id, event.party, event.by) == (agreement.id, NANJING, MAYOR.person)
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
        {"renewal": Renewal.AUTOMATIC},
        {"renewal": Renewal.AUTOMATIC, "renewal_months": 12, "ends_on": None},
        {"renewal_months": 12},
        {"targets": [{"area": "health", "fact": "mobilities-approved", "number": 3, "due_on": "2027-07-31"}]},
        {"targets": [{"area": "talent", "fact": "mobilities-hoped-for", "number": 3, "due_on": "2027-07-31"}]},
    ],
    ids=str,
)
def test_a_proposal_that_makes_no_sense_is_refused_at_once(wrong: dict[str, object]) -> None:
    """One signatory, a side named twice, no area, an end before the start, an unknown zone, no text."""
    with pytest.raises(ValidationError):
        terms(**wrong)


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
