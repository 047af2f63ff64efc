"""What an agreement has delivered: which event counts as what."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import UUID

import pytest

from services.partners.domain.delivery import COUNTED, NATURE, Counted, Delivered, Nature, delivered, item_of
from shared.contracts.event import Envelope, Event, facts
from shared.contracts.examples import BIRMINGHAM, NANJING, example
from shared.contracts.initiative import InitiativeDeliverableAccepted, InitiativeOutputRecorded
from shared.contracts.mobility import MobilityApproved, MobilityCancelled, MobilityNominated, MobilityRejected

EVENING = datetime(2027, 7, 31, 20, tzinfo=UTC)
"""Still 31 July in Birmingham, and 1 August in Nanjing."""
ID, SUBJECT = UUID(int=1), UUID(int=2)


def said(event: type[Event], **more: object) -> Event:
    """An example of the event."""
    return event.model_validate(example(event) | more)


def heard(event: type[Event], **more: object) -> Any:
    """An example of the event, delivered in the evening."""
    return said(event, **more).within(Envelope(ID, event.type, str(SUBJECT), 1, EVENING, "/tests"))


def test_approved_less_cancelled_is_what_is_left() -> None:
    """Of five nominations one is rejected, one cancelled before its approval, one after it: one approved is left."""
    story = [
        *(said(MobilityNominated) for _ in range(5)),
        said(MobilityRejected),
        said(MobilityCancelled, before="waiting"),
        *(said(MobilityApproved) for _ in range(2)),
        said(MobilityCancelled, before="approved"),
    ]

    counted = Counter(delivered(event) for event in story)

    assert counted == {
        "mobilities-nominated": 5, "mobilities-rejected": 1, "nominations-cancelled": 1, "mobilities-approved": 2,
        "mobilities-cancelled": 1,
    }  # fmt: skip


@pytest.mark.parametrize("before", ["waiting", "pending", "rejected", "a-status-of-tomorrow"])
def test_what_was_not_approved_is_a_nomination_that_is_cancelled(before: str) -> None:
    """Only an approved or live one is taken off what was approved."""
    assert delivered(said(MobilityCancelled, before=before)) is Delivered.NOMINATIONS_CANCELLED


@pytest.mark.parametrize("event", COUNTED)
def test_each_event_of_the_table_counts(event: type[Event]) -> None:
    """Every example of an event of the table counts as what the table says."""
    assert delivered(said(event)) is COUNTED[event]


def test_every_fact_is_counted_of_some_event() -> None:
    """No fact is named that is never counted."""
    assert {*COUNTED.values(), Delivered.NOMINATIONS_CANCELLED} == set(Delivered)


def test_every_fact_is_an_intention_or_a_result() -> None:
    """Every counted event has a nature; what failed, or was only agreed, is no result."""
    assert set(NATURE) == set(Delivered)
    assert {fact for fact, nature in NATURE.items() if nature is Nature.RESULT} == {
        "mobilities-live", "mobilities-recognised", "deals-completed", "milestones-achieved", "initiatives-completed",
        "deliverables-accepted", "outputs-recorded",
    }  # fmt: skip


def test_every_counted_event_is_of_a_topic_that_is_heard() -> None:
    """Each event of the table belongs to a family that has a projection."""
    assert set(COUNTED) <= {event for family in get_args(Counted) for event in facts(family)}


@pytest.mark.parametrize(("zone", "day", "year"), [
    ("Europe/London", date(2027, 7, 31), "2026/2027"),
    ("Asia/Shanghai", date(2027, 8, 1), "2027/2028"),
])  # fmt: skip
def test_an_event_has_its_day_in_the_agreements_zone(zone: str, day: date, year: str) -> None:
    """The same moment is another day, and another academic year, in another zone."""
    item = item_of(heard(MobilityApproved), zone)

    assert item is not None
    assert (item.day, item.academic_year) == (day, year)
    assert (item.event_id, item.aggregate_kind, item.aggregate_id) == (ID, "mobility", SUBJECT)


def test_an_output_has_the_day_that_it_names() -> None:
    """What was published in March counts in the year of March, whenever it is recorded."""
    output = {"kind": "publication", "scheme": "doi", "value": "10.1000/182", "on": "2026-03-31"}
    item = item_of(heard(InitiativeOutputRecorded, output=output), "Asia/Shanghai")

    assert item is not None
    assert (item.day, item.academic_year) == (date(2026, 3, 31), "2025/2026")


def test_an_item_belongs_to_whom_it_is_of() -> None:
    """A deliverable is its owner's, although another side accepts it; a mobility is the sending institution's."""
    accepted = item_of(heard(InitiativeDeliverableAccepted, owner=BIRMINGHAM, party=NANJING), "UTC")
    approved = item_of(heard(MobilityApproved, sending=NANJING, party=BIRMINGHAM), "UTC")

    assert accepted is not None
    assert approved is not None
    assert (str(accepted.organisation_id), str(approved.organisation_id)) == (BIRMINGHAM, NANJING)
    assert approved.origin_id == heard(MobilityApproved).programme_id
