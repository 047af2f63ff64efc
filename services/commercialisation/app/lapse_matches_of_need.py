"""When a technology need is withdrawn or closed, its open matches lapse."""

from services.commercialisation.app.work import Work
from shared.contracts.need import NeedClosed, NeedWithdrawn
from shared.domain.reason import Cause, Reason

OVER = Reason(Cause.NEED_GONE)


async def lapse_matches_of_need(event: NeedWithdrawn | NeedClosed, work: Work) -> None:
    """Lapses the matches of the need that have led to no deal."""
    for match in await work.matches.where(need_id=event.need_id):
        match.lapse(OVER)
