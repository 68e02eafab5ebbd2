"""What the composition root hands to each service: every way out of the process, as ports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from shared.auth.keys import Secrets
from shared.auth.passes import Signer, Verifier
from shared.auth.revocations import Revocations
from shared.bus.port import Bus
from shared.clock import Clock
from shared.ids import IdSource
from shared.mail.port import Mailer
from shared.messages.catalogue import Catalogue
from shared.storage.port import Database


@dataclass(frozen=True, slots=True)
class Ports:
    """`relay_wake` is called after a save that wrote events, so that they leave at once and not at the next tick."""

    database: Database
    bus: Bus
    clock: Clock
    new_id: IdSource
    verifier: Verifier
    revocations: Revocations
    signer: Signer | None
    secrets: Secrets
    mailer: Mailer
    metrics: CollectorRegistry
    relay_wake: Callable[[], None]
    event_id: str
    messages: Catalogue
