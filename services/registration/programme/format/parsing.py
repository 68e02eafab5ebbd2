"""The texts of the two files → a checked programme with its warnings, or every error of both at once. Pure: an import over HTTP, a file of
another system and the event's folder all come through here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from services.registration.programme.format.check import check
from services.registration.programme.format.completion import complete, lines_of, read_completion
from services.registration.programme.format.lint import lint
from services.registration.programme.format.model import Programme, Session
from services.registration.programme.format.nodes import ProgrammeError, place
from services.registration.programme.format.reader import Reading, read_block
from shared.errors import FieldError

T = TypeVar("T")

PROGRAMME, COMPLETION = "programme.yaml", "completion.yaml"
NAMES = (PROGRAMME, COMPLETION)


def parse(programme_text: str, completion_text: str | None = None, *, names: tuple[str, str] = NAMES) -> Programme:
    """The programme, completed. Raises ProgrammeError with every error: `programme.yaml:123 sessions.4.start`."""
    return parse_with_warnings(programme_text, completion_text, names=names)[0]


def parse_with_warnings(
    programme_text: str, completion_text: str | None = None, *, names: tuple[str, str] = NAMES
) -> tuple[Programme, tuple[FieldError, ...]]:
    """The same, with what a proof-reader would ask about the printed text. Raises ProgrammeError."""
    reading, later = Reading(names[0]), Reading(names[1])
    printed: Programme | None = _taken(lambda: read_block(Programme, programme_text, reading), reading)
    completion = None
    if completion_text is not None:
        completion = _taken(lambda: read_completion(completion_text, later), later)
    if printed is None or (completion_text is not None and completion is None):
        raise ProgrammeError(reading.errors + later.errors)
    printed = _with_basis(printed, reading)
    completed = complete(printed, completion, later) if completion is not None else printed
    # what the completion must supply (a room that a session names) is asked only of the two together
    merged = Reading(names[1] if completion is not None else names[0], lines=lines_of(completed, later))
    unread = len(reading.errors)
    check(completed, reading)
    reading.errors[unread:] = _assumed_errors(reading.errors[unread:], merged) if completion is not None else reading.errors[unread:]
    if reading.errors or later.errors:
        raise ProgrammeError(reading.errors + later.errors)
    return completed, lint(printed, completed, reading)


def _taken(read: Callable[[], T], reading: Reading) -> T | None:
    """None when the file cannot be read as YAML; the errors of that are then in `reading` with the others."""
    try:
        return read()
    except ProgrammeError as error:
        reading.errors += error.fields
        return None


def _with_basis(programme: Programme, reading: Reading) -> Programme:
    """An end that was written is a stated one, unless the file says otherwise."""

    def based(index: int, session: Session) -> Session:
        silent = session.end is not None and session.end_basis == "unknown" and f"sessions.{index}.end_basis" not in reading.lines
        return replace(session, end_basis="stated") if silent else session

    return replace(programme, sessions=tuple(based(index, session) for index, session in enumerate(programme.sessions)))


def _assumed_errors(errors: list[FieldError], merged: Reading) -> list[FieldError]:
    """What `check` found, each error with the file that holds the value."""
    found = []
    for error in errors:
        path = error.path.partition(" ")[2]
        here = any(within in merged.lines for within in _fields_around(path))
        found.append(FieldError(place(merged.name, merged.line(path), path), error.code, error.params) if here else error)
    return found


def _fields_around(path: str) -> Iterator[str]:
    """The path itself and those of the fields it lies in, not of the session or block that has them."""
    least = 2 if path.startswith("sessions.") else 1
    while path.count(".") >= least:
        yield path
        path = path.rpartition(".")[0]


def digest(programme_text: str, completion_text: str | None) -> str:
    """SHA-256 over both texts, hexadecimal."""
    both = hashlib.sha256(programme_text.encode("utf-8", "surrogatepass"))
    if completion_text is not None:
        both.update(b"\x00" + completion_text.encode("utf-8", "surrogatepass"))
    return both.hexdigest()
