"""Fan-out of one message to thousands of clients of one process: the live feed beside Socket.IO from npm, and plain writes.

Socket.IO is installed by name into build/socketio when this runs, and is no part of the platform. Its server is one process of node with
WebSocket alone and nothing compressed; the message has as many bytes. The kinds take turns (bench/fanning.py).

    python -m bench.socketio [clients] [rounds]
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.child import Child
from bench.fanning import ROUNDS, Sender, taken
from bench.fanout import Readers
from bench.verdict import aim

PACKAGE: Final = "socket.io@4.8.4"
SERVER: Final = Path(__file__).with_name("socketio_server.mjs")
FOLDER: Final = SERVER.parent.parent / "build/socketio"
CLIENTS: Final = 5000
LONG: Final = 126
"""Characters from which on the length of a frame takes more bytes."""
INSTALL_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds, medians over the rounds: until the last one has it, and until 95 in a hundred have."""

    clients: int
    feed: float
    feed_p95: float
    socketio: float
    socketio_p95: float
    plain: float
    plain_p95: float


async def measure(clients: int = CLIENTS, rounds: int = ROUNDS) -> Compared:
    """Raises RuntimeError when Socket.IO cannot be had."""
    await _installed()
    took = await taken({"feed": [Sender("feed", clients)], "socketio": [_Node(clients)], "plain": [Sender("plain", clients)]}, rounds)
    return Compared(clients, *took["feed"], *took["socketio"], *took["plain"])


async def _installed() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copy(SERVER, FOLDER)
    if (FOLDER / "node_modules/socket.io").exists():
        return
    child = await asyncio.create_subprocess_exec(
        _program("npm"), "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(FOLDER), PACKAGE, env=_environment(),
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    if await asyncio.wait_for(child.wait(), INSTALL_SECONDS):
        raise RuntimeError("Socket.IO could not be installed; what npm says is above")


def _program(name: str) -> str:
    """Beside this Python, as for the pages; else the machine's."""
    found = shutil.which(name, path=_environment()["PATH"])
    if found is None:
        raise RuntimeError(f"{name} is not there: `make bench` installs it")
    return found


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


class _Node(Child):
    """The server of Socket.IO with its readers, as bench.fanning drives what fans out."""

    def __init__(self, clients: int) -> None:
        super().__init__("the server of Socket.IO")
        self._clients, self._readers, self._text = clients, Readers(), ""

    async def start(self) -> None:
        await self.begin(_program("node"), str(FOLDER / SERVER.name))
        port = (await self.answer())["port"]
        await self._readers.start()
        await self._readers.order(do="socketio", swarm="socketio", port=port, count=self._clients)

    async def order(self, **order: Any) -> dict[str, Any]:
        """See bench.fanning.Sends."""
        if order["do"] == "arm":
            self._text = "x" * (order["bytes"] - len(_frame("x" * LONG)) + LONG)
            await self._readers.order(do="receive", swarm="socketio", bytes=len(_frame(self._text)))
            return {"bytes": order["bytes"]}
        await super().order(at=order["at"] * 1000, text=self._text)
        return {**(await self._readers.answer()), "encoding": 0.0}

    async def stop(self) -> None:
        await self._readers.stop()
        await super().stop()


def _frame(text: str) -> bytes:
    """As Socket.IO writes it: an event packet in a text frame of a server (RFC 6455, section 5.2)."""
    payload = f'42["item","{text}"]'.encode()
    return b"\x81" + (bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2, "big")) + payload


def report(found: Compared) -> Sequence[str]:
    ms = 1000
    return (
        f"fan-out to {found.clients} clients of one process, until the last one has it",
        f"  live feed       last {found.feed * ms:7.1f} ms   95 % {found.feed_p95 * ms:7.1f} ms",
        f"  Socket.IO       last {found.socketio * ms:7.1f} ms   95 % {found.socketio_p95 * ms:7.1f} ms",
        f"  plain writes    last {found.plain * ms:7.1f} ms   95 % {found.plain_p95 * ms:7.1f} ms",
        f"  feed : Socket.IO     {found.feed / found.socketio:7.2f}      {aim('< 1', found.feed < found.socketio)}",
    )


if __name__ == "__main__":
    print("\n".join(report(asyncio.run(measure(*map(int, sys.argv[1:3]))))))
