"""The real servers that tests run against: on free ports, in temporary folders, gone with the process that started them."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ctypes
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient

from shared.storage.mongod import Mongod
from shared.storage.mongod_program import find_mongod
from tests.support.ports import free_port

RABBIT_START_SECONDS: Final = 60.0
RABBIT_STOP_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.05
JOURNAL_MILLISECONDS: Final = 2
RABBIT_SERVERS: Final = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/rabbitmq/sbin/rabbitmq-server", "rabbitmq-server")
RABBIT_CONFIG: Final = """
loopback_users = none
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 512MB
raft.wal_max_size_bytes = 16000000
log.file.level = warning
"""


VIRTUAL_HOSTS: Final = ("/", "main", *(f"gw{number}" for number in range(16)))
"""The default one, one for a run without workers, one for each worker of pytest-xdist."""


class Missing(Exception):
    """A server that tests need is not installed; the message says what to install."""


class MongoServer:
    """One mongod with its replica set, driven from outside any event loop or (start, stop) from inside one."""

    def __init__(self, folder: Path) -> None:
        self._mongod = Mongod(folder, binary=find_mongod(""))

    @property
    def url(self) -> str:
        return self._mongod.url

    def start_now(self) -> None:
        """Expired documents stay: tests have clocks of their own, often years ago, and MongoDB removes by its own once a minute. Dropped
        databases go: kept for five minutes, as usual, those of a whole run have more open files than a process may. Whoever drops one
        waits for the journal, which is usually written every 100 ms."""
        _run(self._mongod.start())
        client: MongoClient[dict[str, Any]] = MongoClient(self.url, directConnection=True)
        with client:
            client.admin.command("setParameter", 1, ttlMonitorEnabled=False)
            client.admin.command("setParameter", 1, minSnapshotHistoryWindowInSeconds=0)
            client.admin.command("setParameter", 1, journalCommitInterval=JOURNAL_MILLISECONDS)

    def stop_now(self) -> None:
        _run(self._mongod.stop())

    async def start(self) -> None:
        await self._mongod.start()

    async def stop(self) -> None:
        await self._mongod.stop()


class RabbitServer:
    """One RabbitMQ node of its own: own name, ports, cookie, data and port mapper, so that it meets no other on this machine."""

    def __init__(self, folder: Path) -> None:
        self._binary = next((found for found in map(shutil.which, RABBIT_SERVERS) if found), None)
        if self._binary is None:
            raise Missing("RabbitMQ is not installed: apt install rabbitmq-server")
        self._folder = folder
        self._port = free_port()
        self._mapper_port = free_port()
        self._environment = self._describe()
        self._child: subprocess.Popen[bytes] | None = None
        self._mapper: subprocess.Popen[bytes] | None = None
        self._give_up_at = 0.0

    @property
    def url(self) -> str:
        """Of the default virtual host; a name after the final slash chooses another of VIRTUAL_HOSTS."""
        return f"amqp://guest:guest@127.0.0.1:{self._port}/"

    @property
    def port(self) -> int:
        return self._port

    def start_now(self) -> None:
        """Returns when the broker greets on its port."""
        self._spawn()
        while not self._ready():
            time.sleep(POLL_SECONDS)

    def stop_now(self) -> None:
        """As an operator stops it: in order."""
        self._end(signal.SIGTERM)

    def kill_now(self) -> None:
        self._end(signal.SIGKILL)

    async def start(self) -> None:
        self._spawn()  # in this thread: the child dies with the thread that made it
        while not await asyncio.to_thread(self._ready):  # noqa: ASYNC110 - another process gets ready
            await asyncio.sleep(POLL_SECONDS)

    async def stop(self) -> None:
        await asyncio.to_thread(self.stop_now)

    async def kill(self) -> None:
        await asyncio.to_thread(self.kill_now)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def close(self) -> None:
        """The node and its port mapper."""
        self.stop_now()
        if self._mapper is not None:
            self._mapper.kill()
            self._mapper.wait()

    def _spawn(self) -> None:
        if self._child is not None:
            return
        self._spawn_mapper()
        with (self._folder / "console.log").open("ab") as sink:
            self._child = subprocess.Popen(
                [str(self._binary)], env=self._environment, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, cwd=self._folder,
                start_new_session=True, preexec_fn=_die_with_parent(),
            )  # fmt: skip
        self._give_up_at = time.monotonic() + RABBIT_START_SECONDS

    def _spawn_mapper(self) -> None:
        """By hand and in the foreground: the one that a node starts for itself outlives everybody."""
        if self._mapper is None and (mapper := shutil.which("epmd")):
            self._mapper = subprocess.Popen(
                [mapper, "-port", str(self._mapper_port), "-address", "127.0.0.1"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=_die_with_parent(),
            )  # fmt: skip

    def _ready(self) -> bool:
        if self._child is None or self._child.poll() is not None or time.monotonic() > self._give_up_at:
            raise RuntimeError("RabbitMQ did not start:\n" + (self._folder / "console.log").read_text()[-4000:])
        return _greets(self._port)

    def _end(self, how: signal.Signals) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.send_signal(how)
        try:
            child.wait(RABBIT_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # erl's own helpers

    def _describe(self) -> dict[str, str]:
        for name in ("home", "data", "log"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        definitions = self._folder / "definitions.json"
        definitions.write_text(json.dumps(_definitions()))
        (self._folder / "rabbitmq.conf").write_text(f"{RABBIT_CONFIG}load_definitions = {definitions}\n")
        (self._folder / "plugins").write_text("[].\n")
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self._folder / "home"),
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"tests{self._port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none",
            "RUNNING_UNDER_SYSTEMD": "1",  # the script becomes the broker instead of watching over it
        }


def _definitions() -> dict[str, object]:
    """The user `guest` and the virtual hosts of a new node. A password is salt + SHA-256(salt + password) (RabbitMQ, "Passwords")."""
    salt = b"test"
    return {
        "users": [
            {
                "name": "guest",
                "password_hash": base64.b64encode(salt + hashlib.sha256(salt + b"guest").digest()).decode(),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "administrator",
            }
        ],
        "vhosts": [{"name": name} for name in VIRTUAL_HOSTS],
        "permissions": [{"user": "guest", "vhost": name, "configure": ".*", "write": ".*", "read": ".*"} for name in VIRTUAL_HOSTS],
    }


def _run(step: Coroutine[Any, Any, object]) -> None:
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(step)
    finally:
        loop.close()


def _greets(port: int) -> bool:
    """Whether an AMQP 0-9-1 server answers the protocol header with a method frame (section 4.2.2)."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0) as probe:
        probe.settimeout(2.0)
        probe.sendall(b"AMQP\x00\x00\x09\x01")
        return probe.recv(1) == b"\x01"
    return False


def _die_with_parent() -> Callable[[], None]:
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(1, signal.SIGTERM, 0, 0, 0)
