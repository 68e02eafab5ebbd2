"""Who may watch: the pass in the media cookie, checked once and remembered until it expires, or the key of a watch link.

Counting the viewers is not done here (viewers).
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import Final

from shared.auth import capabilities, watch_keys
from shared.auth.passes import LEEWAY, Pass, Verifier
from shared.auth.revocations import Revocations
from shared.clock import Clock
from shared.errors import Denied, Unauthenticated

MOST_REMEMBERED: Final = 20_000
ACTION: Final = "stream.watch"
FILE_KEYS_LAST: Final = timedelta(hours=1)


class PassCheck:
    def __init__(self, verifier: Verifier, revocations: Revocations, secret: bytes, clock: Clock) -> None:
        self._verifier, self._revocations, self._secret, self._clock = verifier, revocations, secret, clock
        self._passes: OrderedDict[str, Pass] = OrderedDict()

    def by_pass(self, token: str) -> str:
        """The person. Raises Unauthenticated, Denied."""
        now = self._clock()
        holder = self._passes.get(token)
        if holder is None:
            holder = self._verifier.verify(token, now=now, purpose="media")
            capabilities.require(holder.duty, ACTION)
            _remember(self._passes, token, holder)
        elif holder.expires_at + LEEWAY <= now:
            del self._passes[token]
            raise Unauthenticated("access.pass_expired")
        self._revocations.check(holder)
        return holder.person

    def by_key(self, stage: str, key: str) -> None:
        """Raises Denied("streaming.key_refused")."""
        if not watch_keys.opens(self._secret, stage, key, now=self._clock()):
            raise Denied("streaming.key_refused")


class FileKeys:
    """Keys in the addresses of files made of recordings: a browser saves a large file by an address, which carries no pass."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret, self._clock = secret, clock

    def key(self, session: str, name: str) -> str:
        return watch_keys.watch_key(self._secret, _of_file(session, name), self._clock() + FILE_KEYS_LAST)

    def require(self, session: str, name: str, key: str) -> None:
        """Raises Denied("streaming.key_refused")."""
        if not watch_keys.opens(self._secret, _of_file(session, name), key, now=self._clock()):
            raise Denied("streaming.key_refused")


def _of_file(session: str, name: str) -> str:
    """No stage is called that: ids have no such letter."""
    return f"file\0{session}\0{name}"


def _remember(kept: OrderedDict[str, Pass], token: str, holder: Pass) -> None:
    kept[token] = holder
    while len(kept) > MOST_REMEMBERED:
        kept.popitem(last=False)
