"""Imports: each line of a file runs a use case, in one transaction that is kept only if no line is refused."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.refused import Refused
from shared.messaging.outbox import Connection
from shared.service.rows import Imports
from shared.service.work import UnitOfWork

Tell = Callable[[int], None]
"""Takes how many lines have been tried."""
MOST_MISTAKES = 1000
"""How many mistakes an answer names."""


class Mistake(BaseModel):
    """A mistake in a line of a file."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    line: int
    """The row in the spreadsheet; the header is the first."""
    column: str | None
    """The column's name; null if the line as a whole is refused."""
    reason: str
    """The mistake and what to do, for people. It never repeats the contents of the cell."""


class Imported(BaseModel):
    """The result of an import: either all lines of the file were carried out or none."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: UUID
    """The import, which the history of each document that it made names as its cause."""
    applied: bool
    """Whether the lines were carried out: not on a dry run, nor if there is a mistake."""
    lines: int
    """How many lines the file has, without its header and blank rows."""
    accepted: int
    """How many of them have no mistakes."""
    ignored: list[str]
    """Ignored columns: a document has them and the request does not, such as `id` and `version`."""
    mistakes: list[Mistake]
    """In the order of the file; the first thousand."""


@dataclass
class Draft:
    """A file that was read: a command for each line without a mistake, by its row."""

    lines: int = 0
    asks: dict[int, Command] = field(default_factory=dict[int, Command])
    ids: dict[int, UUID] = field(default_factory=dict[int, UUID])
    """The ids in an exported file, by row: those documents exist already."""
    ignored: list[str] = field(default_factory=list[str])
    mistakes: list[Mistake] = field(default_factory=list[Mistake])

    def fingerprint(self, row: Imports, actor: Actor) -> str:
        """Stands for the request: the row, the organisation acted for, and what each line asks."""
        whole = hashlib.sha256(f"{row.name} {actor.organisation_id}".encode())
        for line, ask in self.asks.items():
            whole.update(f"\n{line} {ask.model_dump_json()}".encode())
        return whole.hexdigest()


@dataclass
class Tried:
    """The result of trying the lines."""

    mistakes: list[Mistake]
    events: int = 0


async def try_lines(
    db: Connection, row: Imports, draft: Draft, actor: Actor, work_of: Callable[[], UnitOfWork], tell: Tell
) -> Tried:
    """Runs the use case for each line, one after the other, so that each sees those before it; collects refusals.

    Reports how many lines have been tried; one that could not be read counts as tried.
    """
    tried = Tried([*draft.mistakes, *await _known(db, row, draft)])
    bad = {mistake.line for mistake in tried.mistakes}
    made: dict[str, int] = {}
    for count, (line, ask) in enumerate(draft.asks.items(), draft.lines - len(draft.asks)):
        tell(count)
        if line in bad:
            continue
        work = work_of()
        try:
            async with db.transaction():  # a savepoint, which a refused line is rolled back to
                result = await row.run(ask, actor, work)
                tried.events += await work.save(row.emits)
            made[str(result.id)] = line
        except Refused as refused:
            tried.mistakes.append(Mistake(line=line, column=None, reason=_reason(refused, made)))
    tell(draft.lines)
    return tried


def imported(id: UUID, draft: Draft, mistakes: Sequence[Mistake], *, dry_run: bool) -> Imported:
    """The answer. A mistake in the header leaves no line accepted."""
    bad = {mistake.line for mistake in mistakes}
    return Imported(
        id=id, applied=not mistakes and not dry_run, lines=draft.lines, accepted=len(draft.asks.keys() - bad),
        ignored=draft.ignored, mistakes=sorted(mistakes, key=lambda one: one.line)[:MOST_MISTAKES],
    )  # fmt: skip


async def _known(db: Connection, row: Imports, draft: Draft) -> list[Mistake]:
    found = await db.fetch(f"select id from {row.gives.noun()} where id = any($1)", list(draft.ids.values()))
    known = {each["id"] for each in found}
    reason = "is there already; change that one, or clear this cell if the line is of another"
    return [Mistake(line=line, column="id", reason=reason) for line, id in draft.ids.items() if id in known]


def _reason(refused: Refused, made: dict[str, int]) -> str:
    """The refusal's sentence, with line numbers for what earlier lines create: nobody could look up those ids."""
    facts: dict[str, Any] = refused.facts
    before = next((made[str(value)] for value in facts.values() if str(value) in made), None)
    if before is None:
        return str(refused)
    return f"{refused.slug().replace('-', ' ').capitalize()} by line {before} of this file; each may stand there once"
