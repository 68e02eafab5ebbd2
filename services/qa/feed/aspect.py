"""What an aspect of a session's feed is: something that follows from events, is part of every snapshot, and changes before people's eyes.

Adding one: a file in `feed/aspects`, a line in its tuple, and the same on the pages' side (`web/js/state/aspects`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from services.qa.facts import Contents
from services.qa.feed.projection import DISPLAY, VIEWS, Json, View
from shared.events.kind import Event
from shared.events.vocabulary import Attendance


@dataclass(frozen=True, slots=True)
class AspectChange:
    """Some things of a session, by keys of the aspect's own choice, are not what they were: for everybody in `view` or, where that is
    None, for one person. Without keys: something may have been shown to that view meanwhile, elsewhere, of which nothing was heard here."""

    session: str
    keys: tuple[str, ...]
    view: View | None = None
    person: str = ""


class FrameData(NamedTuple):
    """One frame to be: what kind, and its JSON value."""

    kind: str
    data: object


@dataclass(frozen=True, slots=True)
class Passing:
    """A frame of the moment, for everybody in `view` or, where that is None, for one person: it changes nothing, is part of no snapshot,
    and who does not listen now never gets it."""

    session: str
    frame: FrameData
    view: View | None = None
    person: str = ""


Fold = Callable[[Any, int], Iterable[AspectChange | Passing]]
"""(event, seq of its subject) → what changed by it. Each change is rendered before the next one is asked for. Whatever arrives twice or
late changes nothing."""


class Aspect:
    """Of all sessions of one process. No I/O, no clock."""

    def takes(self) -> Mapping[type[Event], Fold]:
        """Event classes (a base stands for its subclasses) and what each of them does."""
        return {}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        """Take over what is newer in the store than what is known here."""
        return ()

    def refuses(self, session: str, view: View) -> str:
        """Why nobody new may join that view: a dotted code; empty when the aspect has nothing against it."""
        return ""

    def blanks(self, session: str) -> bool:
        """Whether the aspect keeps the screens of the session blank."""
        return False

    def on_screen(self, session: str, *, blank: bool) -> Json:
        """`shared` for screens."""
        hidden = self.blank() if blank else None
        return self.shared(session, DISPLAY) if hidden is None else hidden

    def blank(self) -> Json | None:
        """What `shared` is for screens while they are blank; None: the aspect has nothing to hide, and goes on."""
        return None

    def holds(self, session: str) -> bool:
        """Whether something of the session must be kept although nobody is there."""
        return False

    def forget(self, session: str) -> None:
        """Nobody is there and no aspect holds anything of it."""

    def arrive(self, session: str, view: View, person: str, entrance: Attendance, name: str) -> None:
        """A client came in; `name`: the one that moderators read."""

    def leave(self, session: str, view: View, person: str, entrance: Attendance) -> None:
        """A client left; called once for each `arrive`."""

    def declare(self, host: str, people: int, at: datetime) -> None:
        """The host of a local hub says how many are there, as of then."""

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        """Called about once a second, for what is sent at intervals or when its time has come."""
        return ()

    def shared(self, session: str, view: View) -> Json:
        """The fields of a snapshot that are the same for the whole audience. They change only together with an AspectChange of it."""
        return {}

    def personal(self, session: str, person: str) -> Json:
        """The fields of a snapshot that concern one person; screens get none."""
        return {}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        """Those things as they are NOW for that audience: live frames and replays are made here alike, so that a replay never holds what
        a fresh snapshot would not."""
        return ()


def for_everybody(session: str, *keys: str) -> Iterable[AspectChange]:
    for view in VIEWS:
        yield AspectChange(session, keys, view)
