"""The programme in force and the running order beside it, kept in memory: what pages, answers and calendars read of them.

What must not be here: publishing, importing (`app`), deciding (`order/app`), HTTP.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from services.registration.programme.day import outer, whole_day
from services.registration.programme.exports.ics import Issue, event_calendar, personal_calendar, session_calendar
from services.registration.programme.exports.jsonld import json_ld
from services.registration.programme.exports.public import public_json
from services.registration.programme.format.event import FormQuestion
from services.registration.programme.format.model import Programme
from services.registration.programme.format.theme import Theme, theme
from services.registration.programme.open_days import EventDay, open_days
from services.registration.programme.order.decisions import Kept
from services.registration.programme.running_order import Slot, next_change, now_next, running_order
from services.registration.programme.state import DayState, doors, require_open, state_of
from services.registration.programme.waiting import DayWaiters
from shared.errors import DomainError, Unavailable
from shared.events.vocabulary import Door, is_door
from shared.service.ports import Ports

PUBLIC_FOR: Final = timedelta(minutes=1)


class ImageText(NamedTuple):
    """The notice on image rights that stands beside the choice in the form."""

    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Running:
    programme: Programme
    version: int
    digest: str
    published_at: datetime


class ProgrammeInForce:
    """`site_url`: address of the site with a final slash, for the calendars."""

    def __init__(self, ports: Ports, site_url: str) -> None:
        self._ports = ports
        self.site_url = site_url
        self._running: Running | None = None
        self._theme: Theme | None = None
        self._public: tuple[tuple[int, int], datetime, dict[str, Any]] | None = None
        self._now_next: tuple[tuple[int, int, datetime], dict[str, Any]] | None = None
        self._order = Kept()
        self.waiters = DayWaiters()

    @property
    def running(self) -> Running:
        """Raises Unavailable("registration.programme_unknown")."""
        if self._running is None:
            raise Unavailable("registration.programme_unknown")
        return self._running

    @property
    def order(self) -> Kept:
        """The running order as it was last kept."""
        return self._order

    def take_order(self, kept: Kept) -> None:
        """What `order/app` kept; an older one changes nothing."""
        if kept.version >= self._order.version:
            self._order = kept
            self.waiters.ring()

    @property
    def event_id(self) -> str:
        return self._ports.event_id

    @property
    def event_name(self) -> str:
        return self.running.programme.event.name

    def state(self, now: datetime) -> DayState:
        return state_of(self.running.programme, self.running_order(now), now)

    def require_open(self, now: datetime) -> None:
        """Raises NotFound or Conflict, `registration.event_…`, while nobody can register."""
        require_open(self.state(now))

    def doors(self, now: datetime) -> tuple[Door, ...]:
        """The ways to come that are offered."""
        event = self.running.programme.event
        return doors(event.modes, streamed=bool(event.stages), state=self.state(now))

    def language(self) -> str:
        return self.running.programme.language

    def questions(self) -> tuple[FormQuestion, ...]:
        """What the organiser asks whoever registers."""
        told = self.running.programme.event.registration
        return told.questions if told is not None else ()

    def reminders(self) -> tuple[int, ...]:
        """How many minutes before a day begins people are reminded of it."""
        told = self.running.programme.event.registration
        return told.reminders if told is not None else ()

    def open_days(self, now: datetime) -> tuple[EventDay, ...]:
        """The days of the event that people choose from."""
        return open_days(self.running.programme, self.running_order(now), now)

    @property
    def version(self) -> int:
        return self.running.version

    def capacity(self, door: Door, day: int) -> int | None:
        """How many registrations a door takes on a day, from 1; None for as many as come."""
        places = self.running.programme.event.capacity
        return places.of(door, day) if places is not None else None

    def is_limited(self, door: str) -> bool:
        """Whether the places of a door are counted on some day."""
        days = range(1, len(self.open_days(self._ports.clock())) + 1)
        return is_door(door) and any(self.capacity(door, day) is not None for day in days)

    @property
    def is_draft(self) -> bool:
        return self._running is not None and self._running.programme.event.status == "draft"

    def common(self, now: datetime, *, veiled: bool = False) -> dict[str, Any]:
        """What every page shows: {programme, event_name}. Never fails, for error pages need it too. `veiled`: as if there were no
        programme, for those who may not see a draft."""
        if self._running is None or veiled:
            return {"programme": None, "event_name": "Tablée"}
        return {"programme": self.public(now), "event_name": self.event_name}

    @property
    def theme_css(self) -> str:
        return self._look().css()

    @property
    def colours(self) -> tuple[str, str]:
        """The accent as it reads on light paper, and what reads on it."""
        return self._look().light, self._look().on_light

    def _look(self) -> Theme:
        if self._theme is None:
            self._theme = theme()
        return self._theme

    @property
    def stages(self) -> tuple[str, ...]:
        """Their ids, in the order of the programme."""
        return tuple(stage.id for stage in self.running.programme.event.stages)

    def public(self, now: datetime) -> dict[str, Any]:
        """The public programme as the day stands; made anew when something begins or ends, and once a minute."""
        key = (self.running.version, self.order.version)
        if self._public is None or self._public[0] != key or not self._public[1] - PUBLIC_FOR <= now < self._public[1]:
            programme, decisions = self.running.programme, self.order.decisions
            until = min(now + PUBLIC_FOR, next_change(programme, now, decisions) or now + PUBLIC_FOR)
            self._public = (key, until, {**public_json(programme, now, decisions), "version": self.running.version})
        return self._public[2]

    def structured(self, now: datetime) -> dict[str, Any] | None:
        """schema.org's Event for search engines and calendars; None while the day is unknown."""
        return json_ld(self.running.programme, now, decisions=self.order.decisions, url=self.site_url)

    def running_order(self, now: datetime) -> Mapping[str, Slot]:
        return running_order(self.running.programme, now, self.order.decisions)

    def now_next(self, now: datetime) -> dict[str, Any]:
        """{at, version, programme, now, next, stages, phase, as_of}: ids of what is on and what begins next, altogether and by stage; the
        versions of the running order and of the programme; `as_of` changes with anything but `at`. Made once a second, for every open
        page asks."""
        key = (self.running.version, self.order.version, now.replace(microsecond=0))
        if self._now_next is None or self._now_next[0] != key:
            found = now_next(self.running.programme, now, self.order.decisions)
            stages = {id: {"now": moment.now, "next": moment.next} for id, moment in found.stages.items()}
            shown = {
                "version": self.order.version, "programme": self.running.version, "now": list(found.now), "next": list(found.next),
                "stages": stages, "phase": self.state(now).phase,
            }  # fmt: skip
            self._now_next = (key, {"at": found.at, **shown, "as_of": _print_of(shown)})
        return self._now_next[1]

    def has_session(self, id: str) -> bool:
        return self.running.programme.session(id) is not None

    def session_for(self, wanted: str | None, now: datetime, stage: str | None = None) -> dict[str, Any] | None:
        """The session a live page is about: the one asked for. Else, of those on `stage` where there are any: one that is on and takes
        questions, one that is on, the next that takes questions, any that takes questions, the first."""
        sessions: list[dict[str, Any]] = self.public(now)["sessions"]
        asked = next((one for one in sessions if one["id"] == wanted), None)
        here = [one for one in sessions if stage and one["stage"] and one["stage"]["id"] == stage] or sessions
        for choose in (
            lambda one: one["progress"] == "on" and one["questions"],
            lambda one: one["progress"] == "on" and one["stage"],
            lambda one: one["progress"] == "upcoming" and one["questions"],
            lambda one: one["questions"],
        ):
            asked = asked or next(filter(choose, here), None)
        return asked or next(iter(here), None)

    def sessions_on(self, now: datetime) -> list[str]:
        """Those that are on and take questions."""
        return [one["id"] for one in self.public(now)["sessions"] if one["progress"] == "on" and one["questions"]]

    def image_text(self) -> ImageText:
        notice = next((one for one in self.running.programme.notices if one.kind == "image_rights"), None)
        if notice is None:
            return ImageText(version="none", sha256=hashlib.sha256(b"").hexdigest())
        return ImageText(version=str(notice.version), sha256=hashlib.sha256(notice.text.encode()).hexdigest())

    def ends_at(self) -> datetime | None:
        """The last end that is expected, or was printed where that is later."""
        now = self._ports.clock()
        printed = whole_day(self.running.programme, now)[1]
        return max(filter(None, (printed, outer(slot.instants for slot in self.running_order(now).values())[1])), default=None)

    def calendar(self, now: datetime, *, session: str | None = None) -> bytes:
        """Raises NotFound, Invalid("programme.date_unknown")."""
        programme, issue = self.running.programme, self._issue
        if session is not None:
            return session_calendar(programme, session, now, issue=issue, url=self.site_url)
        return event_calendar(programme, now, issue=issue, url=self.site_url)

    def personal_calendar(self, now: datetime, days: Collection[date], *, door: str, hint: str, join: str) -> str:
        """The days on which somebody comes, to send by mail (RFC 5546, sections 3.2.1 and 3.2.5) or to fetch from their place; empty while
        no date is known. `hint` and `join`: see `ics.personal_calendar`."""
        try:
            programme, issue = self.running.programme, self._issue
            return personal_calendar(programme, now, days, url=self.site_url, door=door, hint=hint, join=join, issue=issue).decode()
        except DomainError:
            return ""

    async def changed_since(self, as_of: str, seconds: float) -> dict[str, Any]:
        """`now_next` as soon as it is another one than that, at the latest after so long."""
        found = self.now_next(self._ports.clock())
        if found["as_of"] != as_of:
            return found
        await self.waiters.wait(seconds)
        return self.now_next(self._ports.clock())

    @property
    def _issue(self) -> Issue:
        """By the versions of the programme and of the running order, neither of which ever falls."""
        running, order = self.running, self.order
        made = max(running.published_at, order.revised_at or running.published_at)
        return Issue(running.version + order.revision, made, order.decisions)


def _print_of(shown: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]
