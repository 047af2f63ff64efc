"""Stop emails of a kind, or about an aggregate."""

from typing import Self
from uuid import UUID, uuid5

from pydantic import model_validator

from services.notifications.app.work import Work
from services.notifications.domain.contact import Mutes
from services.notifications.domain.kind import Kind
from shared.domain.actor import Actor
from shared.domain.command import Command


class Mute(Command):
    """What to mute or unmute: a kind of notification or an aggregate, one of the two."""

    kind: Kind | None = None
    subject: UUID | None = None
    """The id of an aggregate, with everything under it: of an agreement, say, or a programme."""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.kind is None) == (self.subject is None):
            raise ValueError("give either a `kind` or a `subject`, and not both")
        return self


async def mute(ask: Mute, actor: Actor, work: Work) -> Mutes:
    """Stops your emails about it; it still appears in your inbox."""
    mutes = await own_mutes(actor, work)
    mutes.add(ask.kind, ask.subject)
    return mutes


async def own_mutes(actor: Actor, work: Work) -> Mutes:
    """The actor's mutes, empty at first. Raises NotFound if the person has been erased."""
    await work.directory.lock(actor.person)
    id = uuid5(actor.person, "mutes")
    mutes = await work.mutes.find(id)
    if mutes is None:
        mutes = Mutes(id=id, person_id=actor.person)
        work.mutes.add(mutes)
    return mutes
