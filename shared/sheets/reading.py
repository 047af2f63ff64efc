"""Reads a file, whose first bytes give its format: Windows calls CSV `application/vnd.ms-excel` too."""

import asyncio

from shared.sheets.csv_text import read_csv
from shared.sheets.sheet import Sheet
from shared.sheets.workbook import read_workbook

CSV = "text/csv"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = (CSV, EXCEL, "application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet")
"""The media types of files that are read."""
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


async def read_sheet(data: bytes) -> Sheet:
    """The sheet of a CSV file or a workbook; raises Unreadable."""
    if data.startswith(WORKBOOK):
        return await read_workbook(data)
    return await asyncio.to_thread(read_csv, data)
