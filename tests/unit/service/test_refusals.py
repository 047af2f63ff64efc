"""What a use case can refuse is read from its code."""

from collections.abc import Iterator, Sequence

import pytest

from shared.domain.refused import Refused
from shared.service.refusals import refusals_of
from shared.service.rows import Change, Reads, Service
from tests.harness.asked import ALL

ROWS = [(service, row) for service in ALL.values() for row in service.commands]
READS = [(service, row) for service in ALL.values() for row in service.queries if isinstance(row, Reads)]


def found(rows: Sequence[tuple[Service, Change | Reads]], name: str) -> list[str]:
    """The refusals of the row of this name."""
    return [kind.slug() for service, row in rows if row.name == name for kind in refusals_of(service, row)]


def below(kind: type[Refused]) -> Iterator[type[Refused]]:
    """Every kind of refusal below this one."""
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


@pytest.mark.parametrize(("name", "slugs"), [
    # Of the aggregate, of a function beside it, of the lifecycle and of the repository.
    ("sign_agreement", "agreed-already approved-by-you not-a-side not-found not-in-state office-of-a-part past-its-end"
                       " revision-changed same-person"),
    # Of a port, of a value that the port gives, and of a loop.
    ("publish_offer", "agreement-not-in-force agreement-unknown area-not-covered initiative-elsewhere"
                      " initiative-not-active initiative-unknown invalid not-a-side"
                      " organisation-gone organisation-not-in-agreement organisation-replaced organisation-unknown"),
    # Of a method of the unit of work, and nothing of another aggregate's method of the same name.
    ("withdraw_offer", "not-a-side not-found not-in-state"),
    # Of the use case itself.
    ("set_contact", "not-allowed not-found"),
])  # fmt: skip
def test_the_refusals_of_a_use_case_are_those_that_its_code_raises(name: str, slugs: str) -> None:
    """All that can be raised on the way through the aggregates and ports that it calls, and nothing else."""
    assert found(ROWS, name) == slugs.split()


def test_a_query_has_its_refusals_too() -> None:
    """A query that looks for one thing says that it may not be there."""
    assert found(READS, "delivery") == ["not-found"]


def test_each_refusal_of_a_service_is_one_of_its_use_cases() -> None:
    """A refusal that no use case can answer with is either dead, or raised where the code could not be followed."""
    reached: set[type[Refused]] = {kind for service, row in [*ROWS, *READS] for kind in refusals_of(service, row)}
    own = {kind for kind in below(Refused) if kind.__module__.startswith("services.")}

    assert own - reached == set()
