"""The rules of an agreement: what it refuses and which events it records."""

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
    """Anyone can compute it from the document; it covers every term and every party."""
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
    """A term cannot be changed after an approval without a new revision."""
    assert revision_of(terms(**other), 1).sha256 != revision_of(terms(), 1).sha256


def test_a_changed_text_is_a_new_revision_and_voids_the_reviews() -> None:
    """A party that had approved the earlier revision must approve again."""
    agreement = agreement_that_is(Status.IN_REVIEW)
    agreement.approve(JIANG, agreement.revision, NOW)
    before = agreement.revision

    agreement.revise(terms(text=Document(en="Both sides work closely together.")), FRAMPTON)

    assert (agreement.status, agreement.reviews.given, agreement.revision.number) == (Status.IN_REVIEW, {}, 2)
    assert agreement.revision.sha256 != before.sha256
    agreement.approve(JIANG, agreement.revision, NOW)
    assert agreement.status is Status.IN_REVIEW


def test_a_changed_text_of_an_approved_agreement_needs_new_reviews() -> None:
    """A change voids the approvals of all parties."""
    agreement = agreement_that_is(Status.APPROVED)

    agreement.revise(terms(areas=["health"]), FRAMPTON)

    assert (agreement.status, agreement.reviews.given) == (Status.IN_REVIEW, {})


def test_a_return_voids_the_approvals() -> None:
    """When the draft is submitted again, every party must review it."""
    agreement = agreement_that_is(Status.IN_REVIEW)
    agreement.approve(JIANG, agreement.revision, NOW)
    agreement.send_back(REASON, FRAMPTON)
    agreement.submit(FRAMPTON)

    agreement.approve(FRAMPTON, agreement.revision, NOW)

    assert (agreement.status, set(agreement.reviews.given)) == (Status.IN_REVIEW, {BIRMINGHAM})


def test_a_revision_with_the_same_terms_is_refused() -> None:
    """It would void the reviews for nothing."""
    with pytest.raises(NothingRevised):
        agreement_that_is(Status.IN_REVIEW).revise(terms(), FRAMPTON)


@pytest.mark.parametrize("signed_by_all", [False, True])
def test_a_signed_text_cannot_be_revised(signed_by_all: bool) -> None:
    """This holds from the first signature on."""
    agreement = agreement_that_is(Status.SIGNED if signed_by_all else Status.APPROVED)
    if not signed_by_all:
        agreement.sign(MAYOR, agreement.revision, NOW)

    with pytest.raises(AlreadySigned):
        agreement.revise(terms(areas=["health"]), FRAMPTON)


def test_after_a_signature_only_a_side_that_signed_may_withdraw() -> None:
    """A side cannot undo another's signature; once all have signed, nobody can withdraw."""
    agreement, signed = agreement_that_is(Status.APPROVED), agreement_that_is(Status.SIGNED)
    agreement.sign(CHANCELLOR, agreement.revision, NOW)

    with pytest.raises(SignedByOthers):
        agreement.withdraw(REASON, JIANG)
    agreement.withdraw(REASON, FRAMPTON)
    with pytest.raises(NotInState):
        signed.withdraw(REASON, FRAMPTON)

    assert (agreement.status, type(agreement.recorded[-1])) == (Status.WITHDRAWN, AgreementWithdrawn)


@pytest.mark.parametrize("before", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
def test_revision_and_withdrawal_record_the_earlier_status(before: Status) -> None:
    """People who were asked to review or sign can then be told that they need not."""
    revised, withdrawn = agreement_that_is(before), agreement_that_is(before)

    revised.revise(terms(areas=["health"]), FRAMPTON)
    withdrawn.withdraw(REASON, FRAMPTON)

    assert [each.recorded[-1].model_dump()["before"] for each in (revised, withdrawn)] == [before, before]


def test_only_the_current_revision_can_be_signed() -> None:
    """A signature names the revision's number and hash; a difference in either is refused."""
    agreement = agreement_that_is(Status.APPROVED)
    other_text = agreement.revision.model_copy(update={"sha256": "0" * 64})

    for wrong in (other_text, agreement.revision.model_copy(update={"number": 2})):
        with pytest.raises(RevisionChanged):
            agreement.sign(CHANCELLOR, wrong, NOW)


def test_a_party_signs_and_approves_once() -> None:
    """A colleague from the same organisation is refused."""
    colleague = officer(BIRMINGHAM, 21)
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)
    in_review.approve(FRAMPTON, in_review.revision, NOW)
    approved.sign(CHANCELLOR, approved.revision, NOW)

    with pytest.raises(AgreedAlready):
        in_review.approve(colleague, in_review.revision, NOW)
    with pytest.raises(AgreedAlready):
        approved.sign(colleague, approved.revision, NOW)


def test_one_person_cannot_act_for_two_parties() -> None:
    """A person with offices in both organisations may approve and sign for one of them only."""
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)
    in_review.approve(FRAMPTON, in_review.revision, NOW)
    approved.sign(CHANCELLOR, approved.revision, NOW)

    with pytest.raises(SamePerson):
        in_review.approve(BOTH_SIDES_IN_ONE, in_review.revision, NOW)
    with pytest.raises(SamePerson):
        approved.sign(officer(NANJING, 31), approved.revision, NOW)


def test_only_signatories_decide() -> None:
    """A participant's officer cannot approve, return or sign, and an outsider cannot draft."""
    participant = officer(SOUTHEAST, 22)
    in_review, approved = agreement_that_is(Status.IN_REVIEW), agreement_that_is(Status.APPROVED)

    for act in (
        lambda: in_review.approve(participant, in_review.revision, NOW),
        lambda: in_review.send_back(REASON, participant),
        lambda: approved.sign(participant, approved.revision, NOW),
        lambda: Agreement.draft(UUID(int=9), terms(), ANYBODY_ELSE),
    ):
        with pytest.raises(NotASide):
            act()


def test_an_institute_prepares_an_agreement_and_its_university_decides() -> None:
    """An officer of a unit may draft, revise and submit, but no act of theirs binds the signatory."""
    institute = officer(INSTITUTE, 23, within=(BIRMINGHAM,))
    agreement = Agreement.draft(UUID(int=9), terms(), institute)
    agreement.revise(terms(areas=["health"]), institute)
    agreement.submit(institute)
    approved, in_force, recorded = (
        agreement_that_is(s) for s in (Status.APPROVED, Status.IN_FORCE, Status.RECORDED)
    )  # fmt: skip

    for act in (
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
            act()
    assert (agreement.recorded[0].model_dump()["party"], agreement.recorded[0].model_dump()["acting"]) == (
        BIRMINGHAM, INSTITUTE,
    )  # fmt: skip


def test_an_operator_may_confirm_a_record_for_an_absent_side() -> None:
    """The event has the side, the reason code and the hash of the document compared. A side that has confirmed needs no
    one, and the person who recorded the agreement may not confirm it for another side."""
    agreement = recorded(signatories=[BIRMINGHAM, NANJING, COUNCIL], participants=[])
    entered_it = replace(FRAMPTON, roles=FRAMPTON.roles | {Role.OPERATOR})

    def vouch(party: UUID, document: str = SCAN, by: Actor = OPERATOR) -> None:
        agreement.vouch_for_record(party, document, REASON, by, agreement.revision, NOW)

    for refusal, act in (
        (DocumentNotNamed, lambda: vouch(NANJING, "1" * 64)),
        (AgreedAlready, lambda: vouch(BIRMINGHAM)),
        (NotASide, lambda: vouch(SOUTHEAST)),
        (SamePerson, lambda: vouch(NANJING, by=entered_it)),
    ):
        with pytest.raises(refusal):
            act()
    vouch(NANJING)
    agreement.confirm_record(ANYBODY_ELSE, agreement.revision, NOW)
    events = [e.model_dump(include={"party", "acting", "by", "reason_code", "document_sha256", "status"})
            for e in agreement.recorded[1:]]  # fmt: skip

    assert events == [
        {"party": NANJING, "acting": COUNCIL, "by": OPERATOR.person_id, "status": "recorded",
         "reason_code": "priorities-changed", "document_sha256": SCAN},
        {"party": COUNCIL, "acting": COUNCIL, "by": ANYBODY_ELSE.person_id, "status": "signed",
         "reason_code": None, "document_sha256": None},
    ]  # fmt: skip
    assert (agreement.vouched, agreement.reason) == ({NANJING: SCAN}, REASON.text)


def test_the_person_who_approved_for_a_side_may_not_sign_for_it() -> None:
    """Two people of a side check what binds it."""
    agreement = agreement_that_is(Status.APPROVED)

    with pytest.raises(ApprovedByYou):
        agreement.sign(FRAMPTON, agreement.revision, NOW)


def test_an_approval_of_an_earlier_revision_is_refused() -> None:
    """A revision made in the meantime cannot be approved by mistake."""
    agreement = agreement_that_is(Status.IN_REVIEW)
    read = agreement.revision
    agreement.revise(terms(areas=["health"]), JIANG)

    with pytest.raises(RevisionChanged):
        agreement.approve(FRAMPTON, read, NOW)


def test_one_side_alone_cannot_suspend_or_terminate() -> None:
    """The first consent changes nothing, and the same side cannot give the second one."""
    agreement = agreement_that_is(Status.IN_FORCE)

    agreement.terminate(CHANCELLOR, REASON, NOW)
    agreement.suspend(CHANCELLOR, REASON, NOW)
    with pytest.raises(AgreedAlready):
        agreement.terminate(officer(BIRMINGHAM, 77), REASON, NOW)

    assert agreement.status is Status.IN_FORCE
    assert set(agreement.consents) == {"terminate", "suspend"}


def test_a_change_of_state_voids_the_other_consents() -> None:
    """A consent to an earlier suspension does not count for the next one."""
    agreement = agreement_that_is(Status.SUSPENDED)
    for who in (CHANCELLOR, MAYOR):
        agreement.resume(who, NOW)

    agreement.suspend(CHANCELLOR, REASON, NOW)

    assert agreement.status is Status.IN_FORCE


def test_notice_is_given_once_and_retracted_by_the_side_that_gave_it() -> None:
    """The agreement terminates 90 days after the day of the notice in its time zone."""
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


def test_an_agreement_may_start_on_the_day_of_the_last_signature() -> None:
    """The day is that of the agreement's time zone: 18:00 UTC is the next day in Shanghai."""
    agreement = agreement_that_is(Status.APPROVED, starts_on=None)
    agreement.sign(CHANCELLOR, agreement.revision, NOW)
    agreement.sign(MAYOR, agreement.revision, datetime(2026, 11, 24, 18, tzinfo=UTC))

    assert agreement.starts_on == date(2026, 11, 25)
    assert agreement.due() == {"commence": datetime(2026, 11, 24, 16, tzinfo=UTC)}


def test_participants_see_an_agreement_once_all_have_signed() -> None:
    """Only signatories see a draft."""
    seen = {status: SOUTHEAST in agreement_that_is(status).sides for status in Status}

    assert [status for status, visible in seen.items() if not visible] == [
        Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.RECORDED,
    ]  # fmt: skip


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.ENDED, Status.TERMINATED, Status.WITHDRAWN)])
def test_an_annex_ends_with_its_parent(status: Status) -> None:
    """A signed annex ends; an unsigned one is withdrawn with a reason."""
    annex = agreement_that_is(status)
    before = annex.reason_code

    annex.end_with_parent()

    unsigned = status in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.RECORDED)
    assert (annex.status, annex.reason_code) == (
        (Status.WITHDRAWN, "agreement-ended") if unsigned else (Status.ENDED, before)
    )


@pytest.mark.parametrize(
    ("wrong", "parties"),
    [
        ({"areas": ["health"]}, {BIRMINGHAM: [BIRMINGHAM]}),
        ({}, {BIRMINGHAM: [BIRMINGHAM], COUNCIL: [COUNCIL]}),
    ],
    ids=["an area", "a party"],
)
def test_an_annex_must_stay_within_its_parent(wrong: dict[str, object], parties: dict[UUID, list[UUID]]) -> None:
    """Its areas must be among the parent's, and its parties must be sides of the parent or units of them."""
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
def test_months_are_counted_from_month_end_to_month_end(day: date, months: int, later: date) -> None:
    """The last day of a month stays the last, and a day that the later month lacks becomes its last."""
    assert months_later(day, months) == later


def test_days_start_and_end_in_the_agreements_time_zone() -> None:
    """1 December in Shanghai starts on 30 November at 16:00 UTC; the last day ends at midnight in Shanghai."""
    signed, in_force = agreement_that_is(Status.SIGNED), agreement_that_is(Status.IN_FORCE)

    assert dict(signed.due()) == {"commence": datetime(2026, 11, 30, 16, tzinfo=UTC)}
    assert in_force.due()["end"] == datetime(2031, 11, 30, 16, tzinfo=UTC)
    assert dict(agreement_that_is(Status.IN_FORCE, ends_on=None).due()) == {}


def test_an_agreement_can_be_signed_until_the_end_of_its_last_day() -> None:
    """A signature in the last second counts; one at midnight in the agreement's time zone is refused."""
    agreement = agreement_that_is(Status.APPROVED)
    midnight = datetime(2031, 11, 30, 16, tzinfo=UTC)

    agreement.sign(CHANCELLOR, agreement.revision, midnight.replace(hour=15, minute=59, second=59))
    with pytest.raises(PastItsEnd):
        agreement.sign(MAYOR, agreement.revision, midnight)


def test_the_signed_event_has_all_that_a_reader_needs() -> None:
    """It has the terms, the sides, the revision and both signatures."""
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
def test_inconsistent_terms_are_refused(wrong: dict[str, object]) -> None:
    """Examples: one signatory, a repeated side, no area, an end before the start, an unknown time zone, no text."""
    with pytest.raises(ValidationError):
        terms(**wrong)


def test_a_stored_agreement_is_read_back_unchanged() -> None:
    """The stored body also has the sides, by which lists filter."""
    stored = TypeAdapter(Agreement)
    agreement = agreement_that_is(Status.IN_FORCE)

    body = stored.dump_python(agreement, mode="json")

    assert body["sides"] == [str(o) for o in (BIRMINGHAM, NANJING, SOUTHEAST)]
    assert stored.validate_python(body) == agreement


def test_areas_are_sorted_without_duplicates() -> None:
    """Neither their order nor a repetition makes a difference."""
    assert drafted(areas=["talent", "research-innovation", "talent"]).areas == ["research-innovation", "talent"]
