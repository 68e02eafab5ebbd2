"""What a number of the feed means: whose journal it is a place in. Pure.

All processes over one store number a session's changes by the time they hear of them, so that a place in the journal of one says something
in that of another: whoever stood there has all that was heard more than OVERLAP_MS before it, by whichever process.
"""

from __future__ import annotations

from typing import Final, NamedTuple

OVERLAP_MS: Final = 60_000
"""A client that comes from another process is told again what changed in this time before its place: more than any two of them differ in
what they have heard of and in what their clocks say."""
AHEAD_MS: Final = 5_000
"""A place further in the future than this is nobody's."""
_HERE: Final = -1


class Epoch(NamedTuple):
    """`store`: what all processes over it share. `handed`: for a client that came from another process, the number at which it was told
    everything; up to there it may have been cut off in the middle, and its place is still one of elsewhere. -1: it began here, with a
    snapshot."""

    store: str
    process: str = ""
    handed: int = _HERE

    @property
    def adopted(self) -> bool:
        """Whether the client shows, besides, what another process told it."""
        return self.handed >= 0

    def exact(self, told: Epoch, seq: int) -> bool:
        """Whether a client that stands there has all that this process numbered up to `seq`."""
        return told.process == self.process and seq > told.handed

    def __str__(self) -> str:
        parts = [self.store, self.process, *([str(self.handed)] if self.adopted else [])]
        return ".".join(part for part in parts if part)


def parse_epoch(text: str) -> Epoch | None:
    """None for what no process ever said."""
    store, _, rest = text.partition(".")
    process, _, handed = rest.partition(".")
    if handed and not handed.isdecimal():
        return None
    return Epoch(store, process, int(handed or _HERE))
