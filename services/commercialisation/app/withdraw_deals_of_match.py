"""When a match is over, the deals drafted from it that both sides have not signed are withdrawn."""

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Status
from shared.contracts.match import MatchConcluded, MatchDeclined, MatchLapsed
from shared.contracts.values import Text

OVER = Text(en="the match is over", zh="该对接已结束")
CONCLUDED = Text(en="another deal of the match was signed", zh="该对接的另一份合同已签署")


async def withdraw_deals_of_match(event: MatchConcluded | MatchDeclined | MatchLapsed, work: Work) -> None:
    """Withdraws its drafted deals: all when the sides parted, the other drafts when one deal was signed."""
    reason = CONCLUDED if isinstance(event, MatchConcluded) else OVER
    for deal in await work.deals.where(match_id=event.match_id, status=Status.DRAFTED):
        deal.lapse(reason)
