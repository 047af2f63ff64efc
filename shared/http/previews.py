"""Previews: the consequences in this service of an act that ends something, before it is done."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, create_model

from shared.contracts.values import Text
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.http.documents import MOST, Documents
from shared.messaging.outbox import Connection
from shared.service.rows import PATH_ID, Lists, Reads


class Touches(NamedTuple):
    """The effect of an act on the aggregates of a list in these states; `what` is their own act, or `go on`."""

    row: Lists
    what: str
    states: Sequence[StrEnum]
    by: str | None = None
    """The filter by which they are found; the path's parameter if it is None."""


class Touched(BaseModel):
    """An aggregate that the act would touch."""

    id: UUID
    title: Text | None
    status: str


class Consequence(BaseModel):
    """What would happen to the aggregates of one kind, among those that you see."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    aggregate: str
    """Their kind, such as `programme`."""
    what: str
    """The act that would follow, such as `close`; `go on` for those that the act does not change."""
    items: list[Touched]
    more: bool
    """Whether there are more than those listed."""


class Preview(BaseModel):
    """The consequences of an act in this service; kinds without any are left out."""

    consequences: list[Consequence]


def previews(path: str, *touches: Touches) -> Reads:
    """GET `path/preview`: what would follow in this service from the act at `path`, whichever service does it.

    The last id of the path is that of what the act ends.
    """
    parameter = PATH_ID.findall(path)[-1]
    lists = [(Documents(each.row), each) for each in touches]
    if unknown := [each.row.path for _, each in lists if (each.by or parameter) not in each.row.filters]:
        raise TypeError(f"{', '.join(unknown)} cannot be filtered by {parameter}")

    async def preview(ask: Command, actor: Actor, db: Connection) -> Preview:
        """What would follow in this service, of what you see: what closes, lapses or is withdrawn, and what goes on."""
        id = str(getattr(ask, parameter))
        found = [await _consequence(db, actor, documents, each, parameter, id) for documents, each in lists]
        return Preview(consequences=[one for one in found if one.items])

    noun, act = parameter.removesuffix("_id"), path.rpartition("/")[2].replace("-", "_")
    preview.__name__ = f"preview_{act}_of_{noun}"
    title, fields = "".join(word.title() for word in preview.__name__.split("_")), dict[str, Any]({parameter: UUID})
    ask = create_model(title, __base__=Command, __doc__=f"Of which {noun}.", **fields)
    return Reads(f"{path}/preview", preview, frozenset({Role.READER}), ask, Preview)


async def _consequence(
    db: Connection, actor: Actor, documents: Documents, touches: Touches, parameter: str, id: str
) -> Consequence:
    asked = {touches.by or parameter: [id], "status": list(map(str, touches.states))}
    page = await documents.page(db, actor, asked, None, None, MOST)
    items = [Touched(id=one["id"], title=one[documents.title], status=one["status"]) for one in page.items]
    kind = documents.row.kind.noun()
    return Consequence(aggregate=kind, what=touches.what, items=items, more=page.next is not None)
