"""What a revision of a learning agreement says: the components of the first version, or changes to them.

Changes are all those since the first version, not since the one before: so says Erasmus Without Paper, and so the
tables A2 to C2 of the European template show them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.exchanges.domain.component import SHORT, Component, Deleted, Inserted, Table
from shared.contracts.agreement import Revision
from shared.contracts.credit import Credit
from shared.contracts.values import Code
from shared.domain.command import Command
from shared.domain.refused import Invalid

STUDIES = ("student-studies", "double-degree")
"""The kinds of mobility whose courses are recognised at home."""
BLENDED = "blended"
MOST = 100


class StudyPlan(Command):
    """Components, in a first version; afterwards what is deleted from it and inserted."""

    components: list[Component] = Field(default_factory=list[Component], max_length=MOST)
    """All of them, before the first version is signed by all three."""
    deleted: list[Deleted] = Field(default_factory=list[Deleted], max_length=MOST)
    """After it: every component of the first version that falls away."""
    inserted: list[Inserted] = Field(default_factory=list[Inserted], max_length=MOST)
    """After it: every component that the first version does not have."""

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        changes = bool(self.deleted or self.inserted)
        if changes is bool(self.components):
            raise ValueError("give `components` for a first version, or what is `deleted` and `inserted` after it")
        named = [*(each.key for each in self.components), *(each.component.key for each in self.inserted)]
        if len(set(named)) < len(named) or len({each.key for each in self.deleted}) < len(self.deleted):
            raise ValueError("give each component a `key` of its own, and delete each once")
        return self

    def components_after(self, first: Sequence[Component] | None, kind: Code) -> list[Component]:
        """The components that somebody of a mobility of this kind then has; `first` are those of the first version.

        Raises Invalid for a plan that does not fit them, or the kind.
        """
        if (first is None) is not bool(self.components):
            wanted = "`components`" if first is None else "`deleted` and `inserted`: the first version is signed"
            raise Invalid(reason=f"give {wanted}")
        found = self.components if first is None else self._changed(first)
        _require_tables(found, kind)
        return found

    def _changed(self, first: Sequence[Component]) -> list[Component]:
        keys, gone = {each.key for each in first}, {each.key for each in self.deleted}
        if unknown := gone - keys:
            raise Invalid(reason=f"the first version has no component {', '.join(sorted(unknown))} to delete")
        if taken := keys & {each.component.key for each in self.inserted}:
            named = ", ".join(sorted(taken))
            raise Invalid(reason=f"the first version has a component {named}; insert others under keys of their own")
        return [*(each for each in first if each.key not in gone), *(each.component for each in self.inserted)]


def _require_tables(components: Iterable[Component], kind: Code) -> None:
    found = list(components)
    tables = {each.table for each in found}
    if kind == BLENDED:
        if tables != {Table.BLENDED} or not any(each.description for each in found):
            raise Invalid(reason="a blended mobility has `blended` components only, one with a `description`")
    elif Table.BLENDED in tables or (Table.DOCTORAL in tables and tables != {Table.DOCTORAL}):
        raise Invalid(reason="`blended` components belong to blended mobilities, and `doctoral` ones stand alone")
    elif Table.DOCTORAL not in tables and not _wanted(kind) <= tables:
        raise Invalid(reason=f"a mobility of the kind {kind} needs components of {' and '.join(sorted(_wanted(kind)))}")


def _wanted(kind: Code) -> set[Table]:
    return {Table.ABROAD, Table.HOME} if kind in STUDIES else {Table.ABROAD}


def is_short(components: Iterable[Component]) -> bool:
    """Whether they are those of a short mobility, which has no changes after the first version."""
    return any(each.table in SHORT for each in components)


def studied(components: Iterable[Component]) -> list[Component]:
    """Those that are studied at the receiving institution, in whatever way."""
    return [each for each in components if each.table is not Table.HOME]


def recognised(components: Iterable[Component]) -> list[Component]:
    """Those that are recognised at the sending institution."""
    return [each for each in components if each.table is Table.HOME]


def total(credits: Iterable[Credit]) -> list[Credit]:
    """The sum in each scheme, with two decimals; sorted by scheme."""
    sums: dict[str, Decimal] = {}
    for credit in credits:
        sums[credit.scheme] = sums.get(credit.scheme, Decimal()) + Decimal(credit.value)
    return [Credit(scheme=scheme, value=f"{sums[scheme]:.2f}") for scheme in sorted(sums)]


def credits_of(components: Iterable[Component]) -> list[Credit]:
    """The sum of the credits of all, in each scheme."""
    return total(Credit(**credit.model_dump()) for each in components for credit in each.credits)


def revision_of(number: int, plan: StudyPlan, id: UUID, base: Revision | None) -> Revision:
    """Revision `number` with the SHA-256 of the plan, of the first version that it changes, and of the id."""
    said = plan.model_dump(mode="json", include=set(StudyPlan.model_fields))
    return Revision(number=number, sha256=sha256({**said, "base": base and base.sha256, "learning_agreement_id": id}))


def sha256(said: Mapping[str, Any]) -> str:
    """SHA-256 over it as RFC 8785 writes it: without fractions and with ASCII keys, sorting the keys is enough."""
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
