"""Turn an event into a notice if people must be notified of it."""

from services.notifications.app.work import Work
from services.notifications.domain.notice import Notice
from shared.contracts.activity import ActivityEvent
from shared.contracts.agreement import AgreementEvent
from shared.contracts.amendment import AmendmentEvent
from shared.contracts.call import CallEvent
from shared.contracts.deal import DealEvent
from shared.contracts.initiative import InitiativeEvent
from shared.contracts.learning_agreement import LearningAgreementEvent
from shared.contracts.match import MatchEvent
from shared.contracts.mobility import MobilityEvent
from shared.contracts.need import NeedEvent
from shared.contracts.offer import OfferEvent
from shared.contracts.programme import ProgrammeEvent

Cooperation = AgreementEvent | AmendmentEvent | InitiativeEvent
Exchange = ProgrammeEvent | CallEvent | MobilityEvent | LearningAgreementEvent | ActivityEvent
Technology = OfferEvent | NeedEvent | MatchEvent | DealEvent


async def note_event(event: Cooperation | Exchange | Technology, work: Work) -> None:
    """Adds the notice once. The timer `address` finds the people later."""
    notice = Notice.of(event)
    if notice is not None and await work.notices.find(notice.id) is None:
        work.notices.add(notice)
