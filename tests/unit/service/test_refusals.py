"""The refusals of a use case are found by reading its code."""

from collections.abc import Iterator, Sequence

import pytest

from shared.domain.refused import Refused
from shared.service.refusals import refusals_of
from shared.service.rows import Change, Reads, Service
from tests.harness.asked import ALL

ROWS = [(service, row) for service in ALL.values() for row in service.commands]
READS = [(service, row) for service in ALL.values() for row in service.queries if isinstance(row, Reads)]


def found(rows: Sequence[tuple[Service, Change | Reads]], name: str) -> list[str]:
    """The refusals of the row called `name`."""
    return [kind.slug() for service, row in rows if row.name == name for kind in refusals_of(service, row)]


def below(kind: type[Refused]) -> Iterator[type[Refused]]:
    """All subclasses of a refusal."""
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


@pytest.mark.parametrize(("name", "slugs"), [
    # Raised by the aggregate, a function beside it, the lifecycle and the repository.
    ("sign_agreement", "agreed-already approved-by-you not-a-side not-found not-in-state office-of-a-part past-its-end"
                       " revision-changed same-person"),
    # Raised by a port, a value that the port returns, and within a loop.
    ("publish_offer", "agreement-not-in-force agreement-unknown area-not-covered initiative-elsewhere"
                      " initiative-not-active initiative-unknown invalid not-a-side"
                      " organisation-gone organisation-not-in-agreement organisation-replaced organisation-unknown"),
    # Raised by a method of the unit of work; a method of the same name on another aggregate does not count.
    ("withdraw_offer", "not-a-side not-found not-in-state"),
    # Raised by the use case itself.
    ("set_contact", "not-allowed not-found"),
])  # fmt: skip
def test_a_use_case_has_the_refusals_that_its_code_raises(name: str, slugs: str) -> None:
    """They include those raised by the aggregates and ports that it calls, and no others."""
    assert found(ROWS, name) == slugs.split()


def test_a_query_has_refusals_too() -> None:
    """A query for one thing may answer that it is not found."""
    assert found(READS, "delivery") == ["not-found"]


def test_each_refusal_of_a_service_belongs_to_a_use_case() -> None:
    """Any other refusal is dead code, or raised where the code cannot be followed."""
    reached: set[type[Refused]] = {kind for service, row in [*ROWS, *READS] for kind in refusals_of(service, row)}
    own = {kind for kind in below(Refused) if kind.__module__.startswith("services.")}

    assert own - reached == set()
