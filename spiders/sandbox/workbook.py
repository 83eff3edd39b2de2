"""Workbooks for the twins: the same bytes for the same cells."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """An xlsx file with text cells, one list of rows a sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2026, 11, 1)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()
