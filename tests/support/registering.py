"""Registration in processes of its own over one store, and a crowd that enters by personal links: for rushes, and for what a kill leaves.

`python -m tests.support.registering <order>` serves until its standard input ends. What must not be here: expectations.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web

from services.registration import service as registration
from services.registration.people import credentials, domain
from services.registration.people.credentials import Credential
from services.registration.people.draft import Draft, ImageChoice
from services.registration.people.store import PeopleStore
from shared.auth.keys import Secrets
from shared.auth.passes import Signer, Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.bus.embedded.bus import LocalBus
from shared.clock import utc_now
from shared.config import Settings
from shared.events.vocabulary import Door
from shared.http.application import HttpParts, build_application
from shared.ids import new_id, new_token
from shared.mail.files import FileMailer
from shared.messages.catalogue import load_catalogue
from shared.metrics import new_registry
from shared.service.ports import Ports
from shared.storage.mongo import MongoStore
from shared.storage.port import Database

EVENT: Final = "ruee"
DATABASE: Final = "registration"
PATIENCE: Final = 40.0
TRIES: Final = 50
PROGRAMME: Final = """\
format_version: 1
language: fr
event:
  id: ruee
  name: Ruée
  date: %s
  stages: [{id: s, name: Scène}]
  modes: [in_room, remote]
  capacity: {in_room: %d}
sessions:
  - {id: un, kind: other, title: Un, start: "09:00", end: "18:00", stage: s}
"""


@dataclass(slots=True)
class Registering:
    """Processes that serve one event with so many seats in the room."""

    mongo_url: str
    prefix: str
    folder: Path
    seats: int
    children: list[asyncio.subprocess.Process]

    async def start(self) -> str:
        """One more; its address."""
        order = {"mongo": self.mongo_url, "prefix": self.prefix, "folder": str(self.folder), "seats": self.seats}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.registering",
            json.dumps(order),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.children.append(child)
        assert child.stdout is not None
        line = await asyncio.wait_for(child.stdout.readline(), PATIENCE)
        assert line, "the serving process ended; its output is above"
        return line.decode().strip()

    async def kill(self, which: int) -> None:
        self.children[which].kill()
        await asyncio.wait_for(self.children[which].wait(), PATIENCE)

    async def stop(self) -> None:
        for number, child in enumerate(self.children):
            if child.returncode is None:
                await self.kill(number)


@asynccontextmanager
async def registering(mongo_url: str, prefix: str, folder: Path, seats: int) -> AsyncIterator[Registering]:
    found = Registering(mongo_url, prefix, folder, seats, [])
    try:
        yield found
    finally:
        await found.stop()


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who entered: seconds on the monotonic clock of this process, and how often they had to try."""

    person: str
    began: float
    ended: float
    tries: int


async def filled_in(database: Database, count: int, door: Door = "in_room") -> list[tuple[str, str]]:
    """So many people who filled in the form and were sent a link: (id, token)."""
    people, now, found = PeopleStore(database), utc_now(), []
    for number in range(count):
        draft = Draft(new_id(), f"Personne {number}", door, "fr", ImageChoice("refused", "none", "", now, "form"))
        person, _ = domain.register(new_id(), EVENT, f"{new_id()}@example.org", draft)
        token = new_token("lnk")
        await people.add_person(person, ())
        hashed = credentials.hash_of(token)
        await people.put_credential(Credential(hashed, "mail", person.id, EVENT, ("*",), now, now + timedelta(days=60), draft.id))
        found.append((person.id, token))
    return found


async def enter_all(addresses: Sequence[str], people: Sequence[tuple[str, str]], *, connections: int) -> list[Entry]:
    """Everybody presses “Entrer”, so many at a time, at one address after the other; who is cut off tries at the next one."""
    waiting, entries = iter(enumerate(people)), list[Entry]()
    timeout = aiohttp.ClientTimeout(total=20)

    async def work(http: aiohttp.ClientSession) -> None:
        for number, (person, token) in waiting:
            began = time.monotonic()
            tries = await _entered(http, addresses, number, token)
            entries.append(Entry(person, began, time.monotonic(), tries))

    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as http:
        await asyncio.gather(*(work(http) for _ in range(connections)))
    return entries


async def _entered(http: aiohttp.ClientSession, addresses: Sequence[str], number: int, token: str) -> int:
    """After how many tries."""
    headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": f"10.0.{number // 250}.{number % 250}"}
    for tried in range(TRIES):
        address = addresses[(number + tried) % len(addresses)]
        try:
            async with http.post(f"{address}/l/{token}", headers=headers, allow_redirects=False) as response:
                await response.read()
                if response.status == 303:
                    return tried + 1
                assert response.status == 503, response.status
        except (aiohttp.ClientError, TimeoutError):
            await asyncio.sleep(0.05)
    raise AssertionError("somebody was never let in")


# --- the process ------------------------------------------------------------------------------------------------------------
async def serve(order: dict[str, Any]) -> None:
    """`order`: as `Registering.start` writes it."""
    folder = Path(order["folder"])
    (folder / "event").mkdir(parents=True, exist_ok=True)
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    (folder / "event" / "programme.yaml").write_text(PROGRAMME % (day, order["seats"]), "utf-8")
    store = MongoStore(order["mongo"], prefix=order["prefix"])
    await store.start()
    settings = Settings(port=0, event=folder / "event", var=folder / "var", public_url="http://tablee.test", trusted_proxies=1)
    metrics, key, revocations = new_registry(), new_private_key(), Revocations()
    verifier = Verifier([key.public_key()], event=EVENT)
    ports = Ports(
        database=store.database(DATABASE), bus=LocalBus(store.database("bus")), clock=utc_now, new_id=new_id, verifier=verifier,
        revocations=revocations, signer=Signer(key), secrets=Secrets(stream_secret=b"s" * 32, link_key=b"k" * 32),
        mailer=FileMailer(folder / "mail"), metrics=metrics, relay_wake=lambda: None, event_id=EVENT, messages=load_catalogue(),
    )  # fmt: skip
    service = registration.build(ports, settings)
    assert service.start is not None
    await service.start()
    task = asyncio.ensure_future(service.tasks["registration.places"]())
    parts = HttpParts(settings, verifier, revocations, utc_now, metrics, ports.messages)
    runner = web.AppRunner(build_application([service], parts), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    task.cancel()
    await runner.cleanup()
    await store.stop()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(sys.argv[1])))
