"""What an agreement has delivered: which event counts as what."""

from collections import Counter

import pytest

from services.partners.domain.delivery import COUNTED, Delivered, delivered
from shared.contracts.event import Event
from shared.contracts.examples import example
from shared.contracts.exchange import ExchangeApproved, ExchangeDeclined, ExchangeNominated, ExchangeWithdrawn


def said(event: type[Event], **more: object) -> Event:
    """An example of the event."""
    return event.model_validate(example(event) | more)


def test_approved_less_withdrawn_is_what_is_left() -> None:
    """Of five nominations one is declined, one withdrawn before its approval, one after it: one approved is left."""
    story = [
        *(said(ExchangeNominated) for _ in range(5)),
        said(ExchangeDeclined),
        said(ExchangeWithdrawn, approved=False),
        *(said(ExchangeApproved) for _ in range(2)),
        said(ExchangeWithdrawn, approved=True),
    ]

    counted = Counter(delivered(event) for event in story)

    assert counted == {
        "exchanges-nominated": 5, "exchanges-declined": 1, "nominations-withdrawn": 1, "exchanges-approved": 2,
        "exchanges-withdrawn": 1,
    }  # fmt: skip


def test_a_withdrawal_that_does_not_say_more_is_of_a_nomination() -> None:
    """An event from before says nothing of an approval."""
    body = {name: value for name, value in example(ExchangeWithdrawn).items() if name != "approved"}

    assert delivered(ExchangeWithdrawn.model_validate(body)) is Delivered.NOMINATIONS_WITHDRAWN


@pytest.mark.parametrize("event", COUNTED)
def test_each_event_of_the_table_counts(event: type[Event]) -> None:
    """Every example of an event of the table counts as what the table says."""
    assert delivered(said(event)) is COUNTED[event]


def test_every_fact_is_counted_of_some_event() -> None:
    """No fact is named that is never counted."""
    assert {*COUNTED.values(), Delivered.NOMINATIONS_WITHDRAWN} == set(Delivered)
