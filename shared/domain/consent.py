"""Consent: the agreement of all sides of an aggregate."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.contracts.agreement import Revision, Signature
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.refused import NotASide, Refused, SamePerson


class AgreedAlready(Refused):
    """Your organisation has given its {what} already; wait for the other side."""


class ApprovedByYou(Refused):
    """You approved this for your organisation, so another person of it must sign.

    Two people of each side check what binds it: one approves, another signs.
    """


class RevisionChanged(Refused):
    """You named revision {named}, and the text is now revision {current}, or differs from what you read; read it again
    and name that one."""

    named: int
    current: int


class Consent(BaseModel):
    """Each side agrees once, to one revision, each through a different person; the last one completes it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    sides: list[OrganisationId]
    """The organisations that must agree."""
    revision: Revision | None = None
    """What they agree to; null if it is never revised."""
    given: dict[OrganisationId, Signature] = {}
    """Who agreed, by the side acted for."""

    @property
    def complete(self) -> bool:
        """Whether every side has agreed."""
        return self.given.keys() >= set(self.sides)

    def give(
        self, what: str, side: OrganisationId, actor: Actor, at: datetime, *, revision: Revision | None = None
    ) -> Self:
        """The consent with that of `side`; `what` names it in refusals, as in "signature".

        Raises NotASide, AgreedAlready, SamePerson, and RevisionChanged if `revision` is given and not current.
        """
        if side not in self.sides:
            raise NotASide(what=what)
        if self.revision and revision and revision != self.revision:
            raise RevisionChanged(named=revision.number, current=self.revision.number)
        if side in self.given:
            raise AgreedAlready(what=what)
        if any(signature.by.person_id == actor.person for signature in self.given.values()):
            raise SamePerson(what=f"this {what}")
        return self._with({**self.given, side: Signature(by=actor.signatory, at=at)})

    def require_another(self, side: OrganisationId, actor: Actor) -> None:
        """Raises ApprovedByYou if `actor` gave this consent for `side`: another person must take the next step."""
        if side in self.given and self.given[side].by.person_id == actor.person:
            raise ApprovedByYou

    def retract(self, side: OrganisationId) -> Self:
        """The consent without that of `side`."""
        return self._with({one: signature for one, signature in self.given.items() if one != side})

    def _with(self, given: dict[OrganisationId, Signature]) -> Self:
        return self.model_copy(update={"given": given})
