"""The declaration of a service: what the composition root needs in order to run it, alone or beside the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from shared.bus.typed import Listener, Reaction
from shared.service.route import Route

Step = Callable[[], Awaitable[None]]
Export = Callable[[str], Awaitable[Mapping[str, object]]]
"""person id → what is kept."""
Erase = Callable[[str], Awaitable[None]]
ErrorPage = Callable[[web.Request, int, str, Mapping[str, str]], web.Response]
"""(request, status, error code, language → sentence) → an HTML response."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service, built and not yet started. `error_page` shows a refusal to a person where a page was asked for.

    Order at start: `start` (indexes, state) → reactions and listeners → tasks → ready. Order at stop (shared.service.lifecycle):
    not ready → HTTP stops accepting → `drain` (tell live clients to come back, finish what is in flight) → tasks cancelled →
    last relay pass → `stop`.
    """

    name: str
    routes: Sequence[Route] = ()
    assets: Mapping[str, Path] = field(default_factory=dict)
    """URL prefix → folder of static files."""
    reactions: Sequence[Reaction[Any]] = ()
    listeners: Sequence[Listener[Any]] = ()
    tasks: Mapping[str, Step] = field(default_factory=dict)
    """Long-running coroutines; one that ends or fails before the stop is logged, counted and started again with a growing pause."""
    outboxes: Sequence[str] = ()
    """Collections whose outboxes the relay publishes."""
    checks: Mapping[str, Step] = field(default_factory=dict)
    """Readiness: each returns or raises, within the caller's deadline."""
    error_page: ErrorPage | None = None
    export_person: Export | None = None
    """What the service keeps of a person, by the names of what is kept; an empty object when it keeps nothing. JSON values only."""
    erase_person: Erase | None = None
    """Remove what `export_person` shows, and make nameless what others rely on. Harmless to repeat."""
    processes: Callable[[], int] = lambda: 1
    """How many of this service are up, this one included: what a caller may do is shared among them."""
    start: Step | None = None
    drain: Step | None = None
    stop: Step | None = None
