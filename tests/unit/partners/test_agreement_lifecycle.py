"""Every allowed and refused transition of an agreement, generated from the lifecycle table."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from services.partners.domain.agreement import Agreement
from services.partners.domain.agreement_lifecycle import LIFECYCLE, Status
from services.partners.domain.kinds import Renewal
from shared.domain.aggregate import Transition
from shared.domain.refused import Refused
from tests.unit.partners.cast import (
    AGREEMENT,
    CHANCELLOR,
    FRAMPTON,
    JIANG,
    LAST_DAY_OVER,
    MAYOR,
    NANJING,
    NOW,
    OPERATOR,
    REASON,
    SCAN,
    agreement_that_is,
    terms,
)

ACTS: dict[str, Callable[[Agreement], None]] = {
    "submit": lambda a: a.submit(FRAMPTON),
    "revise": lambda a: a.revise(terms(time_zone="Europe/London"), FRAMPTON),
    "approve": lambda a: a.approve(FRAMPTON, a.revision, NOW),
    "return": lambda a: a.send_back(REASON, JIANG),
    "sign": lambda a: a.sign(CHANCELLOR, a.revision, NOW),
    "confirm record": lambda a: a.confirm_record(JIANG, a.revision, NOW),
    "vouch for record": lambda a: a.vouch_for_record(NANJING, SCAN, REASON, OPERATOR, a.revision, NOW),
    "commence": lambda a: a.commence(NOW),
    "suspend": lambda a: a.suspend(CHANCELLOR, REASON, NOW),
    "resume": lambda a: a.resume(CHANCELLOR, NOW),
    "terminate": lambda a: a.terminate(CHANCELLOR, REASON, NOW),
    "give notice": lambda a: a.give_notice(MAYOR, REASON, NOW),
    "retract notice": lambda a: a.retract_notice(MAYOR),
    "terminate by notice": Agreement.terminate_by_notice,
    "amend": lambda a: a.amend(AGREEMENT, a.revision, terms(areas=["health"]), NOW),
    "remind": lambda a: a.remind(90),
    "renew": lambda a: a.end(LAST_DAY_OVER),
    "end": lambda a: a.end(LAST_DAY_OVER),
    "withdraw": lambda a: a.withdraw(REASON, FRAMPTON),
}
FIRST = {
    "approve": lambda a: a.approve(JIANG, a.revision, NOW),
    "sign": lambda a: a.sign(MAYOR, a.revision, NOW),
    "suspend": lambda a: a.suspend(MAYOR, REASON, NOW),
    "resume": lambda a: a.resume(MAYOR, NOW),
    "terminate": lambda a: a.terminate(MAYOR, REASON, NOW),
}
"""What the other side does first, so that the act is that of the last side."""
CONFIRMING = ("confirm record", "vouch for record")
PAST = {"starts_on": date(2020, 1, 1), "ends_on": date(2024, 12, 31)}
OTHERWISE = {
    "renew": {"renewal": Renewal.AUTOMATIC, "renewal_months": 12},
    **{(what, Status.IN_FORCE): {"starts_on": date(2026, 3, 2)} for what in CONFIRMING},
    **{(what, Status.ENDED): PAST for what in CONFIRMING},
}
"""Terms that the act requires."""


def ready(row: Transition) -> Agreement:
    """An agreement in which the act leads to the row's target."""
    more = OTHERWISE.get(row.what) or OTHERWISE.get((row.what, Status(row.target))) or {}
    agreement = agreement_that_is(Status(row.source), **more)
    if row.what in FIRST and row.target != row.source:
        FIRST[row.what](agreement)
    if row.what == "retract notice":
        agreement.give_notice(MAYOR, REASON, NOW)
    if row.what in CONFIRMING and row.target == row.source:
        agreement.reviews = agreement.reviews.retract(FRAMPTON.organisation)
    agreement.recorded.clear()
    return agreement


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source}-{r.what}-{r.target}")
def test_each_allowed_act_leads_to_its_state(row: Transition) -> None:
    """It records exactly the event of its row, with that status."""
    agreement = ready(row)

    if (row.source, row.what) == (Status.SIGNED, "end"):
        agreement.end_with_parent()
    else:
        ACTS[row.what](agreement)

    assert (agreement.status, [type(e) for e in agreement.recorded]) == (row.target, [row.event])
    assert agreement.recorded[0].model_dump()["status"] == row.target


NOT_ALLOWED = [
    (s, what) for s in Status for what in ACTS if what != "renew" and not LIFECYCLE.allows(s, what)
]  # fmt: skip


@pytest.mark.parametrize(("status", "what"), NOT_ALLOWED)
def test_an_act_outside_the_lifecycle_is_refused(status: Status, what: str) -> None:
    """It records no event and changes nothing."""
    agreement, untouched = agreement_that_is(status), agreement_that_is(status)

    with pytest.raises(Refused):
        ACTS[what](agreement)

    assert (agreement, agreement.recorded) == (untouched, [])


def test_every_act_and_every_state_is_tested() -> None:
    """The tests above cover the whole lifecycle table."""
    assert {r.what for r in LIFECYCLE.rows} == set(ACTS)
    assert {s for r in LIFECYCLE.rows for s in (r.source, r.target)} == set(Status)


def test_each_reminder_is_sent_once() -> None:
    """The reminders are due 180, 90 and 30 days before the end, in the agreement's time zone."""
    agreement = agreement_that_is(Status.IN_FORCE)
    ends = datetime(2031, 11, 29, 16, tzinfo=UTC)

    for days in (180, 90, 30):
        assert agreement.due()[f"remind-{days}"] == ends - timedelta(days=days)
        agreement.remind(days)

    assert dict(agreement.due()) == {"end": LAST_DAY_OVER}


def test_reminders_whose_time_has_passed_are_skipped() -> None:
    """An agreement that comes into force 60 days before its end has one reminder."""
    agreement = agreement_that_is(Status.SIGNED)

    agreement.commence(LAST_DAY_OVER - timedelta(days=60))

    assert [kind for kind in agreement.due() if kind.startswith("remind")] == ["remind-30"]


def test_automatic_renewal_reminds_of_the_last_day_for_notice() -> None:
    """On that day a side can still give notice; at the end it would be too late."""
    agreement = agreement_that_is(Status.IN_FORCE, renewal=Renewal.AUTOMATIC, renewal_months=12)

    assert agreement.deadline == date(2031, 9, 1)
    assert agreement.due()["remind-30"] == datetime(2031, 8, 1, 16, tzinfo=UTC)


def test_a_renewal_after_a_long_outage_ends_in_the_future() -> None:
    """However late the timer fires, one event moves the last day past the present."""
    agreement = agreement_that_is(Status.IN_FORCE, renewal=Renewal.AUTOMATIC, renewal_months=12)

    agreement.end(datetime(2033, 6, 1, tzinfo=UTC))

    assert (agreement.ends_on, len(agreement.recorded)) == (date(2033, 11, 30), 1)


def test_an_agreement_under_notice_is_not_renewed() -> None:
    """It ends on its last day if that comes before the end of the notice."""
    agreement = agreement_that_is(Status.IN_FORCE, renewal=Renewal.AUTOMATIC, renewal_months=12)
    agreement.give_notice(CHANCELLOR, REASON, LAST_DAY_OVER - timedelta(days=10))

    agreement.end(LAST_DAY_OVER)

    assert agreement.status is Status.ENDED
