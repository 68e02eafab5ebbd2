"""Which passes no longer count although they have not expired: memory of one process, fed by revocation events alone.

Entries are forgotten once every pass they could concern has expired, so the memory is bounded by the revocations of one pass lifetime.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared.auth.passes import LEEWAY, LIFETIME, Pass
from shared.errors import Unauthenticated

Watcher = Callable[[str, datetime, str], None]
"""(person, at, login), as in `Revocations.revoke`. Called for what is news only, and must not wait."""


class Revocations:
    def __init__(self) -> None:
        self._since: dict[tuple[str, str], datetime] = {}
        self._watchers: list[Watcher] = []

    def watch(self, watcher: Watcher) -> None:
        """For who holds connections open and has to end them: called from now on, for as long as the process runs."""
        self._watchers.append(watcher)

    def revoke(self, person: str, at: datetime, login: str = "") -> None:
        """Passes of `person` issued at or before `at` are refused from now on; with `login`, those of this one browser session only."""
        known = self._since.get((person, login))
        if known is None or at > known:
            self._since[person, login] = at
            for watcher in self._watchers:
                watcher(person, at, login)

    def check(self, holder: Pass) -> None:
        """Raises Unauthenticated("access.revoked")."""
        for login in {"", holder.login}:
            since = self._since.get((holder.person, login))
            # Passes count whole seconds: one issued in the very second of the revocation is refused too.
            if since is not None and holder.issued_at <= since:
                raise Unauthenticated("access.revoked")

    def forget(self, now: datetime) -> None:
        self._since = {whom: at for whom, at in self._since.items() if at + LIFETIME + LEEWAY > now}
