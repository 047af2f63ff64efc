"""What an agreement has delivered: how each event is counted."""

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
"""31 July in Birmingham, already 1 August in Nanjing."""
ID, SUBJECT = UUID(int=1), UUID(int=2)


def example_of(event: type[Event], **more: object) -> Event:
    """An example of the event."""
    return event.model_validate(example(event) | more)


def delivered_example(event: type[Event], **more: object) -> Any:
    """An example of the event, delivered at EVENING."""
    return example_of(event, **more).within(Envelope(ID, event.type, str(SUBJECT), 1, EVENING, "/tests"))


def test_approved_less_cancelled_is_what_is_left() -> None:
    """Of five nominations one is rejected, one cancelled before its approval, one after it: one approved is left."""
    story = [
        *(example_of(MobilityNominated) for _ in range(5)),
        example_of(MobilityRejected),
        example_of(MobilityCancelled, before="waiting"),
        *(example_of(MobilityApproved) for _ in range(2)),
        example_of(MobilityCancelled, before="approved"),
    ]

    counted = Counter(delivered(event) for event in story)

    assert counted == {
        "mobilities-nominated": 5, "mobilities-rejected": 1, "nominations-cancelled": 1, "mobilities-approved": 2,
        "mobilities-cancelled": 1,
    }  # fmt: skip


@pytest.mark.parametrize("before", ["waiting", "pending", "rejected", "a-status-of-tomorrow"])
def test_what_was_not_approved_is_a_nomination_that_is_cancelled(before: str) -> None:
    """Only an approved or live one is taken off what was approved."""
    assert delivered(example_of(MobilityCancelled, before=before)) is Delivered.NOMINATIONS_CANCELLED


@pytest.mark.parametrize("event", COUNTED)
def test_each_event_is_counted_as_the_table_says(event: type[Event]) -> None:
    """This holds for an example of every event in the table."""
    assert delivered(example_of(event)) is COUNTED[event]


def test_every_fact_is_counted_by_some_event() -> None:
    """No fact is always zero."""
    assert {*COUNTED.values(), Delivered.NOMINATIONS_CANCELLED} == set(Delivered)


def test_every_fact_is_an_intention_or_a_result() -> None:
    """A failure, or a mere agreement, is not a result."""
    assert set(NATURE) == set(Delivered)
    assert {fact for fact, nature in NATURE.items() if nature is Nature.RESULT} == {
        "mobilities-live", "mobilities-recognised", "activities-held", "deals-completed", "milestones-achieved",
        "initiatives-completed", "deliverables-accepted", "outputs-recorded",
    }  # fmt: skip


def test_every_counted_event_has_a_projection() -> None:
    """Each event in the table belongs to a family that the service consumes."""
    assert set(COUNTED) <= {event for family in get_args(Counted) for event in facts(family)}


@pytest.mark.parametrize(("zone", "day", "year"), [
    ("Europe/London", date(2027, 7, 31), "2026/2027"),
    ("Asia/Shanghai", date(2027, 8, 1), "2027/2028"),
])  # fmt: skip
def test_an_event_is_dated_in_the_agreements_time_zone(zone: str, day: date, year: str) -> None:
    """One moment can fall on two days, and in two academic years, in different time zones."""
    item = item_of(delivered_example(MobilityApproved), zone)

    assert item is not None
    assert (item.day, item.academic_year) == (day, year)
    assert (item.event_id, item.aggregate_kind, item.aggregate_id) == (ID, "mobility", SUBJECT)


def test_an_output_is_dated_by_its_own_day() -> None:
    """An output published in March counts in that year, whenever it is recorded."""
    output = {"kind": "publication", "scheme": "doi", "value": "10.1000/182", "on": "2026-03-31"}
    item = item_of(delivered_example(InitiativeOutputRecorded, output=output), "Asia/Shanghai")

    assert item is not None
    assert (item.day, item.academic_year) == (date(2026, 3, 31), "2025/2026")


def test_an_item_belongs_to_its_owner() -> None:
    """A deliverable belongs to its owner, not to the side that accepts it; a mobility to the sending institution."""
    accepted = item_of(delivered_example(InitiativeDeliverableAccepted, owner=BIRMINGHAM, party=NANJING), "UTC")
    approved = item_of(delivered_example(MobilityApproved, sending=NANJING, party=BIRMINGHAM), "UTC")

    assert accepted is not None
    assert approved is not None
    assert (str(accepted.organisation_id), str(approved.organisation_id)) == (BIRMINGHAM, NANJING)
    assert approved.origin_id == delivered_example(MobilityApproved).programme_id
