"""The platform as an operator runs it: real processes of the `tablee` command, with their own folder, ports and environment.

Tests reach it from outside only, through HTTP, WebSocket and signals.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from shared.auth.keys import new_key_lines
from shared.auth.passes import Signer, private_from_text
from shared.child import dies_with_us
from shared.ids import new_id
from tests.support.passes import door_of, duty_of
from tests.support.paths import EXAMPLE, ROOT
from tests.support.ports import free_port

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
EVENT: Final = "assises-2021"
CLOSED: Final = "  accueil-participants:\n    stream: false\n"
ALL: Final = ("registration", "streaming", "qa")


@dataclass(slots=True)
class Process:
    """One `tablee serve …`. Its output is kept for the message of a failing test."""

    names: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    checkout: Path = ROOT
    _child: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            offset = log.tell()
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services",
                "serve",
                *self.names,
                cwd=self.checkout,
                env={**clean_environment(), **self.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_us(signal.SIGKILL),  # also when the tests themselves are killed
            )
        await self._until_ready(offset)

    async def _until_ready(self, offset: int) -> None:
        assert self._child is not None
        ends = asyncio.get_running_loop().time() + READY_SECONDS
        while b"Ready: " not in self.log.read_bytes()[offset:]:
            if self._child.returncode is not None or asyncio.get_running_loop().time() > ends:
                raise AssertionError(f"tablee serve did not get ready:\n{self.tail()}")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._child.wait(), 0.05)

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    async def kill(self) -> None:
        """kill -9, nothing else: its children must end by themselves."""
        assert self._child is not None
        self._child.send_signal(signal.SIGKILL)
        await self._child.wait()

    async def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Exit status of an orderly stop."""
        assert self._child is not None
        if self._child.returncode is None:
            self._child.send_signal(number)
        try:
            return await asyncio.wait_for(self._child.wait(), STOP_SECONDS)
        except TimeoutError:
            await self.kill()
            raise AssertionError(f"tablee serve did not stop:\n{self.tail()}") from None

    async def end(self) -> None:
        """Whatever happened before: neither the process nor anything it started is left."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            await self._child.wait()

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    def tail(self, characters: int = 6000) -> str:
        return self.log.read_text(errors="replace")[-characters:]


@dataclass(slots=True)
class Running:
    """A platform, embedded in one process or as three over RabbitMQ and a MongoDB of their own.

    `base` address of registration's pages (the one origin when embedded); `address(service)` of each service.
    """

    folder: Path
    keys: Mapping[str, str]
    processes: dict[str, Process] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    feed_port: int = 0
    rtmp_port: int = 0
    event: str = EVENT
    """The id of its event, for passes."""

    @property
    def base(self) -> str:
        return self.address("registration")

    def address(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    @property
    def feed(self) -> str:
        return f"ws://127.0.0.1:{self.feed_port}/feed"

    def sign(self, role: str, *, person: str | None = None, door: str = "remote", name: str = "Ada", people: int = 0) -> str:
        """A pass as registration would sign it: for crowds that no test wants to register one by one. `people`: of a hall, as declared."""
        signer = Signer(private_from_text(self.keys["TABLEE_PASS_KEY"]))
        return signer.sign(
            id=new_id(),
            person=person or new_id(),
            duty=duty_of(role),
            event=self.event,
            sessions=("*",),
            door=door_of(door),
            name=name,
            language="fr",
            now=datetime.now(UTC),
            people=people,
        )

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Killed, whatever happened."""
        for process in self.processes.values():
            await process.end()

    async def start(self) -> None:
        await asyncio.gather(*(process.start() for process in self.processes.values()))

    async def stop(self) -> dict[str, int]:
        """Exit status per process; those that were killed are left out."""
        running = {name: process for name, process in self.processes.items() if process.running}
        statuses = await asyncio.gather(*(process.stop() for process in running.values()))
        return dict(zip(running, statuses, strict=True))

    async def links(self) -> dict[str, str]:
        """What `tablee links --json` prints."""
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services",
            "links",
            "--json",
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            env={**clean_environment(), **next(iter(self.processes.values())).environment},
        )
        output, _ = await child.communicate()
        assert child.returncode == 0
        found: dict[str, str] = json.loads(output)
        return found


def clean_environment() -> dict[str, str]:
    """This environment without any setting of the platform."""
    settings = ("PORT", "MEDIA", "MONGO_URL", "AMQP_URL", "SMTP_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith("TABLEE_") and name not in settings}


def _keys() -> dict[str, str]:
    return dict(line.split("=", 1) for line in new_key_lines())


def _event(folder: Path) -> Path:
    """The example without its closed session: tests run at any hour of its day, and expect the picture of the hall."""
    event = folder / "event"
    shutil.copytree(EXAMPLE, event)
    completion = event / "completion.yaml"
    text = completion.read_text("utf-8")
    assert text.count(CLOSED) == 1
    completion.write_text(text.replace(CLOSED, ""), "utf-8")
    return event


def embedded(folder: Path, **settings: str) -> Running:
    """One process with its own mongod and the embedded bus."""
    keys, port, feed, rtmp = _keys(), free_port(), free_port(), free_port()
    running = Running(folder, keys, ports=dict.fromkeys(ALL, port), feed_port=feed, rtmp_port=rtmp)
    environment = {
        **keys,
        "PORT": str(port),
        "TABLEE_FEED_PORT": str(feed),
        "TABLEE_RTMP_PORT": str(rtmp),
        "TABLEE_VAR": str(folder / "var"),
        **({} if "TABLEE_EVENT" in settings else {"TABLEE_EVENT": str(_event(folder))}),
        **settings,
    }
    running.processes["all"] = Process((), environment, folder / "all.log")
    return running


def separate(folder: Path, mongo_url: str, rabbit_url: str, prefix: str, **settings: str) -> Running:
    """Three processes over a broker and a store that others run."""
    keys, feed, rtmp, event = _keys(), free_port(), free_port(), _event(folder)
    running = Running(folder, keys, ports={name: free_port() for name in ALL}, feed_port=feed, rtmp_port=rtmp)
    public = {name: value for name, value in keys.items() if name != "TABLEE_PASS_KEY"}
    for name in ALL:
        environment = {
            **(keys if name == "registration" else public),
            "PORT": str(running.ports[name]),
            "TABLEE_FEED_PORT": str(feed),
            "TABLEE_RTMP_PORT": str(rtmp),
            "TABLEE_VAR": str(folder / name),
            "TABLEE_DATABASE_PREFIX": prefix,
            "MONGO_URL": mongo_url,
            "AMQP_URL": rabbit_url,
            "TABLEE_PUBLIC_URL": running.base,
            "TABLEE_FEED_URL": running.feed,
            **({"TABLEE_EVENT": str(event)} if name == "registration" else {"TABLEE_EVENT_ID": EVENT, "TABLEE_EVENT": "/nowhere"}),
            **settings,
        }
        running.processes[name] = Process((name,), environment, folder / f"{name}.log")
    return running
