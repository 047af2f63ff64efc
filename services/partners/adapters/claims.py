"""Keys that one owner has at a time: tables, since that holds across all owners."""

from collections.abc import Sequence
from uuid import UUID

from shared.messaging.outbox import Connection

Key = tuple[str, str]


class Claims:
    """A table of keys of two parts, with the owner of each; `columns` are the parts, then the owner."""

    def __init__(self, db: Connection, table: str, columns: tuple[str, str, str]) -> None:
        first, second, owner = columns
        keys = f"unnest($2::text[], $3::text[]) k ({first}, {second})"
        self._db = db
        self._owner = f"select {owner} from {table} where {first} = $1 and {second} = $2"
        self._release = f"""delete from {table} where {owner} = $1
            and ({first}, {second}) not in (select {first}, {second} from {keys})"""
        # In key order, so that two who claim the same ones never wait for each other.
        self._claim = f"""insert into {table} ({first}, {second}, {owner})
            select {first}, {second}, $1 from {keys} order by {first}, {second} on conflict do nothing"""
        self._taken = f"""select {first}, {second}, t.{owner} from {table} t join {keys} using ({first}, {second})
            where t.{owner} <> $1 order by 1, 2 limit 1"""

    async def owner(self, key: Key) -> UUID | None:
        """Whose the key is."""
        return await self._db.fetchval(self._owner, *key)

    async def claim(self, owner: UUID, keys: Sequence[Key]) -> tuple[str, str, UUID] | None:
        """Replaces the owner's keys by these; returns a key that belongs to another owner, with that owner."""
        parts = [first for first, _ in keys], [second for _, second in keys]
        await self._db.execute(self._release, owner, *parts)
        await self._db.execute(self._claim, owner, *parts)
        # A new statement: it sees what the insert waited for.
        taken = await self._db.fetchrow(self._taken, owner, *parts)
        return tuple(taken) if taken else None
