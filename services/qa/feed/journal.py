"""The journal of one session: which things changed when, for clients that come back. It holds no frame and no text: what a client missed
is rendered from what is true now. Pure.

Each view counts for itself, so that a viewer cannot read from gaps in the numbers how much waits or is declined. What concerns one person
has no number of its own: it is stamped with the number its view had reached, and a client that has seen that number gets it (again).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple

from services.qa.feed.projection import VIEWS, View

MOST_ENTRIES: Final = 1000
"""Things remembered per view, and per person; whoever missed more gets a snapshot, which is shorter by then."""


class Key(NamedTuple):
    """A thing: the place of its aspect among the aspects, and the aspect's own key."""

    aspect: int
    name: str


class Missed(NamedTuple):
    """Something that changed at `seq`, for a whole view (person "") or for one person. Sorts in the order of sending."""

    seq: int
    person: str
    key: Key


class Journal:
    def __init__(self, most_entries: int = MOST_ENTRIES, first: int = 0) -> None:
        """`first`: where counting begins; whoever says to stand before it gets a snapshot."""
        self._most = most_entries
        self._seq: dict[View, int] = dict.fromkeys(VIEWS, first)
        self._changed: dict[View, dict[Key, int]] = {view: {} for view in VIEWS}
        self._forgotten: dict[View, int] = dict.fromkeys(VIEWS, first)
        self._personal: dict[str, dict[Key, dict[View, int]]] = defaultdict(dict)
        self._forgotten_of: dict[str, dict[View, int]] = {}
        self._stamp: dict[View, int] = dict(self._seq)

    @property
    def highest(self) -> int:
        return max(self._seq.values())

    def seq(self, view: View) -> int:
        return self._seq[view]

    def write(self, view: View, keys: list[Key]) -> int:
        """The number of this change."""
        self._seq[view] += 1
        self._stamp = dict(self._seq)
        changed = self._changed[view]
        for key in keys:
            changed.pop(key, None)
            changed[key] = self._seq[view]
        while len(changed) > self._most:
            self._forgotten[view] = changed.pop(next(iter(changed)))
        return self._seq[view]

    def write_personal(self, person: str, keys: list[Key]) -> None:
        changed = self._personal[person]
        for key in keys:
            changed.pop(key, None)
            changed[key] = self._stamp
        while len(changed) > self._most:
            self._forgotten_of[person] = changed.pop(next(iter(changed)))

    def since(self, seq: int, view: View, person: str) -> list[Missed] | None:
        """What changed after `seq`, in order; None when that is not known any more (or never was). `person` "" for screens."""
        if not self._forgotten[view] <= seq <= self._seq[view]:
            return None
        if person in self._forgotten_of and self._forgotten_of[person][view] >= seq:
            return None
        missed = [Missed(at, "", key) for key, at in self._changed[view].items() if at > seq]
        own = self._personal.get(person, {})
        missed += [Missed(stamp[view], person, key) for key, stamp in own.items() if stamp[view] >= seq]
        return sorted(missed) if len(missed) <= self._most else None
