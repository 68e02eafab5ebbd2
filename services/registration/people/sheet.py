"""A list of people as a spreadsheet writes it (CSV, RFC 4180): what each line says, and the list that leaves. Pure.

Columns go by their first line, in any order; a separator is a comma, a semicolon or a tab. Nobody consents for somebody else: whoever is
brought in refuses pictures until they say otherwise themselves. What must not be here: who is known already.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.registration.people.form import CheckedForm, Form, check_form
from services.registration.people.questions import FIELD
from services.registration.programme.format.event import FormQuestion
from services.registration.programme.open_days import EventDay
from shared.errors import FieldError, Invalid

MOST_LINES: Final = 5_000
MOST_CHARACTERS: Final = 600_000
MOST_CELL: Final = 2_000
COLUMNS: Final = ("name", "email", "door", "language", "days", "headcount")
ALIASES: Final[Mapping[str, str]] = {
    "nom": "name", "e-mail": "email", "mail": "email", "courriel": "email", "adresse": "email", "porte": "door", "langue": "language",
    "jours": "days", "effectif": "headcount",
}  # fmt: skip
BETWEEN: Final = "|"
"""Between several values in one cell."""
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a formula to a spreadsheet: an apostrophe goes before it."""


@dataclass(frozen=True, slots=True)
class SheetTerms:
    """What the event offers; `language`: of whoever names none; `words`: a door in words → its name, folded."""

    languages: Sequence[str]
    doors: Sequence[str]
    days: Sequence[EventDay]
    questions: Sequence[FormQuestion]
    language: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """`number` as a spreadsheet counts; `checked` None where something is `wrong`."""

    number: int
    name: str
    checked: CheckedForm | None
    wrong: tuple[FieldError, ...] = ()


def read_sheet(text: str, terms: SheetTerms) -> list[SheetLine]:
    """Every line but the first and empty ones. Raises Invalid("registration.sheet") when it is no such list."""
    if len(text) > MOST_CHARACTERS:
        raise _refused("registration.sheet_long", {"most": MOST_LINES})
    plain = text.removeprefix("\ufeff").replace("\x00", "")
    first = plain.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise _refused("registration.sheet_unreadable") from None
    columns = [_column(cell) for cell in rows[0]] if rows else []
    known = {*COLUMNS, *(f"{FIELD}{one.id}" for one in terms.questions)}
    unknown = [name for name in columns if name and name not in known]
    if "name" not in columns or "email" not in columns or len(set(filter(None, columns))) < len([*filter(None, columns)]):
        raise _refused("registration.sheet_columns")
    if unknown:
        raise _refused("registration.sheet_column_unknown", {"name": unknown[0][:60]})
    lines = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    terms = replace(terms, questions=[replace(one, required=False) for one in terms.questions])  # people will be asked themselves
    if len(lines) > MOST_LINES:
        raise _refused("registration.sheet_long", {"most": MOST_LINES})
    return [_line(number, dict(zip(columns, row, strict=False)), terms) for number, row in lines]


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """With the mark by which spreadsheets know UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _line(number: int, row: Mapping[str, str], terms: SheetTerms) -> SheetLine:
    cells = {name: cell[:MOST_CELL].strip() for name, cell in row.items()}
    door = cells.get("door", "") or (terms.doors[0] if len(terms.doors) == 1 else "")
    days = cells.get("days", "")
    form = Form(
        name=cells["name"],
        email=cells.get("email", ""),
        door=terms.words.get(door.casefold(), door),
        language=cells.get("language", "") or terms.language,
        image_rights="refused",
        days=_several(days) if days else None,
        headcount=cells.get("headcount", ""),
        answers={one.id: _answers(one, cells[f"{FIELD}{one.id}"]) for one in terms.questions if cells.get(f"{FIELD}{one.id}")},
    )
    try:
        return SheetLine(number, form.name, check_form(form, terms.languages, terms.doors, terms.days, terms.questions))
    except Invalid as refused:
        return SheetLine(number, form.name, None, tuple(refused.fields))


def _answers(question: FormQuestion, cell: str) -> tuple[str, ...]:
    return _several(cell) if question.kind == "several" else (cell,)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(BETWEEN) if part.strip())


def _column(cell: str) -> str:
    name = cell.strip().casefold()
    return ALIASES.get(name, name) if not name.startswith(FIELD) else cell.strip()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _refused(code: str, params: Mapping[str, object] | None = None) -> Invalid:
    return Invalid("registration.sheet", fields=[FieldError("csv", code, params)])
