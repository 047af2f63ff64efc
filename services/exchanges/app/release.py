"""What declining and withdrawing share: the place goes back to the call, or from a closed one to its programme."""

from services.exchanges.app.work import Work
from services.exchanges.domain.exchange import Exchange


async def release(exchange: Exchange, work: Work) -> None:
    """Gives back the place that `exchange` had or waited for."""
    call = await work.calls.get(exchange.call_id)
    if surplus := call.release(exchange.id):
        programme = await work.programmes.get(call.programme_id)
        programme.take_back(surplus)
