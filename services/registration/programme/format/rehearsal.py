"""The people of a rehearsal: `rehearsal.yaml` beside the programme. They are nobody, so they exist only while the day is `today`."""

from __future__ import annotations

from dataclasses import dataclass

from services.registration.programme.format.fields import Door, Id, Line
from services.registration.programme.format.reader import Reading, read_block


@dataclass(frozen=True, slots=True)
class RehearsalPerson:
    """`key` is the name of their link in `tablee links`."""

    key: Id
    name: Line
    door: Door


@dataclass(frozen=True, slots=True)
class RehearsalFile:
    people: tuple[RehearsalPerson, ...]


def read_rehearsal(text: str, name: str = "rehearsal.yaml") -> tuple[RehearsalPerson, ...]:
    """Raises ProgrammeError with file, line and field of what is wrong."""
    reading = Reading(name)
    found: RehearsalFile | None = read_block(RehearsalFile, text, reading)
    reading.check()
    assert found is not None
    return found.people
