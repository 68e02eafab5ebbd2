"""The one way by which a process learns that an access ended. Whoever acts on it watches `Revocations`."""

from __future__ import annotations

from shared.auth.revocations import Revocations
from shared.bus.port import Delivery
from shared.bus.typed import Listener
from shared.clock import from_text
from shared.events.access import AccessRevoked


def revocation_listener(revocations: Revocations) -> Listener[AccessRevoked]:
    """A revocation missed in a gap counts when the pass ends, ten minutes later at most; the feed of qa takes it from its store at once."""

    async def revoke(event: AccessRevoked, delivery: Delivery) -> None:
        revocations.revoke(event.person_id, from_text(event.revoked_at), event.login)

    async def reload() -> None:
        """Nothing to reload: revocations are only added."""

    return Listener((AccessRevoked,), revoke, reload)
