"""`tablee doctor`: looks at every dependency the way the platform will use it, and suggests what to do about each that fails.

Nothing is changed: no queue is declared, no database made. What must not be here: what the services do.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.registration.service import load
from services.streaming.encoding.encoder import find_ffmpeg
from shared.bus.embedded.bus import LocalBus
from shared.bus.port import Bus, Group
from shared.bus.rabbit.bus import RabbitBus
from shared.config import SettingError, Settings
from shared.errors import DomainError
from shared.http.listening import taken
from shared.mail.smtp import read_smtp_url
from shared.storage.mongo import MongoStore
from shared.storage.mongod import Mongod, running_url
from shared.storage.mongod_program import find_mongod

SECONDS: Final = 8.0
"""Longest wait for one check."""
LEAST_FREE_BYTES: Final = 1_000_000_000
FFMPEG_WORDS: Final = ("libx264", "drawtext", "aac")
MOST_LETTERS: Final = 100
ALL: Final = "all"
VENDORED: Final = Path(__file__).resolve().parent.parent / "web" / "vendor" / "manifest.json"


@dataclass(frozen=True, slots=True)
class Finding:
    """`problem` empty: all is well; `remedy` is what to do."""

    name: str
    detail: str = ""
    problem: str = ""
    remedy: str = ""


Check = Callable[[Settings], Awaitable[Finding]]


async def examine(settings: Settings) -> int:
    """Prints one line per check; 0 when nothing failed, else 1."""
    failed = 0
    for check in _CHECKS:
        finding = await _one(check, settings)
        failed += bool(finding.problem)
        print(f"{'FAIL' if finding.problem else 'ok  '} {finding.name}: {finding.problem or finding.detail}")
        if finding.remedy:
            print(f"     → {finding.remedy}")
    return 1 if failed else 0


async def _one(check: Check, settings: Settings) -> Finding:
    name = check.__name__.lstrip("_")
    try:
        return await asyncio.wait_for(check(settings), SECONDS)
    except SettingError as error:
        return Finding(name, problem=str(error))
    except TimeoutError:
        return Finding(name, problem=f"no answer within {SECONDS:.0f} s")
    except (DomainError, OSError) as error:
        return Finding(name, problem=f"does not answer ({type(error).__name__})", remedy="is it running, and is its address right?")


async def _folder(settings: Settings) -> Finding:
    settings.var.mkdir(parents=True, exist_ok=True)
    probe = settings.var / ".doctor"
    probe.write_bytes(b"x")
    probe.unlink()
    free = shutil.disk_usage(settings.var).free
    if free < LEAST_FREE_BYTES:
        problem = f"only {free // 1_000_000} MB are free under {settings.var}"
        return Finding("folder", problem=problem, remedy="make room, or move TABLEE_VAR")
    return Finding("folder", f"{settings.var.resolve()} is writable, {free // 1_000_000_000} GB free")


async def _event(settings: Settings) -> Finding:
    return Finding("event", f"{load(settings).programme.event.id} in {settings.event}")


async def _store(settings: Settings) -> Finding:
    if not settings.mongo_url:
        return Finding("store", f"embedded, by {find_mongod(settings.mongod)}")
    store = MongoStore(settings.mongo_url, prefix=settings.database_prefix)
    try:
        await store.start()  # refuses a server without replica set, for it has no transactions
        await store.ping()
    except DomainError:
        return Finding("store", problem="MongoDB does not answer", remedy="check MONGO_URL and that its replica set has a primary")
    finally:
        await store.stop()
    return Finding("store", "MongoDB answers")


async def _bus(settings: Settings) -> Finding:
    if not settings.amqp_url:
        return Finding("bus", "embedded, kept in MongoDB")
    bus = RabbitBus(settings.amqp_url)
    try:
        await bus.start()
        await bus.ping()
    except DomainError:
        return Finding("bus", problem="RabbitMQ does not answer", remedy="check AMQP_URL: address, user, password, virtual host")
    finally:
        await bus.stop()
    return Finding("bus", "RabbitMQ answers")


async def _ffmpeg(settings: Settings) -> Finding:
    binary = find_ffmpeg(settings.ffmpeg)
    found = ""
    for question in ("-encoders", "-filters"):
        child = await asyncio.create_subprocess_exec(
            str(binary), "-hide_banner", question, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        found += (await child.communicate())[0].decode(errors="replace")
    lacking = [word for word in FFMPEG_WORDS if word not in found]
    if lacking:
        return Finding("ffmpeg", problem=f"{binary} lacks {', '.join(lacking)}", remedy="pip install imageio-ffmpeg, or set TABLEE_FFMPEG")
    return Finding("ffmpeg", str(binary))


async def _mail(settings: Settings) -> Finding:
    if not settings.smtp_url:
        return Finding("mail", f"written to {settings.var / 'mail'}")
    server = read_smtp_url(settings.smtp_url)
    _, writer = await asyncio.open_connection(server.host, server.port)
    writer.close()
    return Finding("mail", f"{server.host}:{server.port} answers")


async def _pages(settings: Settings) -> Finding:
    if not VENDORED.is_file():
        return Finding("pages", problem="fonts and scripts are not installed", remedy="python3 tools/prepare.py run")
    return Finding("pages", "fonts and scripts are there")


async def _ports(settings: Settings) -> Finding:
    in_use = [port for port in (settings.port, settings.feed_listen_port, settings.rtmp_port) if taken(settings.host, port)]
    if in_use:
        used = ", ".join(map(str, in_use))
        return Finding("ports", f"in use: {used} (by a running Tablée, or else choose others with PORT, TABLEE_RTMP_PORT)")
    return Finding("ports", f"{settings.port}, {settings.feed_listen_port} and {settings.rtmp_port} are free")


_CHECKS: Final[Sequence[Check]] = (_folder, _event, _store, _bus, _ffmpeg, _mail, _pages, _ports)


# --- dead letters --------------------------------------------------------------------------------------------------------------
async def dead(settings: Settings, groups: Sequence[Group], *, replay: str | None) -> int:
    """Lists the events that a handler gave up on, or gives one (or `all`) back. 0, or 1 when the one to replay is not there."""
    async with _bus_of(settings) as bus:
        await bus.declare(groups)
        return await _replay(bus, replay) if replay else await _list(bus)


@asynccontextmanager
async def _bus_of(settings: Settings) -> AsyncIterator[Bus]:
    """The bus of this installation: RabbitMQ, or the embedded one in the MongoDB that runs, or is started for as long as this takes."""
    async with AsyncExitStack() as stack:
        bus: Bus
        if settings.amqp_url:
            bus = RabbitBus(settings.amqp_url)
        else:
            store = MongoStore(settings.mongo_url or await _mongod_of(settings, stack), prefix=settings.database_prefix)
            stack.push_async_callback(store.stop)
            await store.start()
            bus = LocalBus(store.database("bus"))
        stack.push_async_callback(bus.stop)
        await bus.start()
        yield bus


async def _mongod_of(settings: Settings, stack: AsyncExitStack) -> str:
    """The address of the running embedded MongoDB, else of one started on its folder and stopped at the end. Raises SettingError."""
    folder = settings.var / "mongo"
    if (running := running_url(folder)) is not None:
        return running
    if not folder.is_dir():
        raise SettingError(f"nothing has run in {settings.var} yet: TABLEE_VAR names the folder of the installation")
    mongod = Mongod(folder, binary=find_mongod(settings.mongod))
    stack.push_async_callback(mongod.stop)
    return await mongod.start()


async def _list(bus: Bus) -> int:
    letters = await bus.dead_letters(limit=MOST_LETTERS)
    for letter in letters:
        kind = letter.event.type if letter.event else "(unreadable)"
        print(f"{letter.id}  {letter.died_at:%Y-%m-%d %H:%M:%S}  {letter.group}  {kind}  after {letter.attempts}: {letter.reason}")
    if not letters:
        print("no dead letters")
    return 0


async def _replay(bus: Bus, id: str) -> int:
    if id == ALL:
        return await _replay_all(bus)
    found = await bus.replay(id)
    print("given back to its group" if found else "there is no such dead letter")
    return 0 if found else 1


async def _replay_all(bus: Bus) -> int:
    """Page by page; what dies again meanwhile has a new id or waits for another call."""
    seen: set[str] = set()
    while letters := [letter for letter in await bus.dead_letters(limit=MOST_LETTERS) if letter.id not in seen]:
        for letter in letters:
            seen.add(letter.id)
            await bus.replay(letter.id)
    print(f"{len(seen)} given back to their groups")
    return 0
