"""What a row says without being run: which events its use case may emit."""

import pytest

from services.commercialisation.app.sign_confidentiality import sign_confidentiality
from services.commercialisation.app.sign_deal import sign_deal
from services.exchanges.app.nominate import nominate
from services.partners.app.commence_agreement import commence_agreement
from services.partners.app.sign_agreement import sign_agreement
from shared.contracts.agreement import AgreementInForce, AgreementSignatureAdded, AgreementSigned
from shared.contracts.deal import DealSignatureAdded, DealSigned
from shared.contracts.event import Event
from shared.contracts.match import MatchConcluded, MatchConfidentialitySignatureAdded, MatchConfidentialitySigned
from shared.domain.actor import Role
from shared.service.rows import Change, Reads, Timer, changes, creates, timer
from tests.harness.asked import ALL

ROWS: list[tuple[Change | Timer, list[type[Event]]]] = [
    (
        changes("/agreements/{agreement_id}/signatures", sign_agreement, may=Role.SIGNATORY),
        [AgreementSignatureAdded, AgreementSigned],
    ),
    (
        changes("/matches/{match_id}/confidentiality", sign_confidentiality, may=Role.SIGNATORY),
        [MatchConfidentialitySignatureAdded, MatchConfidentialitySigned],
    ),
    (
        changes("/deals/{deal_id}/signatures", sign_deal, may=Role.SIGNATORY, emits=[MatchConcluded]),
        [DealSignatureAdded, DealSigned, MatchConcluded],
    ),
    (creates("/calls/{call_id}/mobilities", nominate, may=Role.SIGNATORY), []),
    (timer("commence", commence_agreement), [AgreementInForce]),
]


@pytest.mark.parametrize(("row", "events"), ROWS, ids=lambda one: one.run.__name__ if hasattr(one, "run") else "")
def test_a_use_case_emits_what_the_act_of_its_name_gives(row: Change | Timer, events: list[type[Event]]) -> None:
    """`sign_agreement` does `sign`: the lifecycle says which events come of it, the row only those beyond."""
    assert row.emits == events


def test_a_row_does_not_repeat_its_lifecycle() -> None:
    """An event that the act gives is named once, in the lifecycle."""
    with pytest.raises(TypeError, match="need not name DealSigned"):
        changes("/deals/{deal_id}/signatures", sign_deal, may=Role.SIGNATORY, emits=[DealSigned])


@pytest.mark.parametrize("name", ALL)
def test_each_event_of_a_lifecycle_comes_of_a_row(name: str) -> None:
    """No use case has a name by which its act is not found, and no act is out of reach."""
    service = ALL[name]
    rows = (*service.commands, *service.timers, *(p for c in service.consumers for p in c.policies))
    lifecycles = [row.kind.lifecycle for row in service.lists if hasattr(row.kind, "lifecycle")]
    given = {transition.event for lifecycle in lifecycles for transition in lifecycle.rows}

    assert given - {event for row in rows for event in row.emits} == set()


@pytest.mark.parametrize("name", ALL)
def test_what_people_read_of_a_row_is_said(name: str) -> None:
    """Each use case, request and query has a docstring: OpenAPI and the guide to scenarios show it."""
    service = ALL[name]
    queries = [row for row in service.queries if isinstance(row, Reads)]
    shown = [one for row in (*service.commands, *queries) for one in (row.run, row.ask)]

    assert [one.__qualname__ for one in shown if not one.__doc__] == []
