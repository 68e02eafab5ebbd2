"""The running programme: published at start from the event's folder, replaced by imports, kept in memory for every page.

The texts are kept as they came; what runs is always what was read from them. A file with an error changes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from services.registration.programme.day import day_of, outer, whole_day
from services.registration.programme.exports.ics import Issue, event_calendar, personal_calendar, session_calendar
from services.registration.programme.exports.jsonld import json_ld
from services.registration.programme.exports.public import public_json, to_event
from services.registration.programme.format.check import blockers
from services.registration.programme.format.loading import Loaded, load_event
from services.registration.programme.format.model import Programme
from services.registration.programme.format.nodes import ProgrammeError, place
from services.registration.programme.format.parsing import NAMES, digest, parse_with_warnings
from services.registration.programme.format.rehearsal import RehearsalPerson
from services.registration.programme.format.theme import Theme, theme
from services.registration.programme.order.decisions import Kept
from services.registration.programme.running_order import Slot, next_change, now_next, running_order
from services.registration.programme.state import DayState, require_open, state_of
from services.registration.programme.store import ProgrammeStore
from shared import correlation
from shared.bus.port import Delivery
from shared.errors import Conflict, DomainError, FieldError, Unavailable
from shared.events.programme import ProgrammePublished
from shared.service.ports import Ports
from shared.storage.port import Document, Duplicate, StaleVersion
from shared.storage.race import decided_anew

log = logging.getLogger("tablee.registration")

MOST_TEXT: Final = 786_432
"""Characters of one file over HTTP; the reader counts bytes on top."""
DAY_CHECK_SECONDS: Final = 60.0
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


class Publishing:
    """`site_url`: address of the site with a final slash, for the calendars."""

    def __init__(self, ports: Ports, store: ProgrammeStore, folder: Path, site_url: str, loaded: Loaded | None = None) -> None:
        self._ports = ports
        self._store = store
        self._folder = folder
        self._loaded = loaded
        self.site_url = site_url
        self._running: Running | None = None
        self._theme: Theme | None = None
        self.rehearsal: tuple[RehearsalPerson, ...] = ()
        self._public: tuple[tuple[int, int], datetime, dict[str, Any]] | None = None
        self.order = Kept()
        """The running order as it was last kept (`order/app` sees to it)."""
        self.on_new_programme: Callable[[], Awaitable[None]] | None = None

    # --- publishing -------------------------------------------------------------------------------------------------------
    async def publish_at_start(self) -> None:
        """Import the folder where it changed since it was last imported; else go on with what runs. Raises DomainError when there is
        nothing that can run."""
        loaded = await self._load_folder()
        if loaded is not None:
            for warning in loaded.warnings:
                log.debug("programme warning", extra={"place": warning.path, "code": warning.code})
            await self._publish_folder(loaded)
        await self.reload(loaded)
        await self.publish_for_the_day()
        if self._running is None:
            raise Unavailable("registration.programme_unknown")

    async def _load_folder(self) -> Loaded | None:
        try:
            given, self._loaded = self._loaded, None  # a second start reads the folder as it is then
            loaded = given if given is not None else await asyncio.to_thread(load_event, self._folder)
            _require_event(loaded.programme, self._ports.event_id)
            _require_publishable(loaded.programme)
        except DomainError as error:
            if await self._store.programme(self._ports.event_id) is None:
                raise
            log.error("the event's folder cannot be used; the programme published before goes on", extra={"error": str(error)})
            return None
        self._theme, self.rehearsal = loaded.theme, loaded.rehearsal
        return loaded

    async def _publish_folder(self, loaded: Loaded) -> None:
        async def publish() -> None:
            stored = await self._store.programme(self._ports.event_id)
            if stored is None or stored["folder_digest"] != loaded.digest:
                texts = {"yaml": loaded.programme_text, "completion": loaded.completion_text}
                version = stored["version"] if stored else 0
                await self._write(loaded.programme, texts, version, self._ports.clock(), folder_digest=loaded.digest)

        await decided_anew(publish, busy="registration.busy")  # another replica starts too

    async def publish_for_the_day(self) -> None:
        """A rehearsal is always today: once a new day began, what runs is published again with today's hours."""
        now, stored = self._ports.clock(), await self._store.programme(self._ports.event_id)
        if stored is None or self._running is None or stored["day"] == _day(self._running.programme, now):
            return
        texts = {"yaml": stored["yaml"], "completion": stored["completion"]}
        programme = await self._parse(stored)
        with suppress(Duplicate, StaleVersion):  # another replica did it
            await self._write(programme, texts, stored["version"], now, folder_digest=stored["folder_digest"])
        await self.reload()

    @staticmethod
    async def _parse(stored: Document) -> Programme:
        return (await asyncio.to_thread(parse_with_warnings, stored["yaml"], stored["completion"]))[0]

    async def follow_the_day(self) -> None:
        """A task."""
        while True:
            await asyncio.sleep(DAY_CHECK_SECONDS)
            await self.publish_for_the_day()

    async def import_texts(self, text: str, completion: str | None, *, expected_version: int) -> tuple[int, Sequence[FieldError]]:
        """The new version and its warnings. Raises ProgrammeError, Conflict("registration.programme_stale")."""
        programme, warnings = await asyncio.to_thread(parse_with_warnings, text, completion)
        _require_event(programme, self._ports.event_id)
        _require_publishable(programme)
        stored = await self._store.programme(self._ports.event_id)
        version = stored["version"] if stored else 0
        stale = Conflict("registration.programme_stale", current={"version": version})
        if version != expected_version:
            raise stale
        texts, folder_digest = {"yaml": text, "completion": completion}, stored["folder_digest"] if stored else ""
        try:
            await self._write(programme, texts, version, self._ports.clock(), folder_digest=folder_digest)
        except (Duplicate, StaleVersion):
            raise stale from None
        await self.reload()
        return version + 1, warnings

    async def _write(self, programme: Programme, texts: dict[str, str | None], version: int, now: datetime, *, folder_digest: str) -> None:
        fingerprint = digest(texts["yaml"] or "", texts["completion"])
        event = to_event(programme, digest=fingerprint, now=now)
        document = {
            "_id": self._ports.event_id,
            **texts,
            "digest": fingerprint,
            "folder_digest": folder_digest,
            "day": _day(programme, now),
            "published_at": now,
        }
        sealed = event.to_envelope(
            id=self._ports.new_id(),
            subject=self._ports.event_id,
            seq=version + 1,
            time=now,
            correlationid=correlation.current(),
        )
        if version:
            await self._store.save(document, version, [sealed])
        else:
            await self._store.add(document, [sealed])
        self._ports.relay_wake()

    async def reload(self, known: Loaded | None = None) -> None:
        """Take over what the store holds, when it is newer: another replica may have imported. `known` spares reading one text twice."""
        stored = await self._store.programme(self._ports.event_id)
        if stored is None or (self._running is not None and self._running.version >= stored["version"]):
            return
        programme = known.programme if known is not None and known.digest == stored["digest"] else await self._parse(stored)
        self._running = Running(programme, stored["version"], stored["digest"], stored["published_at"])
        if self.on_new_programme is not None:
            await self.on_new_programme()

    async def on_published(self, event: ProgrammePublished, delivery: Delivery) -> None:
        await self.reload()

    # --- reading ----------------------------------------------------------------------------------------------------------
    @property
    def running(self) -> Running:
        """Raises Unavailable("registration.programme_unknown")."""
        if self._running is None:
            raise Unavailable("registration.programme_unknown")
        return self._running

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

    @property
    def is_draft(self) -> bool:
        return self._running is not None and self._running.programme.event.status == "draft"

    def common(self, now: datetime, *, veiled: bool = False) -> dict[str, Any]:
        """What every page shows: {programme, event_name, event, theme}. Never fails, for error pages need it too. `veiled`: as if there
        were no programme, for those who may not see a draft."""
        if self._running is None or veiled:
            return {"programme": None, "event_name": "Tablée", "event": "Tablée", "theme": {"name": "Tablée", "accent": None, "logo": None}}
        look, name = self._look(), self.event_name
        shown = {"name": look.name, "accent": look.accent, "logo": look.logo}
        return {"programme": self.public(now), "event_name": name, "event": name, "theme": shown}

    @property
    def theme_css(self) -> str:
        return self._look().css()

    def _look(self) -> Theme:
        if self._theme is None:
            self._theme = theme(self.event_name)
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
        """{at, version, now, next, stages}: ids of what is on and what begins next, altogether and by stage."""
        found = now_next(self.running.programme, now, self.order.decisions)
        stages = {id: {"now": moment.now, "next": moment.next} for id, moment in found.stages.items()}
        return {"at": found.at, "version": self.order.version, "now": list(found.now), "next": list(found.next), "stages": stages}

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

    def personal_calendar(self, now: datetime, *, link: str, door: str, hint: str, join: str) -> str:
        """The day with a personal link, to send by mail (RFC 5546, sections 3.2.1 and 3.2.5); empty while the date is unknown.

        `hint` and `join`: what stands beside the link, in the language of its holder.
        """
        try:
            programme = self.running.programme
            return personal_calendar(programme, now, link=link, door=door, hint=hint, join=join, issue=self._issue).decode()
        except DomainError:
            return ""

    @property
    def _issue(self) -> Issue:
        """By the versions of the programme and of the running order, neither of which ever falls."""
        running, order = self.running, self.order
        made = max(running.published_at, order.revised_at or running.published_at)
        return Issue(running.version + order.revision, made, order.decisions)


def _day(programme: Programme, now: datetime) -> str | None:
    day = day_of(programme, now)
    return day.isoformat() if day else None


def _require_event(programme: Programme, event_id: str) -> None:
    """Raises ProgrammeError: a programme of another event never replaces this one."""
    if programme.event.id != event_id:
        raise ProgrammeError([FieldError(place(NAMES[0], 1, "event.id"), "registration.other_event", {"id": event_id})])


def _require_publishable(programme: Programme) -> None:
    """Raises ProgrammeError with what is missing."""
    missing = blockers(programme)
    if missing:
        raise ProgrammeError([FieldError(f"{NAMES[0]} {one.path}", one.code, one.params) for one in missing])
