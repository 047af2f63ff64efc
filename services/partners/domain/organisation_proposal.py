"""A change of an organisation that somebody proposes, and the two sides that agree to another parent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.partners.domain.organisation_details import Details
from shared.contracts.values import OrganisationId, PersonId, Sha256
from shared.domain.actor import Actor, Role
from shared.domain.consent import Consent
from shared.domain.refused import NotASide

Sides = Mapping[OrganisationId, Sequence[OrganisationId]]
"""The sides of a move, each with the organisations whose officers agree for it: itself and those it is part of."""


def sides_of_move(
    of: OrganisationId, parent: OrganisationId | None, to: OrganisationId | None,
    lineage: Sequence[OrganisationId], above: Sequence[OrganisationId],
) -> Sides:  # fmt: skip
    """What the organisation leaves (itself, if it is part of none) and what it joins; no sides if its parent stays.

    `lineage` is the organisation and those it is part of, `above` the parent `to` and those that is part of.
    """
    if parent == to:
        return {}
    leaves = {parent: lineage[1:]} if parent else {of: lineage}
    return {**leaves, to: above} if to else leaves


class Proposed(BaseModel):
    """A proposed change: an operator accepts it, or the officers of both sides if it moves the organisation only."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    details: Details
    hash: Sha256
    """What the acceptance names."""
    by: PersonId
    move: Consent
    """Which of the sides have agreed to another parent: what the organisation leaves, and what it joins."""

    @classmethod
    def change(cls, details: Details, actor: Actor, sides: Sides, at: datetime) -> Self:
        """A new proposal; whoever proposes a move agrees to it for the side that they are an officer of."""
        made = cls(details=details, hash=details.hash, by=actor.person, move=Consent(sides=list(sides)))
        mine = made._sides_for(actor, sides)
        return made._agreed(mine[0], actor, at) if mine else made

    def agree(self, actor: Actor, sides: Sides, at: datetime) -> Self:
        """The proposal with the consent of the actor's side; of all sides, for an officer above all of them.

        Raises NotASide for an officer of none that has yet to agree, SamePerson.
        """
        mine = self._sides_for(actor, sides)
        if not mine:
            raise NotASide(what="move")
        if len(mine) == len(sides):
            return self.model_copy(update={"move": Consent(sides=[])})
        return self._agreed(mine[0], actor, at)

    def _sides_for(self, actor: Actor, sides: Sides) -> list[OrganisationId]:
        if not actor.may(Role.PARTNERSHIP_OFFICER):
            return []
        return [side for side, those in sides.items() if side not in self.move.given and actor.organisation in those]

    def _agreed(self, side: OrganisationId, actor: Actor, at: datetime) -> Self:
        return self.model_copy(update={"move": self.move.give("consent to the move", side, actor, at)})
