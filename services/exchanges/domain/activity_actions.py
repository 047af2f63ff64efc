"""What the organisations of an activity promise each other after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import computed_field

from services.exchanges.domain.action import Action
from services.exchanges.domain.activity_attendance import WithAttendance
from services.exchanges.domain.activity_kinds import Part, require_part
from services.exchanges.domain.activity_status import Status
from shared.contracts.event import Event
from shared.contracts.values import Day, OrganisationId, Text, Zone, instant
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.commitment import Evidence
from shared.domain.reason import Reason
from shared.domain.refused import Invalid, NotASide, NotFound, NotInState, Refused
from shared.domain.side import side_of

MOST_ACTIONS = 50
KEPT_OPEN = timedelta(days=365)
"""How long after its last day an activity that was held stays open."""


class TooManyActions(Refused):
    """The activity has {most} actions already; plan no more than that."""

    most: int


class WantedAction(Command):
    """What one organisation promises to another."""

    title: Text
    owner: OrganisationId
    """One of the organisations of the activity."""
    counterpart: OrganisationId
    """Another one, which accepts or disputes the report."""
    due_on: Day
    """The last day on which it is in time; one that is past is overdue at once."""
    time_zone: Zone
    """The owner's zone, in which that day ends."""


@dataclass(kw_only=True)
class WithActions(WithAttendance):
    """The follow-up actions of an activity that was held.

    The owner of an action reports it; its counterpart accepts or disputes the report; a change needs both. When the
    last open one is accepted or waived, the activity closes.
    """

    actions: list[Action] = field(default_factory=list[Action])

    @computed_field
    @property
    def overdue(self) -> bool:
        """Whether an action is overdue."""
        return any(action.overdue for action in self.actions)

    def due(self) -> Mapping[str, datetime]:
        """Its first day once it is announced; then the next day that an action can miss, and the day it closes."""
        if self.status is Status.ANNOUNCED:
            return {"begin": instant(self.starts_on, self.time_zone)}
        if self.status is not Status.HELD:
            return {}
        missed = [at for action in self.actions if (at := action.missed_at)]
        closes = {"close": instant(self.ends_on + KEPT_OPEN, self.time_zone)}
        return closes | ({"action-overdue": min(missed)} if missed else {})

    def plan_action(self, wanted: WantedAction, actor: Actor) -> None:
        """Its owner or its counterpart plans a follow-up action.

        Raises NotOfThisKind, NotAllowed, NotASide, NotInState, TooManyActions, and Invalid unless both are different
        organisations of the activity.
        """
        require_part(self.kind, Part.ACTIONS)
        bound = [wanted.owner, wanted.counterpart]
        if len(set(bound)) < 2 or not set(bound) <= set(self.sides):
            raise Invalid(reason="`owner` and `counterpart` are two organisations of the activity")
        party = self._party(actor, bound)
        self.require("plan action")
        if len(self.actions) == MOST_ACTIONS:
            raise TooManyActions(most=MOST_ACTIONS)
        action = Action(number=len(self.actions) + 1, **dict(wanted))
        self.actions.append(action)
        self.advance("plan action", to=Status.HELD, by=actor, party=party, **action.facts)

    def report_action(self, number: int, evidence: Evidence, actor: Actor) -> None:
        """Its owner reports an action; raises NotAllowed, NotASide, NotInState, NotFound."""
        action = self._action("report action", number, actor)
        side_of(actor, [action.owner], "action")
        self._keep(action.report_by(actor, evidence), actor, action.owner)

    def accept_action(self, number: int, actor: Actor) -> None:
        """The counterpart accepts a report; raises NotAllowed, NotASide, NotInState, NotFound, OwnReport,
        SamePerson."""
        action = self._action("accept action", number, actor)
        party = self._bound_party(action, actor)
        self._keep(action.accept_by(actor), actor, party)
        self._close_when_done(actor)

    def dispute_action(self, number: int, why: Reason, actor: Actor) -> None:
        """The counterpart disputes a report; raises as `accept_action`."""
        action = self._action("dispute action", number, actor)
        party = self._bound_party(action, actor)
        self._keep(action.dispute_by(actor, why), actor, party, reason_code=str(why.code))

    def reschedule_action(self, number: int, due_on: date, actor: Actor, at: datetime) -> None:
        """One side agrees to a new day for an action; the other one sets it. Raises what `Commitment` does."""
        action = self._action("reschedule action", number, actor)
        told = action.reschedule_by(actor, action.bound, due_on, at)
        self._keep(told, actor, actor.organisation, proposed_on=due_on)

    def waive_action(self, number: int, actor: Actor, at: datetime) -> None:
        """One side agrees to waive an action; the other one does. Raises what `Commitment` does."""
        action = self._action("waive action", number, actor)
        self._keep(action.waive_by(actor, action.bound, at), actor, actor.organisation)
        self._close_when_done(actor)

    def note_overdue_actions(self, at: datetime) -> None:
        """Records each action that is overdue at `at`, once."""
        if self.status is not Status.HELD:
            return
        for action in self.actions:
            if (moment := action.missed_at) and moment <= at:
                self._keep(action.miss())

    def close(self) -> None:
        """A year has passed since it was held; raises NotInState."""
        self.advance("close", to=Status.CLOSED)

    def _close_when_done(self, actor: Actor) -> None:
        if all(action.kept_or_waived for action in self.actions):
            self.advance("close", to=Status.CLOSED, by=actor, party=self._party(actor, self.sides))

    def _action(self, what: str, number: int, actor: Actor) -> Action:
        self._require_officer(actor)
        if self.status is not Status.HELD:
            raise NotInState(what=what, kind="activity", status=str(self.status), possible=str(Status.HELD))
        for action in self.actions:
            if action.number == number:
                return action
        raise NotFound(what="action", id=number)

    def _bound_party(self, action: Action, actor: Actor) -> OrganisationId:
        if actor.organisation not in action.bound:
            raise NotASide(what="action")
        return actor.organisation

    def _keep(
        self, told: tuple[type[Event], Action], actor: Actor | None = None, party: UUID | None = None, **more: object
    ) -> None:
        event, action = told
        self.actions[action.number - 1] = action
        self.record(event, by=actor, party=party, **action.facts, **more)
