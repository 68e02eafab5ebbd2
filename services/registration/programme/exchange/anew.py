"""The blocks of a programme out of talks: ids made of names, hours as a print would give them, people told apart by their keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from services.registration.programme.exchange.model import Exchange, Talk, TalkPerson
from services.registration.programme.format.event import Room
from services.registration.programme.format.hours import MINUTES_OF_DAY
from services.registration.programme.format.kinds import LANGUAGE, LAST_HOUR, URL, ClockTime, Text, Unfit
from services.registration.programme.format.model import Participant, PersonEntry, Programme, Session, WebLink

LONGEST_ID: Final = 60
LINE: Final = 300
PROSE: Final = 30_000
MOST_MINUTES: Final = (LAST_HOUR + 1) * 60 - 1

KINDS: Final[Mapping[str, str]] = {
    "panel": "round_table", "podium": "round_table", "discussion": "round_table", "round table": "round_table", "keynote": "keynote",
    "workshop": "workshop", "hands-on": "workshop", "tutorial": "workshop", "break": "break", "pause": "break", "lunch": "break",
    "opening": "opening", "closing": "closing", "reception": "reception",
}  # fmt: skip
"""What the types of other systems are here; anything else is `other`. Our own words come back as they are."""
OWN_KINDS: Final = frozenset({"reception", "opening", "keynote", "round_table", "workshop", "break", "closing", "other"})


def slug(text: str, otherwise: str, taken: Iterable[str] = ()) -> str:
    """An id made of `text`, `otherwise` where it has no Latin letter, with a number where it is taken."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_ID].strip("-") or otherwise
    known = set(taken)
    return next(one for one in (base, *(f"{base}-{n}" for n in range(2, len(known) + 3))) if one not in known)


def line(text: str, most: int = LINE) -> str:
    """One line, cut where it is longer than a programme may have it."""
    return _tidied(" ".join(text.split()), Text(LINE), most)


def prose(*parts: str) -> str | None:
    return _tidied("\n\n".join(part for part in parts if part.strip()), Text(PROSE, lines=True), PROSE) or None


def _tidied(text: str, kind: Text, most: int) -> str:
    shown = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
    shown = shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}…"
    try:
        return kind.read(shown)
    except Unfit:
        return ""


@dataclass(slots=True)
class Rooms:
    """The rooms by name; one that is met for the first time is added."""

    blocks: tuple[Room, ...] = ()

    @classmethod
    def of(cls, exchange: Exchange) -> Rooms:
        rooms = cls()
        for hall in exchange.halls:
            rooms.id_of(hall.name, hall.capacity)
        return rooms

    @classmethod
    def over(cls, programme: Programme) -> Rooms:
        return cls(programme.event.rooms)

    def id_of(self, name: str, capacity: int | None = None) -> str | None:
        shown = line(name)
        if not shown:
            return None
        known = next((room for room in self.blocks if room.name == shown), None)
        if known is None:
            known = Room(slug(shown, "room", (room.id for room in self.blocks)), shown, capacity)
            self.blocks = (*self.blocks, known)
        return known.id


@dataclass(slots=True)
class PeopleByKey:
    """The people by key: two of one name stay two."""

    blocks: dict[str, PersonEntry] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def over(cls, programme: Programme, ours: Exchange) -> PeopleByKey:
        """Those of a programme, under the keys that it was handed out with."""
        people = cls(dict(programme.people))
        for session in programme.sessions:
            talk = next((one for one in ours.talks if one.url.endswith(f"#{session.id}")), None)
            for participant, one in zip(session.participants, talk.people if talk else (), strict=False):
                people.keys[one.key] = people.keys[str(one.number)] = participant.person
        return people

    def id_of(self, one: TalkPerson) -> str:
        id = self.keys.get(one.key)
        if id is None:
            id = slug(one.name, "person", self.blocks)
            self.keys[one.key] = id
            self.blocks[id] = PersonEntry(id=id, display=line(one.name) or "?", bio=prose(one.bio))
        return id


def sorted_talks(talks: Iterable[Talk]) -> list[Talk]:
    return sorted(talks, key=lambda talk: (talk.day, talk.begins))


def first_of(exchange: Exchange) -> date:
    return min(talk.day for talk in exchange.talks)


def zone_of(exchange: Exchange) -> str:
    """The zone the file names, else one of the offset that its first talk has."""
    if exchange.zone:
        return exchange.zone
    offset = exchange.talks[0].begins.utcoffset() or timedelta()
    hours = round(offset.total_seconds() / 3600)
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def dated_once(sessions: Iterable[Session], first: date | None) -> tuple[Session, ...]:
    """Each day written where it begins, the first one only for the event."""
    found, day = [], first
    for one in sessions:
        found.append(replace(one, date=None if one.date == day else one.date))
        day = one.date or day
    return tuple(found)


def session_of(talk: Talk, rooms: Rooms, people: PeopleByKey, before: list[Session]) -> Session:
    """`before` are the sessions there are: their ids are taken."""
    start, end = _hours(talk)
    links = [(label, address) for label, address in talk.links if _is_address(address)]
    participants = dict.fromkeys(people.id_of(one) for one in talk.people)
    return Session(
        id=slug(talk.title, "session", (one.id for one in before)), kind=_kind(talk.kind), title=line(talk.title) or "?",
        date=talk.day, start=start, end=end, end_basis="stated" if end else "unknown",
        duration=talk.minutes if end is None and 1 <= talk.minutes <= MINUTES_OF_DAY else None,
        room=rooms.id_of(talk.room), language=_language(talk.language),
        description=prose(talk.subtitle, talk.abstract, "" if talk.description == talk.abstract else talk.description),
        stream=None if talk.is_streamed else False, record=None if talk.is_recorded else False,
        participants=tuple(Participant(id, ("speaker",)) for id in participants),
        resources=tuple(WebLink(line(label) or address[:LINE], address) for label, address in links),
    )  # fmt: skip


def _hours(talk: Talk) -> tuple[ClockTime, ClockTime | None]:
    """Hours after midnight go on after 24, so that they stay on the day they are listed under."""
    wall = talk.begins.replace(tzinfo=None)
    start = int((wall - datetime.combine(talk.day, time.min)).total_seconds()) // 60
    start = start if 0 <= start <= MOST_MINUTES else wall.hour * 60 + wall.minute
    return _clock(start), _clock(start + talk.minutes) if start + talk.minutes <= MOST_MINUTES else None


def _clock(minutes: int) -> ClockTime:
    return ClockTime(minutes // 60, minutes % 60, f"{minutes // 60:02}:{minutes % 60:02}")


def _kind(kind: str) -> str:
    word = kind.casefold().strip()
    return word if word in OWN_KINDS else next((own for part, own in KINDS.items() if part in word), "other")


def _language(text: str) -> str | None:
    try:
        return LANGUAGE.read(text.replace("_", "-").casefold() if len(text) <= 3 else text.replace("_", "-"))
    except Unfit:
        return None


def _is_address(text: str) -> bool:
    try:
        URL.read(text)
    except Unfit:
        return False
    return True
