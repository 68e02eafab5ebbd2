"""The composition root: settings → adapters → services → one running process.

The only module that imports adapters. One process with three services and three processes with one each are the same composition with
another `names`; what differs (own mongod, embedded bus) is decided here by the settings and nowhere else. What must not be here: rules.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry

from services.qa import service as qa
from services.readiness import wait_until_ready
from services.registration import service as registration
from services.relays import listen, relay_of
from services.running import RunFile
from services.streaming import service as streaming
from shared.auth.keys import Keys, load_keys
from shared.auth.passes import Signer, Verifier
from shared.auth.revocations import Revocations
from shared.bus.embedded.bus import LocalBus
from shared.bus.port import Bus, Group, Subscription
from shared.bus.rabbit.bus import RabbitBus
from shared.bus.relay import Relay, RelayMetrics
from shared.clock import utc_now
from shared.config import SettingError, Settings
from shared.http.application import HttpParts, build_application, build_runner
from shared.http.listening import cannot_listen, require_free
from shared.ids import new_id
from shared.interfaces import asyncapi
from shared.mail.files import FileMailer
from shared.mail.port import Mailer
from shared.mail.smtp import SmtpMailer, read_smtp_url
from shared.messages.catalogue import Catalogue, load_catalogue
from shared.metrics import new_registry
from shared.service.declaration import Service
from shared.service.lifecycle import Stopping, Supervisor
from shared.service.ports import Ports
from shared.service.revocation import revocation_listener
from shared.storage.mongo import MongoStore
from shared.storage.mongod import Mongod
from shared.storage.mongod_program import find_mongod

log = logging.getLogger("tablee.compose")

NAMES: Final = ("registration", "streaming", "qa")
_BUILDERS: Final[Mapping[str, Callable[[Ports, Settings], Service]]] = {
    "streaming": streaming.build,
    "qa": qa.build,
}
GROUPS: Final[tuple[Group, ...]] = (*registration.GROUPS, *streaming.GROUPS, *qa.GROUPS)
"""Every process declares all of them: an event published before its reader first starts waits for it in its queue."""

FORGET_SECONDS: Final = 60.0

Progress = Callable[[str], None]


@dataclass(slots=True)
class Platform:
    """One running process. Made by `start`, ended by `stop`, once each."""

    settings: Settings
    names: Sequence[str]
    keys: Keys
    loaded: registration.Loaded | None
    """The event's folder, read once; None where registration does not run."""
    event_id: str
    messages: Catalogue
    progress: Progress = print
    metrics: CollectorRegistry = field(default_factory=new_registry)
    revocations: Revocations = field(default_factory=Revocations)
    services: list[Service] = field(default_factory=list)
    _accepting: bool = False
    _relays: list[Relay] = field(default_factory=list)
    verifier: Verifier = field(init=False)
    _relay_metrics: RelayMetrics = field(init=False)
    _subscriptions: list[Subscription] = field(default_factory=list)
    _undo: list[tuple[str, Callable[[], Awaitable[None]]]] = field(default_factory=list)
    _own: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    _mongo: MongoStore | None = None
    _bus: Bus | None = None

    def __post_init__(self) -> None:
        self._relay_metrics = RelayMetrics(self.metrics)
        # one for the pages and the feed: what the one has checked, the other need not
        self.verifier = Verifier(self.keys.public, event=self.event_id)

    async def start(self) -> None:
        """Raises SettingError or Unavailable; what was started until then is stopped again."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        self._require_free_ports()
        store, bus = await self._open_store(), await self._open_bus()
        mailer = self._mailer()
        supervisor = Supervisor(self.metrics)
        for name in self.names:
            ports, relay = self._ports(name, store, bus, mailer)
            service = self._build(name, ports)
            relay.cover(service.outboxes)
            self.services.append(service)
            self._relays.append(relay)
        self._later("background tasks", supervisor.stop)
        await bus.declare(GROUPS)
        for service in self.services:
            self.progress(f"Starting {service.name}")
            if service.start is not None:
                await service.start()
            if service.stop is not None:
                self._later(f"stop of {service.name}", service.stop)
        await self._subscribe(bus)
        for service, relay in zip(self.services, self._relays, strict=True):
            supervisor.start({f"{service.name}.relay": relay.run, **service.tasks})
        supervisor.start({"revocations": self._forget_revocations, **self._own})
        self._later("last relay pass", self._drain_relays)
        for service in self.services:
            if service.drain is not None:
                self._later(f"drain of {service.name}", service.drain)
        await self._open_http()
        await wait_until_ready(self.services)
        self._accepting = True
        self._leave_addresses()

    def _build(self, name: str, ports: Ports) -> Service:
        if name == "registration":
            return registration.build(ports, self.settings, self.loaded)
        return _BUILDERS[name](ports, self.settings)

    async def stop(self) -> bool:
        """Not ready, then everything in the reverse order of its start. True when all of it met the deadline."""
        self._accepting = False
        stopping = Stopping(self.settings.stop_seconds)
        while self._undo:
            stopping.add(*self._undo.pop())
        return await stopping.run()

    def _require_free_ports(self) -> None:
        """Asked before anything slow is started. Raises SettingError."""
        wanted = [(self.settings.port, "PORT")]
        if "qa" in self.names:
            wanted.append((self.settings.feed_listen_port, "TABLEE_FEED_PORT"))
        if "streaming" in self.names:
            wanted.append((self.settings.rtmp_port, "TABLEE_RTMP_PORT"))
        for port, env in wanted:
            require_free(self.settings.host, port, env)

    def _leave_addresses(self) -> None:
        """For other commands; a platform that cannot say where it is runs all the same."""
        run = RunFile(self.settings, self.names)
        try:
            run.write()
        except OSError as error:
            log.warning("other commands will not know where this platform runs", extra={"error": error.strerror})
            return

        async def remove() -> None:
            run.remove()

        self._later("addresses", remove)

    def _later(self, name: str, step: Callable[[], Awaitable[None]]) -> None:
        self._undo.append((name, step))

    # --- adapters -----------------------------------------------------------------------------------------------------------
    async def _open_store(self) -> MongoStore:
        url = self.settings.mongo_url
        if not url:
            self.progress("Starting MongoDB")
            mongod = Mongod(self.settings.var / "mongo", binary=find_mongod(self.settings.mongod))
            self._later("mongod", mongod.stop)
            await mongod.start()
            url, self._own = mongod.url, {"mongod": mongod.watch}
        store = MongoStore(url, prefix=self.settings.database_prefix)
        self._later("store", store.stop)
        await store.start()
        self._mongo = store
        return store

    async def _open_bus(self) -> Bus:
        assert self._mongo is not None
        bus: Bus
        if self.settings.amqp_url:
            bus = RabbitBus(self.settings.amqp_url, metrics=self.metrics)
        else:
            if set(self.names) != set(NAMES):
                raise SettingError("AMQP_URL is empty: services in separate processes need RabbitMQ between them")
            bus = LocalBus(self._mongo.database("bus"), metrics=self.metrics)
        self._later("bus", bus.stop)
        await bus.start()
        self._bus = bus
        return bus

    def _mailer(self) -> Mailer:
        if self.settings.smtp_url:
            return SmtpMailer(read_smtp_url(self.settings.smtp_url))
        return FileMailer(self.settings.var / "mail")

    def _ports(self, name: str, store: MongoStore, bus: Bus, mailer: Mailer) -> tuple[Ports, Relay]:
        database = store.database(name)
        private = self.keys.private if name == "registration" else None
        relay = relay_of(name, database, bus, self._relay_metrics, alone=not self.settings.amqp_url)
        ports = Ports(
            database=database,
            bus=bus,
            clock=utc_now,
            new_id=new_id,
            verifier=self.verifier,
            revocations=self.revocations,
            signer=Signer(private) if private is not None else None,
            secrets=self.keys.secrets,
            mailer=mailer,
            metrics=self.metrics,
            relay_wake=relay.wake,
            event_id=self.event_id,
            messages=self.messages,
        )
        return ports, relay

    # --- running ------------------------------------------------------------------------------------------------------------
    async def _subscribe(self, bus: Bus) -> None:
        for service in self.services:
            for reaction in service.reactions:
                self._subscriptions.append(await bus.subscribe(reaction.group, reaction.receive))
            for listener in service.listeners:
                self._subscriptions.append(await bus.listen(listener.topics, listener.receive, listener.on_gap))
        self._subscriptions += [await listen(bus, relay) for relay in self._relays if relay.shared]
        revocations = revocation_listener(self.revocations)
        self._subscriptions.append(await bus.listen(revocations.topics, revocations.receive, revocations.on_gap))
        self._later("subscriptions", self._close_subscriptions)

    async def _close_subscriptions(self) -> None:
        await asyncio.gather(*(subscription.close() for subscription in self._subscriptions))

    async def _drain_relays(self) -> None:
        await asyncio.gather(*(relay.drain(self.settings.stop_seconds / 4) for relay in self._relays))

    async def _forget_revocations(self) -> None:
        while True:
            self.revocations.forget(utc_now())
            await asyncio.sleep(FORGET_SECONDS)

    async def _open_http(self) -> None:
        parts = HttpParts(
            settings=self.settings,
            verifier=self.verifier,
            revocations=self.revocations,
            clock=utc_now,
            metrics=self.metrics,
            messages=self.messages,
            ready=lambda: self._accepting,
        )
        app = build_application(self.services, parts, asyncapi=asyncapi.document)
        runner = build_runner(parts, app, access_log=None, handle_signals=False, shutdown_timeout=self.settings.stop_seconds / 4)
        self._later("HTTP", runner.cleanup)
        await runner.setup()
        site = web.TCPSite(runner, self.settings.host, self.settings.port, backlog=1024)
        try:
            await site.start()
        except OSError as error:
            raise cannot_listen(self.settings.host, self.settings.port, "PORT", error) from None


def make_platform(settings: Settings, names: Sequence[str] = NAMES, progress: Progress = print) -> Platform:
    """Reads keys and the event's folder (or id), opens nothing. Raises SettingError."""
    keys = load_keys(settings, signing="registration" in names)
    loaded = registration.load(settings) if "registration" in names else None
    return Platform(
        settings=settings,
        names=tuple(names),
        keys=keys,
        loaded=loaded,
        event_id=_event_id(settings, loaded),
        messages=load_catalogue(),
        progress=progress,
    )


def _event_id(settings: Settings, loaded: registration.Loaded | None) -> str:
    """Of the programme where registration runs, else as set: the other services read nothing of the event's folder."""
    if loaded is None:
        if not settings.event_id:
            raise SettingError("TABLEE_EVENT_ID is empty: without registration in this process, name the event (event.id of its programme)")
        return settings.event_id
    own = loaded.programme.event.id
    if settings.event_id not in ("", own):
        raise SettingError(f"TABLEE_EVENT_ID is {settings.event_id!r}, but the programme in {settings.event} is of the event {own!r}")
    return own
