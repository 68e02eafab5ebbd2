"""What a standard's file says → a programme: anew, or over the programme that travelled along in it (`over`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from services.registration.programme.exchange.anew import PeopleByKey, Rooms, dated_once, line, main_language, session_of, slug
from services.registration.programme.exchange.model import MOST_PEOPLE, MOST_TALKS, Exchange
from services.registration.programme.exchange.over import over
from services.registration.programme.exchange.placed import in_order
from services.registration.programme.exchange.reading import ForeignFile, Notes
from services.registration.programme.exchange.schedule_json import read_json, write_json
from services.registration.programme.exchange.schedule_xml import read_xml, write_xml
from services.registration.programme.exchange.zones import settled
from services.registration.programme.format.completion import printed
from services.registration.programme.format.event import EventEntry, Venue
from services.registration.programme.format.model import Programme, Session
from services.registration.programme.format.nodes import ProgrammeError
from services.registration.programme.format.parsing import parse
from services.registration.programme.format.writer import write
from shared.errors import FieldError


@dataclass(frozen=True, slots=True)
class Imported:
    """The texts of the two files; `completion` is None when the file brought none. `warnings`: what was not taken as it stood;
    `is_made`: out of another format, and so in the one form already."""

    programme: str
    completion: str | None = None
    warnings: tuple[FieldError, ...] = field(default=(), compare=False)
    is_made: bool = field(default=True, compare=False)


def from_json(text: str, name: str) -> Imported:
    """A schedule.json called `name`. Raises ProgrammeError: what is wrong in it, or in the programme that it would make."""
    return _programme_of(read_json(text, name), name, lambda ours: read_json(write_json(ours), name))


def from_xml(text: str, name: str) -> Imported:
    """The same of a schedule.xml."""
    return _programme_of(read_xml(text, name), name, lambda ours: read_xml(write_xml(ours), name))


def _programme_of(exchange: Exchange, name: str, through: Callable[[Exchange], Exchange]) -> Imported:
    """`through`: out into the same format and back, so that what it cannot say counts as unchanged."""
    source = ForeignFile(name)
    if len(exchange.talks) > MOST_TALKS:
        raise source.refusal("", "exchange.too_many_talks", found=len(exchange.talks), max=MOST_TALKS)
    if (people := len({one.key for talk in exchange.talks for one in talk.people})) > MOST_PEOPLE:
        raise source.refusal("", "exchange.too_many_people", found=people, max=MOST_PEOPLE)
    if exchange.embedded is not None:
        return _known(exchange, name, through)
    if not exchange.talks:
        raise source.refusal("", "programme.no_sessions")
    notes = Notes()
    text = write(_anew(settled(exchange, notes), notes))
    notes.note("exchange.no_stages")
    return Imported(_checked(text, None, name), warnings=(*exchange.findings, *notes.findings(name)))


def _known(exchange: Exchange, name: str, through: Callable[[Exchange], Exchange]) -> Imported:
    """Where a change speaks against what the completion assumes, everything goes into the programme, and no completion is left."""
    assert exchange.embedded is not None
    files, notes = exchange.embedded, Notes()
    base = parse(files.programme, files.completion)
    bare = printed(base)
    changed = over(base, bare, exchange, through, notes)
    if changed is bare:
        return Imported(files.programme, files.completion)
    try:
        return Imported(_checked(write(changed), files.completion, name), files.completion, notes.findings(name))
    except ProgrammeError:
        if files.completion is None:
            raise
    event = replace(base.event, date=exchange.days[0]) if base.rehearsal else base.event
    merged = over(base, replace(base, event=event, assumed=frozenset(), rehearsal=False), exchange, through, notes)
    notes.note("exchange.completion_merged")
    return Imported(_checked(write(merged), None, name), None, notes.findings(name))


def _checked(text: str, completion: str | None, name: str) -> str:
    """Raises ProgrammeError with the file that the programme was made of in front of each place."""
    try:
        parse(text, completion)
    except ProgrammeError as error:
        raise ProgrammeError([FieldError(f"{name} > {one.path}", one.code, one.params) for one in error.fields]) from None
    return text


def _anew(exchange: Exchange, notes: Notes) -> Programme:
    rooms, people = Rooms.of(exchange), PeopleByKey()
    found: list[Session] = []
    for talk in in_order(exchange.talks):
        found.append(session_of(talk, rooms, people, found, notes))
    name, first = line(exchange.title, notes) or line(exchange.acronym) or "?", found[0].date
    event = EventEntry(
        id=slug(exchange.acronym or exchange.title, "event"), name=name, theme=line(exchange.description, notes) or None, date=first,
        timezone=exchange.zone, status="published", url=exchange.url if exchange.url.startswith("http") else None,
        venue=Venue(line(exchange.venue)) if line(exchange.venue) else None, rooms=rooms.blocks,
    )  # fmt: skip
    language, sessions = main_language(exchange, notes), dated_once(found, first)
    return Programme(format_version=1, language=language, event=event, sessions=sessions, people=people.blocks)
