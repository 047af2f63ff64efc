"""A list as a file: CSV or a workbook of all that the actor may see, with the columns that an import takes."""

import json
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from shared.domain.aggregate import Aggregate
from shared.domain.refused import Invalid
from shared.http.schemas import schema_of
from shared.sheets.columns import Loc, columns_of, dotted, flattened
from shared.sheets.csv_text import write_csv
from shared.sheets.reading import CSV, EXCEL
from shared.sheets.workbook import write_workbook

MOST = 100_000
"""The most documents in a file."""
CHUNK = 64 * 1024
WRITERS: Mapping[str, Callable[[Iterable[Sequence[str]], IO[bytes]], None]] = {CSV: write_csv, EXCEL: write_workbook}
"""How each media type is written."""


def asked_for(accept: str, offered: Collection[str] = tuple(WRITERS)) -> str | None:
    """Which of the `offered` media types an Accept header asks for; None if JSON is asked for or comes first."""
    for part in accept.split(","):
        media = part.partition(";")[0].strip().lower()
        if media in offered:
            return media
        if media in ("application/json", "application/*", "*/*"):
            return None
    return None


class Export:
    """Writes documents to a file.

    They wait in a file of their own: the header has as many places as the longest list, which the last document may
    have. No connection waits for the client, and whatever goes wrong is answered by a problem and not by half a file.
    """

    def __init__(self, kind: type[Aggregate]) -> None:
        self._columns = list(columns_of(*schema_of(kind)))
        self._order: dict[tuple[str, ...], int] = {}
        for column in self._columns:
            for end in range(1, len(column.path) + 1):
                self._order.setdefault(column.path[:end], len(self._order))
        self._names: dict[str, tuple[int, ...]] = {}
        self._rows: IO[str] = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  closed when it is written

    async def take(self, pages: AsyncIterator[Sequence[Mapping[str, Any]]]) -> None:
        """Takes the documents of all pages; raises Invalid for too many."""
        count = 0
        async for page in pages:
            count += len(page)
            if count > MOST:
                raise Invalid(reason=f"a file has at most {MOST:,} lines; ask for less by a filter")
            for document in page:
                self._rows.write(json.dumps(dict(self._cells(document))) + "\n")

    def _cells(self, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for column in self._columns:
            for loc, text in flattened(document, column.path):
                name = dotted(loc)
                self._names.setdefault(name, self._key(column.path, loc))
                yield name, text

    def _key(self, path: tuple[str, ...], loc: Loc) -> tuple[int, ...]:
        """Orders columns as in the schema, and keeps the columns of one list item together."""
        return tuple(step if isinstance(step, int) else self._order[path[: n + 1]] for n, step in enumerate(loc))

    def written(self, media: str) -> IO[bytes]:
        """The file; raises Invalid for what a workbook cannot hold."""
        to: IO[bytes] = TemporaryFile()  # noqa: SIM115  closed when it is sent
        try:
            WRITERS[media](self._table(), to)
        except ValueError as problem:
            to.close()
            raise Invalid(reason=f"{problem}; ask for {CSV}") from None
        to.seek(0)
        return to

    def _table(self) -> Iterator[list[str]]:
        for column in self._columns:  # including those that no document fills
            loc = [0 if part == "#" else part for part in column.path]
            self._names.setdefault(column.name, self._key(column.path, tuple(loc)))
        header = sorted(self._names, key=self._names.__getitem__)
        yield header
        with self._rows:
            self._rows.seek(0)
            for line in self._rows:
                cells = json.loads(line)
                yield [cells.get(name, "") for name in header]


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces; closes it."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
