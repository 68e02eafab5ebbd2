"""The journal of one session: what was said to whom under which number, for clients that come back. Bounded; pure.

Lifecycle events are kept one by one. What is coalesced (presence, votes) is kept as its newest value only, so that an hour of voting
does not push a question's step out of the journal. What must not be here: clients, projections, I/O.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Set
from typing import Final, NamedTuple

from services.qa.feed.protocol import event

MOST_ENTRIES: Final = 1000

EVERYONE: Final = "everyone"


def of_person(person: str) -> str:
    """The address of one person's clients; views have their own names as addresses."""
    return f"person:{person}"


class Entry(NamedTuple):
    seq: int
    address: str
    frame: bytes


class Journal:
    def __init__(self, most_entries: int = MOST_ENTRIES) -> None:
        self.seq = 0
        self._entries: deque[Entry] = deque()
        self._most = most_entries
        self._forgotten = 0
        self._newest: dict[str, Entry] = {}
        self._voted_at: dict[str, int] = {}

    def write(self, address: str, kind: str, data: object, correlation: str = "") -> Entry:
        entry = self._next(address, kind, data, correlation)
        self._entries.append(entry)
        if len(self._entries) > self._most:
            self._forgotten = self._entries.popleft().seq
        return entry

    def write_newest(self, address: str, kind: str, data: object) -> Entry:
        """Absolute values of which only the last one matters."""
        entry = self._newest[kind] = self._next(address, kind, data, "")
        return entry

    def write_votes(self, counts: dict[str, int], correlation: str = "") -> Entry:
        entry = self._next(EVERYONE, "votes", {"counts": counts}, correlation)
        self._voted_at.update(dict.fromkeys(counts, entry.seq))
        return entry

    def since(self, seq: int, addresses: Set[str], votes: Callable[[str], int]) -> list[bytes] | None:
        """The frames after `seq` for those addresses, in order; None when they are not all known any more (or never were).

        `votes` gives the count of a question as it is now: a count that was true when it was written may have been passed by a newer
        one in a later event.
        """
        if not self._forgotten <= seq <= self.seq:
            return None
        missed = [entry for entry in self._entries if entry.seq > seq and entry.address in addresses]
        missed += [entry for entry in self._newest.values() if entry.seq > seq and entry.address in addresses]
        changed = [id for id, at in self._voted_at.items() if at > seq]
        if changed:
            last = max(self._voted_at[id] for id in changed)
            missed.append(Entry(last, EVERYONE, event(last, "votes", {"counts": {id: votes(id) for id in changed}})))
        return [entry.frame for entry in sorted(missed)]

    def _next(self, address: str, kind: str, data: object, correlation: str) -> Entry:
        self.seq += 1
        return Entry(self.seq, address, event(self.seq, kind, data, correlation))
