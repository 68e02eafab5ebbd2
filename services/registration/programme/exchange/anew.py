"""The blocks of a programme out of talks: ids made of names, people told apart by their keys. What is not taken as it stands is noted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, get_args

from services.registration.programme.exchange.model import Exchange, Talk, TalkPerson
from services.registration.programme.exchange.placed import hours_of
from services.registration.programme.exchange.plain import plain
from services.registration.programme.exchange.reading import Notes
from services.registration.programme.exports.ics import uid
from services.registration.programme.format.event import Room
from services.registration.programme.format.fields import Role
from services.registration.programme.format.kinds import LANGUAGE, URL, Choice, Text, Unfit
from services.registration.programme.format.model import Participant, PersonEntry, Programme, Session, WebLink

LONGEST_ID: Final = 60
LINE: Final = 300
LABEL: Final = 60
"""Signs of a text in a finding."""
PROSE: Final = 30_000
OTHERWISE: Final = "en"
"""The language of a schedule that names none."""
_CANCELLED: Final = re.compile(
    r"[\[(*]*\s*(?:cancell?ed|abgesagt|ausgefallen|f[äa]llt aus|entf[äa]llt|annulée?s?|cancelad[oa]|annullat[oa]|отменено)\s*"
    r"(?:[\])*]+|[\])*]*\s*[:–—-])\s*",
    re.IGNORECASE,
)
"""No standard has a word for it, so titles say it."""

KINDS: Final[Mapping[str, str]] = {
    "panel": "round_table", "podium": "round_table", "discussion": "round_table", "round table": "round_table", "keynote": "keynote",
    "workshop": "workshop", "hands-on": "workshop", "tutorial": "workshop", "break": "break", "pause": "break", "lunch": "break",
    "opening": "opening", "closing": "closing", "reception": "reception",
}  # fmt: skip
"""What the types of other systems are here; anything else is `other`. Our own words come back as they are."""
OWN_KINDS: Final = frozenset({"reception", "opening", "keynote", "round_table", "workshop", "break", "closing", "other"})


ROLES: Final = next(one.words for one in get_args(Role) if isinstance(one, Choice))


def slug(text: str, otherwise: str, taken: Iterable[str] = ()) -> str:
    """An id made of `text`, `otherwise` where it has no Latin letter, with a number where it is taken."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_ID].strip("-") or otherwise
    known = set(taken)
    return next(one for one in (base, *(f"{base}-{n}" for n in range(2, len(known) + 3))) if one not in known)


def line(text: str, notes: Notes | None = None) -> str:
    """One line, cut where it is longer than a programme may have it."""
    return _tidied(" ".join(text.split()), Text(LINE), LINE, notes)


def prose(notes: Notes | None, *parts: str) -> str | None:
    """Several paragraphs of plain text; None for nothing."""
    shown = [plain(part) for part in dict.fromkeys(parts) if part.strip()]
    if notes is not None and any(one not in parts for one in shown):
        notes.note_here("exchange.markup")
    return _tidied("\n\n".join(shown), Text(PROSE, lines=True), PROSE, notes) or None


def _tidied(text: str, kind: Text, most: int, notes: Notes | None) -> str:
    shown = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
    if len(shown) > most:
        shown = f"{shown[: most - 1].rstrip()}…"
        if notes is not None:
            notes.note_here("exchange.text_cut")
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
        talks = {talk.guid: talk for talk in ours.talks}
        for session in programme.sessions:
            talk = talks.get(uid(programme.event.id, session.id))
            for participant, one in zip(session.participants, talk.people if talk else (), strict=False):
                people.keys[one.key] = participant.person
        return people

    def id_of(self, one: TalkPerson, notes: Notes) -> str:
        id = self.keys.get(one.key)
        if id is None:
            id = slug(one.name, "person", self.blocks)
            self.keys[one.key] = id
            notes.subject = line(one.name)[:LABEL]
            self.blocks[id] = PersonEntry(id=id, display=line(one.name, notes) or "?", bio=prose(notes, one.bio))
        return id

    def renewed(self, before: Mapping[str, TalkPerson], after: Mapping[str, TalkPerson], notes: Notes) -> None:
        """What somebody changed of the people themselves: a name as it is printed, a biography."""
        for key, id in self.keys.items():
            ours, theirs = before.get(key), after.get(key)
            if ours is None or theirs is None:
                continue
            if line(theirs.name) and theirs.name != ours.name:
                printed = line(theirs.name, notes)
                self.blocks[id] = replace(self.blocks[id], given=None, particle=None, family=None, sort_key=None, display=printed)
            if theirs.bio != ours.bio:
                self.blocks[id] = replace(self.blocks[id], bio=prose(notes, theirs.bio))


def main_language(exchange: Exchange, notes: Notes) -> str:
    """The one that most talks are in."""
    found = Counter(language for talk in exchange.talks if (language := language_of(talk.language)))
    if not found:
        notes.note("exchange.no_language", language=OTHERWISE)
        return OTHERWISE
    return found.most_common(1)[0][0].split("-")[0]


def dated_once(sessions: Iterable[Session], first: date | None) -> tuple[Session, ...]:
    """Each day written where it begins, the first one only for the event."""
    found, day = [], first
    for one in sessions:
        found.append(replace(one, date=None if one.date == day else one.date))
        day = one.date or day
    return tuple(found)


def session_of(talk: Talk, rooms: Rooms, people: PeopleByKey, before: Iterable[Session], notes: Notes) -> Session:
    """`before` are the sessions there are: their ids are taken."""
    participants = tuple({id: _participant(id, one) for one in talk.people if (id := people.id_of(one, notes))}.values())
    hours, notes.subject = hours_of(talk), line(talk.title)[:LABEL]
    title = _CANCELLED.sub("", talk.title, count=1) if _CANCELLED.match(talk.title) else talk.title
    if title != talk.title:
        notes.note_here("exchange.cancelled_title")
    if "," in talk.language or "/" in talk.language:
        notes.note_here("exchange.language_first")
    return Session(
        id=slug(title, "session", (one.id for one in before)), kind=_kind(talk.kind), title=line(title, notes) or "?",
        date=hours.day, start=hours.start, end=hours.end, end_basis="stated" if hours.end else "unknown", duration=hours.duration,
        room=rooms.id_of(talk.room), language=language_of(talk.language),
        description=prose(notes, talk.subtitle, talk.abstract, talk.description),
        stream=None if talk.is_streamed else False, record=None if talk.is_recorded else False,
        status="planned" if title == talk.title else "cancelled",
        participants=participants, resources=_resources(talk, notes),
    )  # fmt: skip


def _participant(id: str, one: TalkPerson) -> Participant:
    """Roles and titles are words of our own schedules: there they are additions to a person."""
    titles = tuple(text for title in one.titles if (text := line(title)))
    return Participant(id, tuple(role for role in dict.fromkeys(one.roles) if role in ROLES) or ("speaker",), titles_here=titles)


def _resources(talk: Talk, notes: Notes) -> tuple[WebLink, ...]:
    left = [address for _, address in talk.links if not _is_address(address)]
    if left:
        notes.note_here("exchange.link_left")
    return tuple(WebLink(line(label, notes) or address[:LINE], address) for label, address in talk.links if address not in left)


def _kind(kind: str) -> str:
    word = kind.casefold().strip()
    return word if word in OWN_KINDS else next((own for part, own in KINDS.items() if part in word), "other")


def language_of(text: str) -> str | None:
    """`de`, `pt_BR`, `de-formal`; of several (`de, en`) the first. Of what follows the language only script and region are kept."""
    first, *rest = re.split(r"[-_]", re.split(r"[,;/ ]", text.strip())[0])
    kept = [part for part in rest if re.fullmatch("[A-Za-z]{2}|[A-Za-z]{4}|[0-9]{3}", part)]
    try:
        return LANGUAGE.read("-".join([first.casefold(), *kept]))
    except Unfit:
        return None


def _is_address(text: str) -> bool:
    try:
        URL.read(text)
    except Unfit:
        return False
    return True
