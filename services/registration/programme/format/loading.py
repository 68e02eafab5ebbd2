"""The folder of an event: its files read, checked and put together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from services.registration.programme.format.model import Programme
from services.registration.programme.format.nodes import MAX_BYTES, ProgrammeError, place
from services.registration.programme.format.parsing import COMPLETION, PROGRAMME, digest, parse_with_warnings
from services.registration.programme.format.rehearsal import RehearsalPerson, read_rehearsal
from services.registration.programme.format.theme import Theme, read_theme, theme
from shared.errors import FieldError

THEME, REHEARSAL = "theme.yaml", "rehearsal.yaml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """`digest` is the SHA-256 of the texts: the same digest means that nothing has to be imported again. `rehearsal` is empty for an
    event with a date."""

    programme: Programme
    warnings: tuple[FieldError, ...]
    digest: str
    theme: Theme
    programme_text: str
    completion_text: str | None
    rehearsal: tuple[RehearsalPerson, ...] = ()


def load_event(folder: Path) -> Loaded:
    """Everything of the folder of an event: programme.yaml, and completion.yaml, theme.yaml and rehearsal.yaml when they are there.
    Raises ProgrammeError, also for a file that is missing, too big or not UTF-8."""
    text = _read(folder / PROGRAMME)
    if text is None:
        raise ProgrammeError([FieldError(place(PROGRAMME, 1), "programme.no_file", {"folder": folder.name})])
    completion = _read(folder / COMPLETION)
    look = _read(folder / THEME)
    programme, warnings = parse_with_warnings(text, completion)
    found = read_theme(look) if look is not None else theme()
    extras = _read(folder / REHEARSAL) if programme.rehearsal else None
    people = read_rehearsal(extras) if extras is not None else ()
    return Loaded(programme, warnings + found.warnings, digest(text, completion), found, text, completion, people)


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > MAX_BYTES:
            params = {"size": path.stat().st_size, "max": MAX_BYTES}
            raise ProgrammeError([FieldError(place(path.name, 1), "programme.too_big", params)])
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        raise ProgrammeError([FieldError(place(path.name, line), "programme.not_utf8")]) from None
