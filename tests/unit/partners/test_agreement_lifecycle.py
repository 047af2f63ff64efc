"""Every transition of an agreement, allowed and refused, from the table itself."""

from collections.abc import Callable

import pytest

from services.partners.domain.agreement import LIFECYCLE, Agreement, Status
from shared.domain.aggregate import Transition
from shared.domain.refused import Refused
from tests.unit.partners.cast import FRAMPTON, JIANG, NOW, REASON, agreement_that_is, terms

DEEDS: dict[str, Callable[[Agreement], None]] = {
    "submit": lambda a: a.submit(FRAMPTON),
    "revise": lambda a: a.revise(terms(time_zone="Europe/London"), FRAMPTON),
    "approve": lambda a: a.approve(FRAMPTON, NOW),
    "return": lambda a: a.send_back(REASON, JIANG),
    "sign": lambda a: a.sign(FRAMPTON, a.revision, NOW),
    "commence": Agreement.commence,
    "end": Agreement.end,
    "terminate": lambda a: a.terminate(REASON, JIANG),
    "withdraw": lambda a: a.withdraw(REASON, FRAMPTON),
}


def _first_of_two(agreement: Agreement, row: Transition) -> None:
    # What the last party does differs from what the first one does: let the other party go first.
    if row.what == "approve" and Status(row.target) is Status.APPROVED:
        agreement.approve(JIANG, NOW)
    if row.what == "sign" and Status(row.target) is Status.SIGNED:
        agreement.sign(JIANG, agreement.revision, NOW)
    agreement.recorded.clear()


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source}-{r.what}-{r.target}")
def test_an_allowed_deed_leads_where_the_table_says_and_tells_it(row: Transition) -> None:
    """Every row of the lifecycle ends in its target state and records exactly its event."""
    agreement = agreement_that_is(Status(row.source))
    _first_of_two(agreement, row)

    DEEDS[row.what](agreement)

    assert (agreement.status, [type(e) for e in agreement.recorded]) == (row.target, [row.event])


NOT_ALLOWED = [(s, what) for s in Status for what in DEEDS if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), NOT_ALLOWED)
def test_a_deed_that_the_table_does_not_allow_is_refused_and_changes_nothing(status: Status, what: str) -> None:
    """Whatever is not in the lifecycle is refused, records nothing and leaves the agreement as it was."""
    agreement, untouched = agreement_that_is(status), agreement_that_is(status)

    with pytest.raises(Refused):
        DEEDS[what](agreement)

    assert (agreement, agreement.recorded) == (untouched, [])


def test_the_table_names_every_deed_and_every_state() -> None:
    """No deed and no state is missing from the tests above."""
    assert {r.what for r in LIFECYCLE.rows} == set(DEEDS)
    assert {s for r in LIFECYCLE.rows for s in (r.source, r.target)} == set(Status)
