"""The states of offers and needs, who acts on them, and the content of their events."""

from collections.abc import Callable

import pytest
from pydantic import TypeAdapter

from services.commercialisation.domain.need import Need
from services.commercialisation.domain.need import Status as NeedStatus
from services.commercialisation.domain.offer import Offer, Status
from services.commercialisation.domain.technology import CooperationForm
from shared.contracts.need import NeedPublished
from shared.contracts.offer import OfferAdvanced, OfferPublished
from shared.domain.aggregate import Transition
from shared.domain.refused import Invalid, NotASide, NotInState
from tests.unit.commercialisation.scene import (
    ANNE,
    BIRMINGHAM,
    CHINA_INSTITUTE,
    LI,
    REASON,
    STRANGER,
    need,
    offer,
    officer,
    types_of,
)

Published = Offer | Need
ACTS: dict[str, Callable[[Published], None]] = {
    "withdraw": lambda one: one.withdraw(ANNE if isinstance(one, Offer) else LI, REASON),
    "close": lambda one: one.close(REASON),
}
BOTH = [(offer, status) for status in Status] + [(need, status) for status in NeedStatus]
ROWS = [(offer, row) for row in Offer.lifecycle.rows] + [(need, row) for row in Need.lifecycle.rows]


@pytest.mark.parametrize(
    ("make", "row"), [(make, row) for make, row in ROWS if row.what in ACTS], ids=lambda v: getattr(v, "what", "")
)
def test_each_end_records_its_event_and_its_reason(make: Callable[[], Published], row: Transition) -> None:
    """Withdrawing or closing leads to its state, records one event and keeps the reason."""
    one = make()

    ACTS[row.what](one)

    assert (one.status, one.reason, types_of(one.recorded)) == (row.target, REASON.text, [row.event])


@pytest.mark.parametrize("what", ACTS)
@pytest.mark.parametrize(("make", "status"), [(make, s) for make, s in BOTH if s != "published"])
def test_a_withdrawn_or_closed_offer_or_need_cannot_end_again(
    make: Callable[[], Published], status: Status, what: str
) -> None:
    """It can be neither withdrawn nor closed, and records no event."""
    one = make()
    one.status = status  # pyright: ignore[reportAttributeAccessIssue]

    with pytest.raises(NotInState, match=f"is {status}"):
        ACTS[what](one)
    assert one.recorded == []


def test_every_act_of_the_lifecycles_is_tested() -> None:
    """Besides the two ends, the tables have only the advance of an offer."""
    assert {row.what for _, row in ROWS} == {*ACTS, "advance"}


def test_the_event_of_an_offer_has_all_that_a_reader_needs() -> None:
    """It has organisation, area, level, forms and summary, and the publisher by id only."""
    one = offer().published(ANNE)

    [event] = one.recorded
    assert isinstance(event, OfferPublished)
    assert (event.offer_id, event.organisation_id, event.area) == (one.id, BIRMINGHAM, "commercialisation")
    assert (event.trl, event.forms, event.summary, event.by) == (4, one.forms, one.summary, ANNE.person)


def test_the_event_of_a_need_has_the_minimum_level() -> None:
    """An offer must reach this level."""
    [event] = need(least_trl=6).published(LI).recorded

    assert isinstance(event, NeedPublished)
    assert event.least_trl == 6


def test_an_officer_of_a_unit_may_publish_for_the_organisation() -> None:
    """An officer of the university's institute publishes and withdraws the university's offer."""
    within = officer(CHINA_INSTITUTE, BIRMINGHAM)
    one = offer().published(within)

    one.withdraw(within, REASON)

    assert one.status is Status.WITHDRAWN


@pytest.mark.parametrize("make", [offer, need])
def test_an_outsider_may_not_publish_or_withdraw(make: Callable[[], Published]) -> None:
    """Both acts are refused to another organisation's officer."""
    with pytest.raises(NotASide):
        make().published(STRANGER)
    with pytest.raises(NotASide):
        make().withdraw(STRANGER, REASON)


@pytest.mark.parametrize(("make", "actor"), [(offer, ANNE), (need, LI)])
def test_a_form_of_cooperation_may_not_be_repeated(make: Callable[..., Offer], actor: object) -> None:
    """A form that is listed twice is refused."""
    with pytest.raises(Invalid, match="once"):
        make(forms=[CooperationForm.LICENCE] * 2).published(actor)  # pyright: ignore[reportArgumentType]


def test_a_milestone_raises_the_level_and_never_lowers_it() -> None:
    """Only a higher level is recorded; a withdrawn offer no longer changes."""
    one = offer(trl=4)
    for trl in (4, 3, 6, 5):
        one.advance_to(trl)
    one.withdraw(ANNE, REASON)
    one.advance_to(9)

    advanced = [event for event in one.recorded if isinstance(event, OfferAdvanced)]
    assert (one.trl, [event.trl for event in advanced]) == (6, [6])


def test_every_reader_sees_offers_and_needs() -> None:
    """The documents name no sides, so every reader may see them; they are read back unchanged."""
    for kind, one in ((Offer, offer()), (Need, need())):
        body = TypeAdapter(kind).dump_python(one, mode="json")
        assert "sides" not in body
        assert TypeAdapter(kind).validate_python(body) == one
