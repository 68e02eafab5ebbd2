"""Which open studio page speaks for a session: the newest one, as long as it says so. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shared.clock import to_text
from shared.errors import Conflict
from shared.events.table import StudioHeld

LEASE_SECONDS: Final = 30
MOST_BEFORE: Final = 32


@dataclass(frozen=True, slots=True)
class Studio:
    """`instance` is empty when it was given up; `before`: pages that another one took over from, which never speak again."""

    session: str
    version: int
    instance: str
    since: datetime
    until: datetime
    before: tuple[str, ...] = ()

    def told(self) -> StudioHeld:
        return StudioHeld(self.session, self.instance, to_text(self.since), to_text(self.until))

    def gone(self, now: datetime) -> bool:
        """Nobody has spoken for the session for as long as a lease lasts; a page that was given up may be back by then."""
        return now >= self.until


def held(known: Studio | None, session: str, instance: str, now: datetime) -> Studio:
    """By this page from now on, or longer. Raises Conflict where a newer one took over from it."""
    until = now + timedelta(seconds=LEASE_SECONDS)
    if known is None:
        return Studio(session, 1, instance, now, until)
    if instance in known.before:
        raise Conflict("qa.studio_elsewhere")
    if instance == known.instance:
        return replace(known, version=known.version + 1, until=until)
    before = (*known.before, known.instance)[-MOST_BEFORE:] if known.instance else known.before
    return replace(known, version=known.version + 1, instance=instance, since=now, until=until, before=before)


def given_up(known: Studio | None, instance: str, now: datetime) -> Studio | None:
    """By the page that held it; None when it did not."""
    if known is None or known.instance != instance:
        return None
    return replace(known, version=known.version + 1, instance="", since=now, until=now + timedelta(seconds=LEASE_SECONDS))
