"""The states of offers and needs, who acts on them, and what their events tell."""

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
    told,
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
def test_every_end_happens_and_is_told_with_its_reason(make: Callable[[], Published], row: Transition) -> None:
    """Each end of the table leads to its state, records its one event and keeps the reason."""
    one = make()

    ACTS[row.what](one)

    assert (one.status, one.reason, told(one.recorded)) == (row.target, REASON.text, [row.event])


@pytest.mark.parametrize("what", ACTS)
@pytest.mark.parametrize(("make", "status"), [(make, s) for make, s in BOTH if s != "published"])
def test_what_is_over_does_not_end_again(make: Callable[[], Published], status: Status, what: str) -> None:
    """A withdrawn or closed offer or need refuses both ends and tells nothing."""
    one = make()
    one.status = status  # pyright: ignore[reportAttributeAccessIssue]

    with pytest.raises(NotInState, match=f"is {status}"):
        ACTS[what](one)
    assert one.recorded == []


def test_the_tables_name_every_act() -> None:
    """The acts of this test and the offer's advance are those of the two tables."""
    assert {row.what for _, row in ROWS} == {*ACTS, "advance"}


def test_a_published_offer_tells_all_that_a_reader_needs() -> None:
    """The event has field, level, protection, forms, summary and area, and an opaque person."""
    one = offer().published(ANNE)

    [event] = one.recorded
    assert isinstance(event, OfferPublished)
    assert (event.offer_id, event.organisation_id, event.area) == (one.id, BIRMINGHAM, "commercialisation")
    assert (event.trl, event.forms, event.summary, event.by) == (4, one.forms, one.summary, ANNE.person)


def test_a_published_need_tells_the_least_level_wanted() -> None:
    """The event has what an offer must reach."""
    [event] = need(least_trl=6).published(LI).recorded

    assert isinstance(event, NeedPublished)
    assert event.least_trl == 6


def test_somebody_within_the_organisation_publishes_for_it() -> None:
    """An officer of the university's institute publishes and withdraws the university's offer."""
    within = officer(CHINA_INSTITUTE, BIRMINGHAM)
    one = offer().published(within)

    one.withdraw(within, REASON)

    assert one.status is Status.WITHDRAWN


@pytest.mark.parametrize("make", [offer, need])
def test_nobody_else_publishes_or_withdraws(make: Callable[[], Published]) -> None:
    """Another organisation's officer has no part in it."""
    with pytest.raises(NotASide):
        make().published(STRANGER)
    with pytest.raises(NotASide):
        make().withdraw(STRANGER, REASON)


@pytest.mark.parametrize(("make", "actor"), [(offer, ANNE), (need, LI)])
def test_a_form_of_cooperation_is_named_once(make: Callable[..., Offer], actor: object) -> None:
    """A form that is named twice is refused."""
    with pytest.raises(Invalid, match="once"):
        make(forms=[CooperationForm.LICENCE] * 2).published(actor)  # pyright: ignore[reportArgumentType]


def test_a_milestone_raises_the_level_and_never_lowers_it() -> None:
    """Only a higher level is news, and an offer that is withdrawn stays as it was."""
    one = offer(trl=4)
    for trl in (4, 3, 6, 5):
        one.advance_to(trl)
    one.withdraw(ANNE, REASON)
    one.advance_to(9)

    advanced = [event for event in one.recorded if isinstance(event, OfferAdvanced)]
    assert (one.trl, [event.trl for event in advanced]) == (6, [6])


def test_everybody_sees_what_is_published() -> None:
    """The documents name no sides, so every reader sees them, and come back as they were stored."""
    for kind, one in ((Offer, offer()), (Need, need())):
        body = TypeAdapter(kind).dump_python(one, mode="json")
        assert "sides" not in body
        assert TypeAdapter(kind).validate_python(body) == one
