"""Resume emails about what was muted."""

from services.notifications.app.mute import Mute, own_mutes
from services.notifications.app.work import Work
from services.notifications.domain.contact import Mutes
from shared.domain.actor import Actor


async def unmute(ask: Mute, actor: Actor, work: Work) -> Mutes:
    """Resumes your emails about it; changes nothing if it was not muted."""
    mutes = await own_mutes(actor, work)
    mutes.remove(ask.kind, ask.subject)
    return mutes
