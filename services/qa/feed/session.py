"""The feed of one session: its journal, and the frames and snapshots that its aspects make. No I/O, no clients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from services.qa.feed.aspect import Aspect, AspectChange, Passing
from services.qa.feed.journal import MOST_ENTRIES, Journal, Key, Missed
from services.qa.feed.projection import CHAIR, DISPLAY, MODERATOR, PUBLIC, STUDIO, View
from services.qa.feed.protocol import encode, event, snapshot

PERSONAL: Final[tuple[View, ...]] = (PUBLIC, MODERATOR, CHAIR, STUDIO)
"""The views that people have; a screen is nobody's."""


class Address(NamedTuple):
    """Who gets a frame: all clients of a view (person "") or one person's clients of that view."""

    view: View
    person: str


class SessionFeed:
    def __init__(self, session: str, aspects: Sequence[Aspect], *, most_entries: int = MOST_ENTRIES, first: int = 0) -> None:
        self._session, self._aspects = session, aspects
        self._journal = Journal(most_entries, first)
        self._encoded: dict[View, tuple[int, bytes]] = {}

    @property
    def highest(self) -> int:
        """The highest number that any view has reached."""
        return self._journal.highest

    def write(
        self, aspect: int, change: AspectChange, correlation: str, at: int, listens: Callable[[Address], bool]
    ) -> Iterable[tuple[Address, list[bytes]]]:
        """The frames of a change, made only for addresses at which somebody listens. The correlation id, which a caller may have chosen,
        is for moderators only. `at`: the time in milliseconds."""
        keys = [Key(aspect, name) for name in change.keys]
        if change.view is None:
            if not change.person:  # of a question that belongs to nobody any more
                return
            self._journal.write_personal(change.person, keys, at)
            for view in PERSONAL:
                address = Address(view, change.person)
                if listens(address):
                    yield address, self._frames(self._journal.seq(view), address, keys, "")
            return
        if not keys:
            self._journal.skip(change.view, at)
            return
        seq, address = self._journal.write(change.view, keys, at), Address(change.view, "")
        if listens(address):
            yield address, self._frames(seq, address, keys, correlation if change.view == MODERATOR else "")

    def pass_on(self, passing: Passing, listens: Callable[[Address], bool]) -> Iterable[tuple[Address, bytes]]:
        """For those who listen now: numbered as they stand, written down nowhere."""
        for view in PERSONAL if passing.view is None else (passing.view,):
            address = Address(view, passing.person)
            if listens(address):
                yield address, event(self._journal.seq(view), passing.frame.kind, passing.frame.data)

    def missed(self, seq: int, view: View, person: str) -> list[bytes] | None:
        """What changed since `seq`, as it is now; None when only a snapshot can tell."""
        return self._told(self._journal.since(seq, view, _of(view, person)), view)

    def missed_nothing(self, since: int, view: View) -> bool:
        """Whether a client that came from another process at that number can have been shown nothing there of which nobody told it here."""
        return self._journal.missed_nothing(since, view)

    def adopt(self, seq: int, view: View, person: str, now: int) -> tuple[int, list[bytes]] | None:
        """For a client that stood at `seq` at another process: the number at which it has everything, and what changed, as it is now; None
        when only a snapshot can tell. `now`: milliseconds."""
        told = self._told(self._journal.adopt(seq, view, _of(view, person), now), view)
        return None if told is None else (self._journal.seq(view), told)

    def _told(self, missed: list[Missed] | None, view: View) -> list[bytes] | None:
        if missed is None:
            return None
        together = groupby(missed, key=lambda each: (each.seq, each.person, each.key.aspect))
        return [frame for (at, of, _), group in together for frame in self._frames(at, Address(view, of), [each.key for each in group], "")]

    def snapshot(self, epoch: str, view: View, person: str) -> bytes:
        seq = self._journal.seq(view)
        at, shared = self._encoded.get(view, (-1, b""))
        if at != seq:
            shared = encode(self._shared(view))
            self._encoded[view] = (seq, shared)
        return snapshot(epoch, seq, shared, self._personal(view, person))

    def state(self, view: View, person: str) -> dict[str, Any]:
        """What a snapshot holds."""
        return {**self._shared(view), **self._personal(view, person)}

    def _frames(self, seq: int, address: Address, keys: list[Key], correlation: str) -> list[bytes]:
        if not keys:
            return []
        names, view = tuple(key.name for key in keys), None if address.person else address.view
        aspect = self._aspects[keys[0].aspect]
        if view == DISPLAY and aspect.blank() is not None and self._blank:
            return []
        made = aspect.frames(self._session, names, view, address.person)
        return [event(seq, frame.kind, frame.data, correlation) for frame in made]

    def _shared(self, view: View) -> dict[str, Any]:
        state: dict[str, Any] = {}
        for aspect in self._aspects:
            state |= aspect.on_screen(self._session, blank=self._blank) if view == DISPLAY else aspect.shared(self._session, view)
        return state

    @property
    def _blank(self) -> bool:
        return any(aspect.blanks(self._session) for aspect in self._aspects)

    def _personal(self, view: View, person: str) -> dict[str, Any]:
        state: dict[str, Any] = {}
        if view != DISPLAY:
            for aspect in self._aspects:
                state |= aspect.personal(self._session, person)
        return state


def _of(view: View, person: str) -> str:
    """A screen is nobody's."""
    return "" if view == DISPLAY else person
