"""Every allowed and refused transition of an amendment, and its effect on the agreement."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.partners.domain.agreement import Agreement
from services.partners.domain.agreement_lifecycle import Status as AgreementStatus
from services.partners.domain.agreement_refusals import NothingRevised
from services.partners.domain.amendment import LIFECYCLE, Amendment, Status
from shared.contracts.agreement import AgreementAmended
from shared.contracts.amendment import AmendmentProposed
from shared.domain.aggregate import Transition
from shared.domain.consent import ApprovedByYou, RevisionChanged
from shared.domain.reason import Cause
from shared.domain.refused import NotASide, NotInState, Refused
from shared.domain.side import OfficeOfAPart
from tests.unit.partners.cast import (
    ANYBODY_ELSE,
    BIRMINGHAM,
    CHANCELLOR,
    COUNCIL,
    FRAMPTON,
    INSTITUTE,
    JIANG,
    LAST_DAY_OVER,
    MAYOR,
    NANJING,
    NOW,
    REASON,
    agreement_that_is,
    officer,
    terms,
)

LATER = {"areas": ["culture", "health", "talent"], "ends_on": date(2036, 11, 30)}


def in_force() -> Agreement:
    return agreement_that_is(AgreementStatus.IN_FORCE)


def proposed(agreement: Agreement | None = None, applies_on: date | None = None, **more: object) -> Amendment:
    """An amendment that Birmingham has just proposed: health as a further area, and five more years."""
    agreement = agreement or in_force()
    return Amendment.propose(
        UUID(int=200), agreement, agreement.revision, terms(**LATER | more), applies_on, FRAMPTON
    )  # fmt: skip


def approve(amendment: Amendment) -> None:
    for who in (FRAMPTON, JIANG):
        amendment.approve(who, amendment.revision, NOW)


def sign(amendment: Amendment) -> None:
    for who in (CHANCELLOR, MAYOR):
        amendment.sign(who, amendment.revision, NOW)


STEPS: dict[Status, list[Callable[[Amendment], None]]] = {
    Status.PROPOSED: [],
    Status.AGREED: [approve],
    Status.SIGNED: [approve, sign],
    Status.APPLIED: [approve, sign, lambda a: a.apply_to(in_force(), NOW)],
    Status.WITHDRAWN: [lambda a: a.withdraw(REASON, JIANG)],
    Status.LAPSED: [lambda a: a.lapse(Cause.AGREEMENT_ENDED)],
}
ACTS: dict[str, Callable[[Amendment], None]] = {
    "approve": lambda a: a.approve(FRAMPTON, a.revision, NOW),
    "sign": lambda a: a.sign(CHANCELLOR, a.revision, NOW),
    "apply": lambda a: a.apply_to(in_force(), NOW),
    "withdraw": lambda a: a.withdraw(REASON, JIANG),
}
FIRST = {
    "approve": lambda a: a.approve(JIANG, a.revision, NOW),
    "sign": lambda a: a.sign(MAYOR, a.revision, NOW),
}


def amendment_that_is(status: Status) -> Amendment:
    amendment = proposed()
    for step in STEPS[status]:
        step(amendment)
    amendment.recorded.clear()
    return amendment


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source}-{r.what}-{r.target}")
def test_each_allowed_act_leads_to_its_state(row: Transition) -> None:
    """It records exactly the event of its row."""
    amendment = amendment_that_is(Status(row.source))
    if row.what in FIRST and row.source != row.target:
        FIRST[row.what](amendment)
    amendment.recorded.clear()

    if row.what == "lapse":
        amendment.lapse(Cause.AGREEMENT_ENDED)
    else:
        ACTS[row.what](amendment)

    assert (amendment.status, [type(e) for e in amendment.recorded]) == (row.target, [row.event])


NOT_ALLOWED = [(s, what) for s in Status for what in ACTS if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), NOT_ALLOWED)
def test_an_act_outside_the_lifecycle_is_refused(status: Status, what: str) -> None:
    """It records no event and changes nothing."""
    amendment, untouched = amendment_that_is(status), amendment_that_is(status)

    with pytest.raises(Refused):
        ACTS[what](amendment)

    assert (amendment, amendment.recorded) == (untouched, [])


def test_the_agreement_stays_unchanged_until_the_amendment_applies() -> None:
    """Then it has all the new terms and the next revision number, and the event says what changed."""
    agreement = in_force()
    amendment = proposed(agreement)
    approve(amendment)
    sign(amendment)
    before = (agreement.areas, agreement.ends_on, agreement.revision.number)

    amendment.apply_to(agreement, NOW)

    [event] = agreement.recorded
    assert before == (["culture", "talent"], date(2031, 11, 30), 1)
    assert isinstance(event, AgreementAmended)
    assert (event.changed, event.areas, event.ends_on) == (["areas", "ends-on"], LATER["areas"], LATER["ends_on"])
    assert (event.revision.number, event.amendment_id, event.status) == (2, amendment.id, "in-force")
    assert agreement.signatures.complete


def test_an_amendment_applies_on_its_day_or_with_the_last_signature() -> None:
    """The day starts in the agreement's time zone; if it has passed, the amendment applies once it is signed."""
    for applies_on, due in (
        (None, NOW), (date(2027, 1, 1), datetime(2026, 12, 31, 16, tzinfo=UTC)), (date(2026, 1, 1), NOW),
    ):  # fmt: skip
        amendment = proposed(applies_on=applies_on)
        approve(amendment)
        sign(amendment)

        assert dict(amendment.due()) == {"apply": due}


@pytest.mark.parametrize("why", [Cause.AGREEMENT_ENDED, Cause.AGREEMENT_CHANGED])
def test_an_overtaken_amendment_lapses(why: Cause) -> None:
    """If the agreement has ended or another amendment applied first, the agreement stays unchanged."""
    agreement = in_force()
    first, second = proposed(agreement), proposed(agreement, title={"en": "Another title"})
    for each in (first, second):
        approve(each)
        sign(each)
    if why is Cause.AGREEMENT_CHANGED:
        first.apply_to(agreement, NOW)
    else:
        agreement.end(LAST_DAY_OVER)
    untouched = agreement.revision

    second.apply_to(agreement, NOW)

    assert (second.status, second.reason_code, agreement.revision) == (Status.LAPSED, why, untouched)


def test_a_new_signatory_must_agree_too() -> None:
    """The amendment is agreed only with the consent of the signatory that it adds."""
    amendment = proposed(signatories=[BIRMINGHAM, NANJING, COUNCIL])
    approve(amendment)

    assert amendment.status is Status.PROPOSED
    amendment.approve(ANYBODY_ELSE, amendment.revision, NOW)
    assert amendment.status is Status.AGREED


def test_a_proposal_must_change_the_current_revision() -> None:
    """The agreement must be in force or suspended, and the proposer must belong to one of its sides."""
    agreement = in_force()
    stale = agreement.revision.model_copy(update={"number": 7})
    ended = agreement_that_is(AgreementStatus.ENDED)

    def propose(of: Agreement = agreement, **given: object) -> Amendment:

        arguments = {"base": of.revision, "terms": terms(**LATER), "actor": FRAMPTON} | given
        return Amendment.propose(UUID(int=201), of, applies_on=None, **arguments)  # pyright: ignore[reportArgumentType]

    for refusal, act in (
        (RevisionChanged, lambda: propose(base=stale)),
        (NothingRevised, lambda: propose(terms=terms())),
        (NotInState, lambda: propose(ended)),
        (NotASide, lambda: propose(actor=ANYBODY_ELSE)),
    ):
        with pytest.raises(refusal):
            act()


def test_an_institute_proposes_an_amendment_and_its_university_decides() -> None:
    """The event names the side that the institute acted for."""
    institute = officer(INSTITUTE, 23, within=(BIRMINGHAM,))
    agreement = in_force()
    amendment = Amendment.propose(UUID(int=202), agreement, agreement.revision, terms(**LATER), None, institute)

    [event] = amendment.recorded
    assert isinstance(event, AmendmentProposed)
    assert (event.party, event.acting, event.signatories) == (BIRMINGHAM, INSTITUTE, [BIRMINGHAM, NANJING])
    for act in (
        lambda: amendment.approve(institute, amendment.revision, NOW),
        lambda: amendment.withdraw(REASON, institute),
    ):
        with pytest.raises(OfficeOfAPart):
            act()


def test_approval_and_signature_need_the_current_revision_and_two_people() -> None:
    """The revision also covers the day on which the amendment applies."""
    amendment, other = proposed(), proposed(applies_on=date(2027, 1, 1))

    with pytest.raises(RevisionChanged):
        amendment.approve(FRAMPTON, other.revision, NOW)
    approve(amendment)
    with pytest.raises(ApprovedByYou):
        amendment.sign(JIANG, amendment.revision, NOW + timedelta(days=1))
