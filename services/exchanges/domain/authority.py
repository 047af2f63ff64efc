"""Who acts in a programme, its calls and its exchanges."""

from collections.abc import Sequence

from services.exchanges.domain.kinds import ProgrammeKind
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor, Role
from shared.domain.refused import NotAllowed
from shared.domain.side import side_of


def party_of(
    actor: Actor, kind: str, organisations: Sequence[OrganisationId], what: str
) -> OrganisationId:  # fmt: skip
    """The one of `organisations` that `actor` acts for in `what`, of a programme of this kind.

    Culture officers act in cohorts, events and delegations as well, and rows let both roles in; a student exchange is
    for mobility coordinators. Raises NotAllowed, NotASide.
    """
    if kind == ProgrammeKind.STUDENT_EXCHANGE and not actor.may(Role.MOBILITY_COORDINATOR):
        raise NotAllowed(needed=f"the role {Role.MOBILITY_COORDINATOR} for a student exchange")
    return side_of(actor, organisations, what)
