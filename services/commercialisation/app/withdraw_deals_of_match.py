"""When a match is over, the deals drafted from it that both sides have not signed are withdrawn."""

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Status
from shared.contracts.match import MatchConcluded, MatchDeclined, MatchLapsed
from shared.domain.reason import Cause, Reason

OVER, CONCLUDED = Reason(Cause.MATCH_OVER), Reason(Cause.OTHER_DEAL_SIGNED)


async def withdraw_deals_of_match(event: MatchConcluded | MatchDeclined | MatchLapsed, work: Work) -> None:
    """Withdraws its drafted deals: all when the sides parted, the other drafts when one deal was signed."""
    why = CONCLUDED if isinstance(event, MatchConcluded) else OVER
    for deal in await work.deals.where(match_id=event.match_id, status=Status.DRAFTED):
        deal.lapse(why)
