"""The states of an exchange, its two sides, and what its events tell."""

import json
from collections.abc import Callable

import pytest
from pydantic import TypeAdapter
from services.exchanges.domain.exchange import Exchange, Status
from shared.contracts.exchange import ExchangeApprovalGiven, ExchangeApproved, ExchangeNominated

from shared.contracts.event import Event
from shared.contracts.programme import Direction
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Transition
from shared.domain.consent import AgreedAlready
from shared.domain.refused import NotASide, NotInState, SamePerson
from tests.unit.exchanges.scene import (
    ANNE,
    BIRMINGHAM,
    EAST,
    LI,
    NANJING,
    NOW,
    REASON,
    STRANGER,
    WEST,
    call,
    coordinator,
    nomination,
    programme,
)

ACTS: dict[str, Callable[[Exchange], None]] = {
    "approve": lambda e: e.approve(LI, NOW),
    "decline": lambda e: e.decline(LI, REASON),
    "withdraw": lambda e: e.withdraw(ANNE, REASON),
}


def in_state(status: Status, *, one_side: bool = False) -> Exchange:
    """A nomination from Birmingham to Nanjing, brought to `status`; `one_side`: Birmingham has approved."""
    exchange = nomination(call(programme()))
    exchange.status = status
    if one_side or status is Status.APPROVED:
        exchange.approvals = exchange.approvals.give("approval", BIRMINGHAM, ANNE, NOW)
    if status is Status.APPROVED:
        exchange.approvals = exchange.approvals.give("approval", NANJING, LI, NOW)
    exchange.recorded.clear()
    return exchange


@pytest.mark.parametrize("row", Exchange.lifecycle.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_every_row_of_the_lifecycle_happens_and_is_told(row: Transition) -> None:
    """Each allowed transition leads to its state and records its one event."""
    exchange = in_state(Status(row.source), one_side=row.event is ExchangeApproved)

    ACTS[row.what](exchange)

    assert (exchange.status, [type(e) for e in exchange.recorded]) == (row.target, [row.event])


REFUSED = [(s, what) for s in Status for what in ACTS if not Exchange.lifecycle.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), REFUSED)
def test_what_the_lifecycle_does_not_name_is_refused(status: Status, what: str) -> None:
    """An act that the table does not name for a state is refused and tells nothing."""
    exchange = in_state(status)

    with pytest.raises(NotInState, match=f"while the exchange is {status}"):
        ACTS[what](exchange)
    assert (exchange.status, exchange.recorded) == (status, [])


def test_the_table_covers_every_act() -> None:
    """There are acts to be refused, and the acts of this test are those of the table."""
    assert len(REFUSED) == 8
    assert set(ACTS) == {row.what for row in Exchange.lifecycle.rows}


@pytest.mark.parametrize("direction", [EAST, WEST])
@pytest.mark.parametrize("order", [(ANNE, LI), (LI, ANNE)])
def test_the_last_of_two_sides_approves(direction: Direction, order: tuple[Actor, Actor]) -> None:
    """Either side may approve first; the second approval makes the exchange approved."""
    exchange = nomination(call(programme()), direction)

    for actor in order:
        exchange.approve(actor, NOW)

    assert [type(e) for e in exchange.recorded] == [ExchangeNominated, ExchangeApprovalGiven, ExchangeApproved]


def test_the_two_approvals_need_two_people() -> None:
    """A person who approved for one side and moved to the other institution cannot approve for that one."""
    exchange = in_state(Status.NOMINATED, one_side=True)
    moved = Actor(ANNE.person_id, NANJING, ANNE.roles)

    with pytest.raises(SamePerson):
        exchange.approve(moved, NOW)
    assert exchange.status is Status.NOMINATED


@pytest.mark.parametrize("status", [Status.NOMINATED, Status.APPROVED])
def test_a_withdrawal_tells_whether_a_place_was_given(status: Status) -> None:
    """Who counts exchanges tells a nomination that was withdrawn from an approved exchange."""
    exchange = in_state(status)

    exchange.withdraw(ANNE, REASON)

    assert exchange.recorded[-1].model_dump()["approved"] is (status is Status.APPROVED)


def test_one_side_approves_once() -> None:
    """A second approval of the same side, by a colleague, is refused."""
    exchange = in_state(Status.NOMINATED, one_side=True)

    with pytest.raises(AgreedAlready):
        exchange.approve(coordinator(BIRMINGHAM), NOW)


@pytest.mark.parametrize("what", ACTS)
def test_an_outsider_has_no_part_in_an_exchange(what: str) -> None:
    """Neither approval, decline nor withdrawal is for another institution."""
    exchange = in_state(Status.NOMINATED)
    outside = {"approve": Exchange.approve, "decline": Exchange.decline, "withdraw": Exchange.withdraw}[what]

    with pytest.raises(NotASide):
        outside(exchange, STRANGER, NOW if what == "approve" else REASON)  # pyright: ignore[reportArgumentType]


def test_the_receiving_side_declines_and_never_withdraws() -> None:
    """Withdrawal is for the sending institution alone."""
    with pytest.raises(NotASide):
        in_state(Status.APPROVED).withdraw(LI, REASON)


def names(events: list[Event]) -> str:
    """The events' bodies as one text."""
    return json.dumps([e.model_dump(mode="json") for e in events], ensure_ascii=False)


def test_no_event_names_the_nominee() -> None:
    """The name is kept in the document for the two sides, and no event carries it."""
    exchange = nomination(call(programme()), name=Text(en="Zhang Wei", zh="张伟"))
    exchange.approve(ANNE, NOW)
    exchange.approve(LI, NOW)
    exchange.withdraw(ANNE, REASON)

    told = names(exchange.recorded)
    assert "Zhang" in names_of(exchange)
    assert str(exchange.nominee) in told
    assert not [part for part in ("Zhang", "张伟", "nominee_name") if part in told]


def names_of(exchange: Exchange) -> str:
    """The stored document."""
    return TypeAdapter(Exchange).dump_json(exchange).decode()


def test_a_document_comes_back_as_it_was_and_says_who_sees_it() -> None:
    """Stored and read again an exchange is the same, and `sides` stands in the body."""
    exchange = in_state(Status.APPROVED)
    body = names_of(exchange)

    assert TypeAdapter(Exchange).validate_json(body) == exchange
    assert json.loads(body)["sides"] == [str(BIRMINGHAM), str(NANJING)]


@pytest.mark.parametrize("status", Status)
def test_the_sending_side_has_the_name_forgotten(status: Status) -> None:
    """Whatever became of the exchange; the other side, which did not bring the name in, cannot."""
    exchange = in_state(status)
    exchange.nominee_name = Text(en="Zhang Wei", zh="张伟")

    with pytest.raises(NotASide):
        exchange.forget_nominee(LI)
    exchange.forget_nominee(ANNE)

    assert (exchange.nominee_name, exchange.recorded) == (None, [])
