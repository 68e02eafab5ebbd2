"""Lines of a table into a file, piece by piece: what is held in memory is one piece, however many lines there are.

CSV     RFC 4180, UTF-8 with its mark, so that spreadsheets read accents; texts that would be formulas begin with an apostrophe
JSON    RFC 8259, {"columns": […], "rows": [{column: value}]}
XLSX    ECMA-376, by XlsxWriter in its mode of constant memory; every text is a text cell, never a formula or a link
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import xlsxwriter

from services.qa.cells import plain
from services.qa.exports.table import Cell, Row

Format = Literal["csv", "json", "xlsx"]
MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WIDTHS: Final[Mapping[str, int]] = {"text": 60, "original": 60, "answer": 60, "note": 30}
"""Columns that are wider than NARROW, in characters of the sheet's font."""
NARROW: Final = 16


class Sink(Protocol):
    """A file that is being written. Nothing of this waits: call it in a thread."""

    def add(self, rows: Iterable[Row]) -> None: ...
    def close(self) -> None: ...


class CsvFile:
    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._columns = columns
        self._out = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._out)
        self._writer.writerow(columns)

    def add(self, rows: Iterable[Row]) -> None:
        self._writer.writerows([_safe(row[name]) for name in self._columns] for row in rows)

    def close(self) -> None:
        self._out.close()


class JsonFile:
    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._out: io.TextIOWrapper = path.open("w", encoding="utf-8")
        self._between = "\n"
        self._out.write(f'{{"columns": {json.dumps(columns)}, "rows": [')

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._out.write(self._between + json.dumps(row, ensure_ascii=False))
            self._between = ",\n"

    def close(self) -> None:
        self._out.write("\n]}\n")
        self._out.close()


class Workbook:
    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        safe = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book: Any = xlsxwriter.Workbook(str(path), {**safe, "tmpdir": str(path.parent)})
        self._sheet: Any = self._book.add_worksheet("questions")
        self._columns, self._line = columns, 1
        for at, name in enumerate(columns):
            self._sheet.set_column(at, at, WIDTHS.get(name, NARROW))
        self._sheet.freeze_panes(1, 0)
        self._sheet.write_row(0, 0, columns, self._book.add_format({"bold": True}))

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            for at, name in enumerate(self._columns):
                self._write(at, row[name])
            self._line += 1

    def _write(self, at: int, cell: Cell) -> None:
        if isinstance(cell, int):
            self._sheet.write_number(self._line, at, cell)
        elif cell:
            self._sheet.write_string(self._line, at, cell)

    def close(self) -> None:
        self._book.close()


FILES: Final[Mapping[Format, Callable[[Path, Sequence[str]], Sink]]] = {"csv": CsvFile, "json": JsonFile, "xlsx": Workbook}


def _safe(cell: Cell) -> Cell:
    return plain(cell) if isinstance(cell, str) else cell
