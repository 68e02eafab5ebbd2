"""People as programs: they hold a pass, call the interfaces, follow the live feed. Everything through the network, nothing from inside."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from shared.ids import new_id
from tests.support.bus.kit import eventually
from tests.support.feed_reducer import apply
from tests.support.platform import Running

SESSION: Final = "table-ronde-2"
PATIENCE_SECONDS: Final = 120.0
"""For a whole process to be gone and there again, on a machine that has other things to do."""
UNTIL_SECONDS: Final = 90.0


@dataclass(slots=True)
class Person:
    """`ask`, `vote` and `move` try again on 503 and broken connections, as the pages do: with the same id, so harmlessly."""

    running: Running
    http: aiohttp.ClientSession
    role: str
    id: str = field(default_factory=new_id)
    door: str = "remote"
    people: int = 0
    """In the hall of a host, as declared."""

    @property
    def pass_text(self) -> str:
        return self.running.sign(self.role, person=self.id, door=self.door, people=self.people)

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.pass_text}"}
        address = self.running.address(path.split("/")[2]) + path
        async with self.http.request(method, address, json=body, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def insist(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_SECONDS
        while loop.time() < until:
            with suppress(aiohttp.ClientError, TimeoutError, json.JSONDecodeError):
                status, answer = await self.call(method, path, body)
                if status not in (500, 502, 503, 504):
                    return status, answer
            await asyncio.sleep(random.uniform(0.2, 0.6))
        raise AssertionError(f"{method} {path} was never answered")

    async def ask(self, text: str, session: str = SESSION) -> dict[str, Any]:
        body = {"id": new_id(), "text": text, "language": "fr"}
        status, item = await self.insist("POST", f"/api/qa/sessions/{session}/questions", body)
        assert status in (200, 201), item
        return item

    async def vote(self, question: str) -> None:
        status, answer = await self.insist("PUT", f"/api/qa/questions/{question}/vote")
        assert status == 200, answer

    async def open_floor(self, session: str = SESSION) -> None:
        await self.change_floor(session, "open")

    async def change_floor(self, session: str, wanted: str) -> None:
        """As a moderator may, once the session is known there and unless it is so already."""
        address = f"/api/qa/sessions/{session}"

        async def known() -> dict[str, Any] | None:
            status, state = await self.insist("GET", f"{address}?view=moderator")
            return state if status == 200 else None

        state = await eventually(known)
        assert state is not None
        if state["floor"]["state"] != wanted:
            body = {"state": wanted, "expected_version": state["floor"]["version"]}
            status, answer = await self.insist("POST", f"{address}/floor", body)
            assert status == 200, answer

    async def move(self, item: Mapping[str, Any], command: str, **more: Any) -> dict[str, Any]:
        body = {"expected_version": item["version"], **more}
        status, answer = await self.insist("POST", f"/api/qa/questions/{item['id']}/{command}", body)
        assert status == 200, answer
        return answer


@dataclass(slots=True)
class Follower:
    """A live page as a program: keeps the reduced state, resumes where it stood, comes back after any cut."""

    person: Person
    view: str
    session: str = SESSION
    state: dict[str, Any] | None = None
    snapshots: int = 0
    signals: list[dict[str, Any]] = field(default_factory=list)
    """What the other end of a call said, as it came."""
    resumed: int = 0
    _epoch: str | None = None
    _seq: int | None = None
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    _socket: ClientConnection | None = None

    @property
    def process(self) -> str:
        """Which process of qa it came to last, as its epoch says."""
        return (self._epoch or "").split(".")[1]

    async def run(self, address: str | None = None) -> None:
        while True:
            await self.visit(address or self.person.running.feed)
            await asyncio.sleep(random.uniform(0.05, 0.3))

    async def visit(self, address: str) -> None:
        """One connection, until it ends."""
        with suppress(OSError, WebSocketException, TimeoutError):
            async with connect(address, compression=None, max_size=None) as socket:
                self._socket = socket
                await self._follow(socket)

    async def _follow(self, socket: ClientConnection) -> None:
        hello = {
            "op": "hello",
            "v": 1,
            "pass": self.person.pass_text,
            "session": self.session,
            "view": self.view,
            "epoch": self._epoch,
            "seq": self._seq,
        }
        await socket.send(json.dumps(hello))
        first = True
        async for text in socket:
            frame = json.loads(text)
            if frame["op"] == "ping":
                await socket.send('{"op":"pong"}')
            elif frame["op"] == "welcome":
                self._epoch = frame["epoch"]
            elif frame["op"] == "snapshot":
                self._epoch, self._seq, self.state = frame["epoch"], frame["seq"], frame["state"]
                self.snapshots += 1
                first = False
            elif frame["op"] == "event":
                assert self.state is not None
                assert self._seq is None or frame["seq"] >= self._seq, "the feed went back"
                self.state, self._seq = dict(apply(self.state, frame)), frame["seq"]
                self.signals += [frame["data"]] if frame["kind"] == "signal" else []
                self.resumed += first
                first = False
            elif frame["op"] == "error" and self.state is None and frame["code"] == "qa.unknown_session":
                return  # the programme is on its way to this process: come back
            elif frame["op"] == "error":
                raise AssertionError(f"the feed refused: {frame}")
            async with self._moved:
                self._moved.notify_all()

    async def cut(self) -> None:
        """Cut the connection without a word, as a tunnel does."""
        assert self._socket is not None
        self._socket.transport.abort()

    async def until(self, condition: Callable[[dict[str, Any]], bool], seconds: float = UNTIL_SECONDS) -> dict[str, Any]:
        """The state once `condition` holds."""

        def holds() -> bool:
            return self.state is not None and condition(self.state)

        try:
            async with self._moved:
                await asyncio.wait_for(self._moved.wait_for(holds), seconds)
        except TimeoutError:
            raise AssertionError(f"never became true; the state was {json.dumps(self.state, ensure_ascii=False)[:3000]}") from None
        assert self.state is not None
        return self.state


@asynccontextmanager
async def following(person: Person, view: str, *, session: str = SESSION, address: str | None = None) -> AsyncIterator[Follower]:
    follower = Follower(person, view, session)
    task = asyncio.create_task(follower.run(address))
    try:
        yield follower
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
