"""What delivery serves, whoever fills it: the renditions of one stream, and waiting for what comes next.

A live stage fills a LiveChannel through its packager; a recording or another origin may fill a channel of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Protocol

from services.streaming.origin.blocking import BlockingRequests
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.rendition import Rendition


class Channel(Protocol):
    @property
    def renditions(self) -> Mapping[str, Rendition]:
        """By name, as in addresses; the leader first."""

    @property
    def ready(self) -> bool:
        """Whether every rendition has something to list."""

    @property
    def revision(self) -> int:
        """Grows with every change: a text rendered at one revision is good until the next."""

    @property
    def ended(self) -> bool:
        """Whether nothing will come any more; what is there may still be asked for."""

    async def wait(self, thing: Hashable, there: Callable[[], bool], seconds: float) -> bool:
        """True as soon as `there()` holds, False when it does not within `seconds` or there is no room to wait. Requests that wait for the
        same thing name it by the same `thing`."""


class LiveChannel:
    """The channel of a stage. Its owner calls `update` after adding to the packager, `finish` when the stream has come to its end, and
    `dismiss` when the process stops."""

    def __init__(self, packager: Packager) -> None:
        self._packager = packager
        self._blocking = BlockingRequests()
        self._released = packager.revision
        self._ended = False

    @property
    def renditions(self) -> Mapping[str, Rendition]:
        return self._packager.renditions

    @property
    def ready(self) -> bool:
        return self._packager.ready

    @property
    def revision(self) -> int:
        return self._packager.revision

    @property
    def ended(self) -> bool:
        return self._ended

    @property
    def waiting(self) -> int:
        """Requests that wait now."""
        return len(self._blocking)

    async def wait(self, thing: Hashable, there: Callable[[], bool], seconds: float) -> bool:
        return await self._blocking.until(thing, there, seconds)

    def update(self) -> None:
        """Wake the requests whose part has come."""
        if self._packager.revision != self._released:
            self._released = self._packager.revision
            self._blocking.release()

    def finish(self) -> None:
        """Whoever waits gets the end of the list."""
        self._packager.finish()
        self._ended = True
        self.dismiss()

    def dismiss(self) -> None:
        self._blocking.dismiss()
