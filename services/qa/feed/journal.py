"""The journal of one session: which things changed when, for clients that come back. It holds no frame and no text: what a client missed
is rendered from what is true now. Pure.

Each view counts for itself, so that a viewer cannot read from gaps in the numbers how much waits or is declined. A number is the time of
its change in milliseconds, or the next one where that is taken, so that a place in the journal of another process can be found here.
What concerns one person has no number of its own: it is stamped with the number its view had reached, and a client that has seen that
number gets it (again).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from services.qa.feed.epoch import AHEAD_MS, OVERLAP_MS
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


class _Stamp(NamedTuple):
    """When something of one person changed: the number that each view had reached, and the time."""

    numbers: Mapping[View, int]
    at: int


class Journal:
    def __init__(self, most_entries: int = MOST_ENTRIES, first: int = 0) -> None:
        """`first`: where counting begins; whoever says to stand before it gets a snapshot."""
        self._most = most_entries
        self._seq: dict[View, int] = dict.fromkeys(VIEWS, first)
        self._changed: dict[View, dict[Key, int]] = {view: {} for view in VIEWS}
        self._forgotten: dict[View, int] = dict.fromkeys(VIEWS, first)
        self._skipped: dict[View, int] = dict.fromkeys(VIEWS, first)
        self._personal: dict[str, dict[Key, _Stamp]] = defaultdict(dict)
        self._forgotten_of: dict[str, _Stamp] = {}
        self._stamp: dict[View, int] = dict(self._seq)

    @property
    def highest(self) -> int:
        return max(self._seq.values())

    def seq(self, view: View) -> int:
        return self._seq[view]

    def write(self, view: View, keys: list[Key], at: int = 0) -> int:
        """The number of this change. `at`: when it was heard of, in milliseconds."""
        self._reach(view, max(self._seq[view] + 1, at))
        changed = self._changed[view]
        for key in keys:
            changed.pop(key, None)
            changed[key] = self._seq[view]
        while len(changed) > self._most:
            self._forgotten[view] = changed.pop(next(iter(changed)))
        return self._seq[view]

    def write_personal(self, person: str, keys: list[Key], at: int = 0) -> None:
        changed, stamp = self._personal[person], _Stamp(self._stamp, at)
        for key in keys:
            changed.pop(key, None)
            changed[key] = stamp
        while len(changed) > self._most:
            self._forgotten_of[person] = changed.pop(next(iter(changed)))

    def skip(self, view: View, at: int) -> None:
        """Something was not heard of here that another process may have shown: whoever comes from there and stood about then, or before,
        gets a snapshot. It has no number, so that nobody learns from it that anything happened."""
        self._skipped[view] = max(self._skipped[view], at)

    def missed_nothing(self, since: int, view: View) -> bool:
        """Whether what was heard here since then (and OVERLAP_MS before) is all that any process may have shown to that view."""
        return self._skipped[view] <= since - OVERLAP_MS

    def since(self, seq: int, view: View, person: str) -> list[Missed] | None:
        """What changed after `seq`, in order; None when that is not known any more (or never was). `person` "" for screens."""
        if not self._forgotten[view] <= seq <= self._seq[view]:
            return None
        if person in self._forgotten_of and self._forgotten_of[person].numbers[view] >= seq:
            return None
        missed = [Missed(at, "", key) for key, at in self._changed[view].items() if at > seq]
        own = self._personal.get(person, {})
        missed += [Missed(stamp.numbers[view], person, key) for key, stamp in own.items() if stamp.numbers[view] >= seq]
        return self._in_order(missed)

    def adopt(self, seq: int, view: View, person: str, now: int) -> list[Missed] | None:
        """What a client may lack that stood at `seq` at another process; None when only a snapshot can tell. From then on the view counts
        on from there."""
        since = seq - OVERLAP_MS
        if since < max(self._forgotten[view], self._skipped[view]) or seq > max(self._seq[view], now + AHEAD_MS):
            return None
        if person in self._forgotten_of and _newest(self._forgotten_of[person], view) >= since:
            return None
        if seq > self._seq[view]:
            self._reach(view, seq)
        missed = [Missed(max(at, seq), "", key) for key, at in self._changed[view].items() if at > since]
        for key, stamp in self._personal.get(person, {}).items():
            if _newest(stamp, view) >= since:
                missed.append(Missed(max(stamp.numbers[view], seq), person, key))
        return self._in_order(missed)

    def _in_order(self, missed: list[Missed]) -> list[Missed] | None:
        return sorted(missed) if len(missed) <= self._most else None

    def _reach(self, view: View, seq: int) -> None:
        self._seq[view] = seq
        self._stamp = dict(self._seq)


def _newest(stamp: _Stamp, view: View) -> int:
    return max(stamp.numbers[view], stamp.at)
