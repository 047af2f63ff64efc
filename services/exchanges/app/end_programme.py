"""A programme's academic year is over."""

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Programme
from shared.domain.actor import Actor
from shared.domain.command import Due
from shared.domain.reason import Cause


async def end_programme(ask: Due, actor: Actor, work: Work) -> Programme:
    """Closes it; its calls follow by `end_calls_of_closed_programme`."""
    programme = await work.programmes.get(ask.aggregate_id)
    programme.end(Cause.LAST_DAY_PASSED)
    return programme
