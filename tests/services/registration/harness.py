"""Registration as it runs, on a real store and a real HTTP server, with a clock and a mailbox that tests control."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from services.registration.people import access
from services.registration.programme.format.loading import load_event
from services.registration.service import build
from shared.auth.generations import read_generations
from shared.auth.keys import Secrets
from shared.auth.passes import Signer, Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.bus.port import Bus, DeadLetter, Delivery
from shared.bus.typed import Reaction
from shared.config import Settings
from shared.errors import DomainError
from shared.events.envelope import Envelope
from shared.events.kind import Event
from shared.http.application import HttpParts, build_application
from shared.ids import new_id
from shared.metrics import new_registry
from shared.service.declaration import Service
from shared.service.ports import Ports
from shared.storage.port import Database
from tests.support.messages import MESSAGES
from tests.support.passes import duty_of

Client = TestClient[web.Request, web.Application]
EVENT: Final = "assises-2021"
MORNING: Final = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
FORM: Final = {"name": "Ada Lovelace", "email": "Ada@Example.org", "door": "remote", "language": "fr", "image_rights": "refused"}
ORIGIN: Final = "http://tablee.test:8080"
SAME_SITE: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass(slots=True)
class Mailbox:
    """Keeps what is sent. Raises `fails_with` instead, for as many tries as `failures` says (None: for ever). After a mail to `cut_after`
    it is as if the process had ended: the server has it, and nobody learns so."""

    messages: list[EmailMessage] = field(default_factory=list)
    fails_with: DomainError | None = None
    failures: int | None = None
    cut_after: str = ""
    tries: int = 0
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    taken: asyncio.Event = field(default_factory=asyncio.Event)

    async def mails_to(self, address: str) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages if address in str(message["To"]).lower()]

    async def forget(self, address: str) -> None:
        self.messages = [message for message in self.messages if address not in str(message["To"]).lower()]

    async def send(self, message: EmailMessage) -> None:
        self.tries += 1
        self.tried.set()
        if self.fails_with is not None and (self.failures is None or self.tries <= self.failures):
            raise self.fails_with
        self.messages.append(message)
        self.taken.set()
        if self.cut_after == message["To"]:
            raise asyncio.CancelledError


def link_in(message: EmailMessage) -> str:
    """The path of the personal link in the text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://[^/\s]+(/l/\S+)", body.get_content())
    assert found is not None
    return found[1]


@dataclass(slots=True)
class RegistrationHarness:
    """`client` is a browser: it keeps cookies. `now` is moved by tests."""

    client: Client
    service: Service
    ports: Ports
    settings: Settings
    mailbox: Mailbox
    key: Any
    now: datetime = MORNING

    def sign(self, role: str, person: str | None = None, *, people: int = 0) -> dict[str, str]:
        text = Signer(self.key).sign(
            id=new_id(),
            person=person or new_id(),
            duty=duty_of(role),
            event=self.ports.event_id,
            sessions=("*",),
            door="hub" if role == "hub" else "staff",
            people=people,
            name="Op",
            language="fr",
            now=self.now,
        )
        return {"Authorization": f"Bearer {text}"}

    async def events(self, collection: str = "people") -> list[Envelope]:
        """Take what the outboxes hold, as the relay would."""
        found = await self.ports.database.pending_events(collection, 100)
        await self.ports.database.remove_events(collection, [event.id for event in found])
        return found

    def reaction(self, group: str = "registration.mail") -> Reaction[Any]:
        return next(one for one in self.service.reactions if one.group.name == group)

    async def tell(self, event: Event, subject: str, seq: int) -> None:
        """To every group that takes it, as the bus would."""
        envelope = event.to_envelope(id=new_id(), subject=subject, seq=seq, time=self.now)
        for reaction in self.service.reactions:
            if event.TYPE in reaction.group.topics:
                await reaction.receive(Delivery(envelope=envelope, attempt=1, group=reaction.group.name))

    async def deliver_mails(self) -> list[EmailMessage]:
        """Hand the outbox to the mail reaction, as the bus would; the mails that came of it."""
        before = len(self.mailbox.messages)
        reaction = self.reaction()
        for event in await self.events():
            if event.type.endswith("person.registered.v1"):
                await reaction.receive(Delivery(envelope=event, attempt=1, group=reaction.group.name))
        return self.mailbox.messages[before:]

    async def register(self, **changes: str) -> str:
        """The path of the link that was mailed."""
        response = await self.client.post("/api/registration/registrations", json={**FORM, **changes})
        assert response.status == 202, await response.text()
        (message,) = await self.deliver_mails()
        return link_in(message)

    def link(self, key: str) -> str:
        """The path of a link that nobody registered for: of a duty, or of one of the rehearsal's people."""
        rehearsal = load_event(self.settings.event).rehearsal
        return urlsplit(access.links(self.settings, self.ports.secrets, self.ports.event_id, rehearsal)[key]).path

    async def enter(self, path: str) -> str:
        """Press "Entrer"; where it leads."""
        response = await self.client.post(path, headers=SAME_SITE, allow_redirects=False)
        assert response.status == 303, await response.text()
        return response.headers["Location"]

    def forget_cookies(self) -> None:
        self.client.session.cookie_jar.clear()

    def cookie(self, name: str) -> str | None:
        found = self.client.session.cookie_jar.filter_cookies(URL(str(self.client.make_url("/hls/x"))))
        return found[name].value if name in found else None

    async def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class NoBus:
    """Registration publishes through outboxes only: any use of the bus but asking what mails were given up is a defect."""

    def __init__(self) -> None:
        self.letters: list[DeadLetter] = []

    async def dead_letters(self, *, group: str | None = None, limit: int = 100) -> list[DeadLetter]:
        return [letter for letter in self.letters if letter.group == group][:limit]

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"registration used bus.{name}")


async def open_harness(
    database: Database,
    event: Path,
    var: Path,
    origin: str = ORIGIN,
    *,
    event_id: str = EVENT,
    now: datetime = MORNING,
    bus: Bus | None = None,
    port: int | None = None,
) -> RegistrationHarness:
    mailbox, key, metrics, revocations = Mailbox(), new_private_key(), new_registry(), Revocations()
    settings = Settings(public_url=origin, event=event, var=var, feed_url="ws://tablee.test:8081/feed")
    verifier = Verifier([key.public_key()], event=event_id)
    holder: list[RegistrationHarness] = []

    def clock() -> datetime:
        return holder[0].now if holder else now

    ports = Ports(
        database=database,
        bus=bus or NoBus(),
        clock=clock,
        new_id=new_id,
        verifier=verifier,
        revocations=revocations,
        signer=Signer(key),
        secrets=Secrets(stream_secret=b"s" * 32, link_key=b"k" * 32, generations=partial(read_generations, settings)),
        mailer=mailbox,
        metrics=metrics,
        relay_wake=lambda: None,
        event_id=event_id,
        messages=MESSAGES,
    )
    service = build(ports, settings)
    assert service.start is not None
    await service.start()
    app = build_application([service], HttpParts(settings, verifier, revocations, clock, metrics, MESSAGES))
    client: Client = TestClient(TestServer(app, port=port))
    await client.start_server()
    harness = RegistrationHarness(client, service, ports, settings, mailbox, key, now)
    holder.append(harness)
    return harness
