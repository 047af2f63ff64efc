"""An amendment: other terms for an agreement in force. The agreement stays as it is until the amendment applies."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import computed_field

from services.partners.domain.agreement import Agreement
from services.partners.domain.agreement_refusals import NothingRevised
from services.partners.domain.terms import Terms, canonical, changed
from shared.contracts.agreement import Revision
from shared.contracts.amendment import (
    AmendmentAgreed,
    AmendmentApplied,
    AmendmentApprovalGiven,
    AmendmentLapsed,
    AmendmentProposed,
    AmendmentSignatureAdded,
    AmendmentSigned,
    AmendmentWithdrawn,
)
from shared.contracts.values import Code, OrganisationId, Text, instant
from shared.domain.actor import Actor
from shared.domain.aggregate import Awaits, Lifecycle
from shared.domain.consent import Consent, RevisionChanged
from shared.domain.reason import Cause, Reason, WithReason
from shared.domain.side import bound_side, side_of


class Status(StrEnum):
    """Where an amendment stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    SIGNED = "signed"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


OPEN = (Status.PROPOSED, Status.AGREED, Status.SIGNED)
"""What can still apply."""

LIFECYCLE = Lifecycle(
    [
        (Status.PROPOSED, "approve", Status.PROPOSED, AmendmentApprovalGiven),  # by one signatory
        (Status.PROPOSED, "approve", Status.AGREED, AmendmentAgreed),  # by the last
        (Status.AGREED, "sign", Status.AGREED, AmendmentSignatureAdded),  # by one signatory
        (Status.AGREED, "sign", Status.SIGNED, AmendmentSigned),  # by the last
        (Status.SIGNED, "apply", Status.APPLIED, AmendmentApplied),  # a timer, on its day
        (Status.PROPOSED, "withdraw", Status.WITHDRAWN, AmendmentWithdrawn),
        (Status.AGREED, "withdraw", Status.WITHDRAWN, AmendmentWithdrawn),
        # The agreement is over, or another one applied.
        *((status, "lapse", Status.LAPSED, AmendmentLapsed) for status in OPEN),
    ]
)
AWAITS: Awaits = {
    Status.PROPOSED: {"approve": lambda it, actor, now: it.approve(actor, it.revision, now)},
    Status.AGREED: {"sign": lambda it, actor, now: it.sign(actor, it.revision, now)},
}


@dataclass(kw_only=True)
class Amendment(WithReason):
    """The terms that an agreement is to have, and who has agreed to them."""

    lifecycle = LIFECYCLE
    awaits = AWAITS
    keeps_versions = True

    agreement_id: UUID
    base: Revision
    """The revision of the agreement that it changes."""
    title: Text
    signatories: list[OrganisationId]
    """The signatories of the agreement, and those that it adds."""
    terms: Terms
    changed: list[Code]
    applies_on: date | None
    time_zone: str
    revision: Revision
    """Of the amendment: SHA-256 over the base, the day and the terms."""
    reviews: Consent
    signatures: Consent
    status: Status = Status.PROPOSED

    @classmethod
    def propose(
        cls, id: UUID, agreement: Agreement, base: Revision, terms: Terms, applies_on: date | None, actor: Actor
    ) -> Self:
        """An amendment of `agreement`, proposed by somebody of one of its signatories.

        Raises NotASide, NotInState unless it is in force or suspended, RevisionChanged where `base` is not its present
        revision, NothingRevised.
        """
        party = side_of(actor, agreement.signatories, "agreement")
        agreement.require("amend")
        if base != agreement.revision:
            raise RevisionChanged(named=base.number, current=agreement.revision.number)
        what = changed(agreement.terms, terms)
        if not what:
            raise NothingRevised
        sides = list(dict.fromkeys([*agreement.signatories, *terms.signatories]))
        revision = Revision(number=1, sha256=_hash(base, terms, applies_on))
        consent = Consent(sides=sides, revision=revision)
        made = cls(
            id=id, agreement_id=agreement.id, base=base, title=terms.title, signatories=sides, terms=terms,
            changed=what, applies_on=applies_on, time_zone=terms.time_zone, revision=revision, reviews=consent,
            signatures=consent,
        )  # fmt: skip
        made.record(AmendmentProposed, by=actor, party=party)
        return made

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Who sees it: the signatories."""
        return self.signatories

    def due(self) -> Mapping[str, datetime]:
        """`apply` once all have signed, on its day or at once."""
        if self.status is not Status.SIGNED:
            return {}
        signed_at = max(signature.at for signature in self.signatures.given.values())
        day = instant(self.applies_on, self.time_zone) if self.applies_on else signed_at
        return {"apply": max(day, signed_at)}

    def approve(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """One signatory agrees to `revision`; after the last it can be signed.

        Raises NotASide, OfficeOfAPart, NotInState, RevisionChanged, AgreedAlready, SamePerson.
        """
        party = bound_side(actor, self.signatories, "amendment")
        self.require("approve")
        self.reviews = self.reviews.give("approval", party, actor, at, revision=revision)
        to = Status.AGREED if self.reviews.complete else Status.PROPOSED
        self.advance("approve", to=to, by=actor, party=party)

    def sign(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """One signatory signs `revision`; after the last it applies on its day.

        Raises what `approve` raises, and ApprovedByYou.
        """
        party = bound_side(actor, self.signatories, "amendment")
        self.require("sign")
        self.reviews.require_another(party, actor)
        self.signatures = self.signatures.give("signature", party, actor, at, revision=revision)
        to = Status.SIGNED if self.signatures.complete else Status.AGREED
        self.advance("sign", to=to, by=actor, party=party, signatures=self.signatures.given)

    def apply_to(self, agreement: Agreement, at: datetime) -> None:
        """Gives the agreement its terms; lapses where that is over or was changed since."""
        if agreement.over:
            self.lapse(Cause.AGREEMENT_ENDED)
        elif agreement.revision != self.base:
            self.lapse(Cause.AGREEMENT_CHANGED)
        else:
            agreement.amend(self.id, self.base, self.terms, at)
            self.advance("apply", to=Status.APPLIED)

    def lapse(self, cause: Cause) -> None:
        """It can no longer apply; does nothing where it is over."""
        if self.lifecycle.allows(self.status, "lapse"):
            self.advance("lapse", to=Status.LAPSED, why=Reason(cause))

    def withdraw(self, why: Reason, actor: Actor) -> None:
        """A signatory gives it up before all have signed; raises NotASide, OfficeOfAPart, NotInState."""
        party = bound_side(actor, self.signatories, "amendment")
        self.advance("withdraw", to=Status.WITHDRAWN, by=actor, party=party, why=why)


def _hash(base: Revision, terms: Terms, applies_on: date | None) -> str:
    parts: dict[str, Any] = {"applies_on": applies_on and str(applies_on), "base": base.sha256}
    plain = parts | {"terms": json.loads(canonical(terms))}
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
