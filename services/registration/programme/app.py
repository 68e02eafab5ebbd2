"""The running programme: published at start from the event's folder, replaced by imports, kept in memory for every page.

The texts are kept as they came; what runs is always what was read from them. A file with an error changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from services.registration.programme.day import day_of
from services.registration.programme.exports.public import to_event
from services.registration.programme.format.check import blockers
from services.registration.programme.format.loading import Loaded, load_event
from services.registration.programme.format.model import Programme
from services.registration.programme.format.nodes import ProgrammeError, place
from services.registration.programme.format.parsing import NAMES, digest, parse_with_warnings
from services.registration.programme.format.rehearsal import RehearsalPerson
from services.registration.programme.format.reuse import reused
from services.registration.programme.in_force import ProgrammeInForce, Running
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
TOLD: Final = 2
"""How much the event of a published programme tells; raised when it tells more, so that what runs is published again."""


class Publishing(ProgrammeInForce):
    def __init__(self, ports: Ports, store: ProgrammeStore, folder: Path, site_url: str, loaded: Loaded | None = None) -> None:
        super().__init__(ports, site_url)
        self._store = store
        self._folder = folder
        self._loaded = loaded
        self.rehearsal: tuple[RehearsalPerson, ...] = ()
        self.on_new_programme: Callable[[], Awaitable[None]] | None = None

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
        """A rehearsal is always today: once a new day began, what runs is published again with today's hours. So is what a release
        published that told less of a programme."""
        now, stored = self._ports.clock(), await self._store.programme(self._ports.event_id)
        if stored is None or self._running is None:
            return
        if stored["day"] == _day(self._running.programme, now) and stored.get("told") == TOLD:
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
        again = reused(self._running.programme, programme) if self._running is not None else ()
        try:
            await self._write(programme, texts, version, self._ports.clock(), folder_digest=folder_digest)
        except (Duplicate, StaleVersion):
            raise stale from None
        await self.reload()
        return version + 1, (*again, *warnings)

    async def _write(self, programme: Programme, texts: dict[str, str | None], version: int, now: datetime, *, folder_digest: str) -> None:
        fingerprint = digest(texts["yaml"] or "", texts["completion"])
        event = to_event(programme, digest=fingerprint, now=now)
        document = {
            "_id": self._ports.event_id,
            **texts,
            "digest": fingerprint,
            "folder_digest": folder_digest,
            "day": _day(programme, now),
            "told": TOLD,
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
        self.waiters.ring()
        if self.on_new_programme is not None:
            await self.on_new_programme()

    async def on_published(self, event: ProgrammePublished, delivery: Delivery) -> None:
        await self.reload()


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
