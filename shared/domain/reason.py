"""Why something was refused, sent back or ended: a code for every reader, a sentence for the sides only."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

from pydantic import model_validator

from shared.contracts.values import Code, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command


class ReasonCode(StrEnum):
    """The reasons that people can give."""

    CHANGES_NEEDED = "changes-needed"
    NOT_AGREED = "not-agreed"
    PRIORITIES_CHANGED = "priorities-changed"
    FUNDING = "funding"
    CAPACITY = "capacity"
    NOT_ELIGIBLE = "not-eligible"
    POSTPONED = "postponed"
    PERSONAL = "personal"
    FORCE_MAJEURE = "force-majeure"
    LEGAL = "legal"
    EVIDENCE_MISSING = "evidence-missing"
    NEED_MET = "need-met"
    PLACED_ELSEWHERE = "placed-elsewhere"
    SUPERSEDED = "superseded"
    NO_ACCOUNT = "no-account"
    OTHER = "other"


class Cause(StrEnum):
    """The reasons that come from a date or another event."""

    AGREEMENT_ENDED = "agreement-ended"
    AGREEMENT_CHANGED = "agreement-changed"
    NOTICE = "notice"
    LAST_DAY_PASSED = "last-day-passed"
    PROGRAMME_CLOSED = "programme-closed"
    MOBILITY_RECOGNISED = "mobility-recognised"
    MOBILITY_CANCELLED = "mobility-cancelled"
    OFFER_GONE = "offer-gone"
    NEED_GONE = "need-gone"
    MATCH_OVER = "match-over"
    OTHER_DEAL_SIGNED = "other-deal-signed"


class Reason(NamedTuple):
    """A code, and a sentence that only the sides read."""

    code: ReasonCode | Cause
    text: Text | None = None


class Reasoned(Command):
    """An act that needs a reason."""

    reason_code: ReasonCode
    """The code on the public event."""
    reason: Text | None = None
    """More about it, for the sides only; needed with `other`."""

    @model_validator(mode="after")
    def _other_is_explained(self) -> Self:
        if self.reason_code is ReasonCode.OTHER and self.reason is None:
            raise ValueError("`other` needs a sentence in `reason`")
        return self

    @property
    def why(self) -> Reason:
        """Code and sentence together."""
        return Reason(self.reason_code, self.reason)


@dataclass(kw_only=True)
class WithReason(Aggregate):
    """An aggregate whose document has the reason for its status; the code is on the event too."""

    reason_code: Code | None = None
    reason: Text | None = None
    """A sentence for the sides only."""

    def advance(
        self, what: str, *, to: StrEnum, by: Actor | None = None, party: UUID | None = None,
        why: Reason | None = None, **more: Any,
    ) -> None:  # fmt: skip
        """Advances as any aggregate, and stores `why`; without one, an earlier reason stays."""
        self.require(what)
        if why:
            self.reason_code, self.reason = str(why.code), why.text
        super().advance(what, to=to, by=by, party=party, **more)
