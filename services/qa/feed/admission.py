"""Who gets in: passes turned into clients, and how many of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.qa.feed.projection import View
from services.qa.feed.protocol import DENIED, UNAUTHENTICATED, UNKNOWN_SESSION, Hello, Refusal
from shared.auth import capabilities
from shared.auth.passes import LEEWAY, Pass, Verifier
from shared.auth.revocations import Revocations
from shared.clock import Clock
from shared.errors import Denied, Unauthenticated


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound of the live feed. Seconds and bytes."""

    opening_seconds: float = 10.0
    """From the first byte of a connection to its handshake: as long as a page waits itself, for a crowd comes at once over slow lines."""
    hello_seconds: float = 5.0
    heartbeat_seconds: float = 20.0
    silence_seconds: float = 65.0
    """A client that answered none of three heartbeats is gone."""
    buffer_bytes: int = 262_144
    """The outgoing queue of one client: more waiting than this when something is to be written, and the client is let go (4408)."""
    frames_per_heartbeat: int = 20
    """Most frames of one client between two heartbeats."""
    connections: int = 12_000
    connections_per_person: int = 6
    joins_at_a_time: int = 8
    """Connections that are taken in, and first frames that are answered, in one round of the event loop: when everybody comes back at
    once the others wait in the kernel's line, whoever is there already has a turn in between, and a busier process takes fewer in."""
    joins_waiting: int = 4096
    """In the kernel's line; whoever finds it full tries again by TCP's own rules."""
    joining: int = 8000
    """Connections that have not said hello yet; one more is told to come back."""
    close_seconds: float = 2.0
    drain_seconds: float = 5.0


class Admission:
    """Turns passes into callers. Knows no socket."""

    def __init__(self, verifier: Verifier, revocations: Revocations, clock: Clock) -> None:
        self._verifier, self._revocations, self._clock = verifier, revocations, clock

    def admit(self, hello: Hello, refusal: Callable[[str, View], str]) -> Pass:
        """`refusal`: (session, view) → a code, empty when somebody new may join. Raises Refusal 4401, 4404 or 4403."""
        holder = self._verified(hello.token)
        code = refusal(hello.session, hello.view)
        if code:
            raise Refusal(UNKNOWN_SESSION, code)
        self._allow(holder, hello.session, hello.view)
        return holder

    def renew(self, holder: Pass, token: str, *, session: str, view: View) -> Pass:
        """A newer pass of the same person that still allows this view. Raises Refusal 4401 or 4403."""
        newer = self._verified(token)
        if newer.person != holder.person:
            raise Refusal(UNAUTHENTICATED, "access.pass_invalid")
        self._allow(newer, session, view)
        return newer

    def now(self) -> datetime:
        return self._clock()

    def expired(self, holder: Pass) -> bool:
        return holder.expires_at + LEEWAY <= self._clock()

    def _verified(self, token: str) -> Pass:
        try:
            holder = self._verifier.verify(token, now=self._clock())
            self._revocations.check(holder)
        except Unauthenticated as error:
            raise Refusal(UNAUTHENTICATED, error.code) from None
        return holder

    @staticmethod
    def _allow(holder: Pass, session: str, view: View) -> None:
        if not holder.covers(session):
            raise Refusal(DENIED, "access.session_not_yours")
        try:
            capabilities.require(holder.duty, f"feed.{view}")
        except Denied as error:
            raise Refusal(DENIED, error.code) from None
