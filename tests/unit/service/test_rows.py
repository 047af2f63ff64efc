"""What a row declares: the events of its use case and the texts that people read."""

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
def test_a_use_case_emits_the_events_of_the_act_it_is_named_after(
    row: Change | Timer, events: list[type[Event]]
) -> None:
    """The events of `sign_agreement` come from the act `sign` of the lifecycle; a row names only further ones."""
    assert row.emits == events


def test_a_row_does_not_repeat_its_lifecycle() -> None:
    """A row that names an event of its act is refused."""
    with pytest.raises(TypeError, match="need not name DealSigned"):
        changes("/deals/{deal_id}/signatures", sign_deal, may=Role.SIGNATORY, emits=[DealSigned])


@pytest.mark.parametrize("name", ALL)
def test_each_event_of_a_lifecycle_is_emitted_by_a_row(name: str) -> None:
    """Each use case is named after its act, and each act has a use case."""
    service = ALL[name]
    rows = (*service.commands, *service.timers, *(p for c in service.consumers for p in c.policies))
    lifecycles = [row.kind.lifecycle for row in service.lists if hasattr(row.kind, "lifecycle")]
    given = {transition.event for lifecycle in lifecycles for transition in lifecycle.rows}

    assert given - {event for row in rows for event in row.emits} == set()


@pytest.mark.parametrize("name", ALL)
def test_each_row_has_docstrings(name: str) -> None:
    """OpenAPI and the guide to scenarios show the docstrings of use cases, commands and queries."""
    service = ALL[name]
    queries = [row for row in service.queries if isinstance(row, Reads)]
    shown = [one for row in (*service.commands, *queries) for one in (row.run, row.ask)]

    assert [one.__qualname__ for one in shown if not one.__doc__] == []
