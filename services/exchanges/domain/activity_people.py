"""Who takes part in an activity, by opaque ids: enrolled or invited, then admitted.

No name and no sentence about a person is here, because all sides of the activity read its document.
"""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from services.exchanges.domain.activity_kinds import Part, require_part, rules_of
from services.exchanges.domain.activity_status import Status
from shared.contracts.values import Code, OrganisationId
from shared.domain.actor import Actor
from shared.domain.reason import ReasonCode, WithReason
from shared.domain.refused import NotAllowed, NotFound, Refused
from shared.domain.side import side_of


class NoPlaceLeft(Refused):
    """All {capacity} places are taken; decline this person, or admit them when somebody is withdrawn."""

    capacity: int


class TakesPart(Refused):
    """This person is enrolled or invited already; admit, decline or withdraw them instead."""


class AdmittedAlready(Refused):
    """This person is admitted already; their organisation can withdraw them."""


class Place(BaseModel):
    """One person's part in an activity."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    participant_id: UUID
    sending: OrganisationId
    """The organisation that they come from."""
    invited: bool = False
    """Whether a host invited them; else their organisation enrolled them. The other side admits or declines."""
    admitted: bool = False


@dataclass(kw_only=True)
class WithPeople(WithReason):
    """The organisations of an activity and the people who take part."""

    kind: Annotated[Code, Field(examples=["training-cohort"])]
    organiser: OrganisationId
    hosts: list[OrganisationId]
    senders: list[OrganisationId]
    capacity: int | None
    places: list[Place] = field(default_factory=list[Place])
    """Those who are enrolled or invited; whoever was declined or withdrawn is not among them."""
    status: Status = Status.PLANNED

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """All its organisations, each once."""
        return list(dict.fromkeys([self.organiser, *self.hosts, *self.senders]))

    @computed_field
    @property
    def admitted(self) -> int:
        """How many people are admitted; never more than the capacity."""
        return sum(place.admitted for place in self.places)

    def enrol_participant(self, participant_id: UUID, sending: OrganisationId, actor: Actor) -> None:
        """The sending organisation enrols a person; raises NotOfThisKind, NotAllowed, NotASide, NotInState,
        TakesPart."""
        require_part(self.kind, Part.ENROLMENT)
        self.require("enrol participant")
        party = self._party(actor, [sending] if sending in self.senders else [])
        place = Place(participant_id=participant_id, sending=sending)
        self._add("enrol participant", place, actor, party)

    def invite_participant(self, participant_id: UUID, sending: OrganisationId, actor: Actor) -> None:
        """A host or the organiser invites a person of a sending organisation; raises as `enrol_participant`, and
        NotFound for an organisation that sends nobody."""
        require_part(self.kind, Part.INVITATION)
        party = self._party(actor, self._receiving)
        if sending not in self.senders:
            raise NotFound(what="sending organisation", id=sending)
        place = Place(participant_id=participant_id, sending=sending, invited=True)
        self._add("invite participant", place, actor, party)

    def admit_participant(self, participant_id: UUID, actor: Actor) -> Place:
        """The other side accepts the person, who takes the place that it returns.

        Raises NotAllowed, NotASide, NotInState, NotFound, AdmittedAlready, NoPlaceLeft.
        """
        place, party = self._answered("admit participant", participant_id, actor)
        if self.capacity is not None and self.admitted >= self.capacity:
            raise NoPlaceLeft(capacity=self.capacity)
        admitted = place.model_copy(update={"admitted": True})
        self.places[self.places.index(place)] = admitted
        self._tell("admit participant", place, actor, party)
        return admitted

    def decline_participant(self, participant_id: UUID, why: ReasonCode, actor: Actor) -> None:
        """The other side declines the person; raises NotAllowed, NotASide, NotInState, NotFound, AdmittedAlready."""
        place, party = self._answered("decline participant", participant_id, actor)
        self.places.remove(place)
        self._tell("decline participant", place, actor, party, why)

    def withdraw_participant(self, participant_id: UUID, why: ReasonCode, actor: Actor) -> None:
        """The person's organisation withdraws them, and frees their place; raises NotAllowed, NotASide, NotInState,
        NotFound."""
        self.require("withdraw participant")
        place = self._place(participant_id)
        party = self._party(actor, [place.sending])
        self.places.remove(place)
        self._tell("withdraw participant", place, actor, party, why)

    def knows(self, actor: Actor, place: Place) -> bool:
        """Whether the actor may read the person's name: as an officer of a host or of the organisation that sends
        them, or as that person. Their record says whether it is shown to them."""
        if actor.is_participant:
            return actor.person_id == place.participant_id
        officer = any(actor.may(role) for role in rules_of(self.kind).officers)
        return officer and not actor.lineage.isdisjoint({*self.hosts, place.sending})

    @property
    def participant_ids(self) -> list[UUID]:
        """Who sees it of those who take part: whoever their own organisation has enrolled, or accepted an invitation
        for."""
        return [place.participant_id for place in self.places if place.admitted or not place.invited]

    @property
    def _receiving(self) -> list[OrganisationId]:
        return list(dict.fromkeys([*self.hosts, self.organiser]))

    def _party(self, actor: Actor, organisations: list[OrganisationId]) -> OrganisationId:
        """The one of `organisations` that an officer for this kind acts for; raises NotAllowed, NotASide."""
        self._require_officer(actor)
        return side_of(actor, organisations, "activity")

    def _require_officer(self, actor: Actor) -> None:
        officers = rules_of(self.kind).officers
        if not any(actor.may(role) for role in officers):
            raise NotAllowed(needed=f"the role {' or '.join(officers)} for a {self.kind}")

    def _add(self, what: str, place: Place, actor: Actor, party: OrganisationId) -> None:
        self.require(what)
        if any(other.participant_id == place.participant_id for other in self.places):
            raise TakesPart
        self.places.append(place)
        self._tell(what, place, actor, party)

    def _answered(self, what: str, participant_id: UUID, actor: Actor) -> tuple[Place, OrganisationId]:
        """The place of somebody who is not admitted yet, and for which side the actor answers."""
        self.require(what)
        place = self._place(participant_id)
        party = self._party(actor, [place.sending] if place.invited else self.hosts)
        if place.admitted:
            raise AdmittedAlready
        return place, party

    def _place(self, participant_id: UUID) -> Place:
        for place in self.places:
            if place.participant_id == participant_id:
                return place
        raise NotFound(what="participant", id=participant_id)

    def _tell(
        self, what: str, place: Place, actor: Actor, party: OrganisationId, why: ReasonCode | None = None
    ) -> None:
        facts: dict[str, object] = {"participant_id": place.participant_id, "sending": place.sending}
        facts |= {"reason_code": str(why)} if why else {}
        self.require(what)
        self.record(self.lifecycle.event(self.status, what, self.status), by=actor, party=party, **facts)
