"""Mixed commands at a steady pace at two qa processes over one store and one broker, and faults meanwhile.

400 questions, two moderators who move them at once, a crowd that asks, votes, takes votes back and answers a poll; pages of each kind
follow at each process. At the end every page shows what a fresh one shows, at both processes, and what was accepted is there once: each
question, vote and answer. A fault (RabbitMQ stopped for 20 s, MongoDB for 10 s, one of the two processes killed) comes in the middle.

    python -m bench.mixture [none|broker|store|process] [seconds] [events a second] [questions]
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp

from bench.mixed import Truth
from bench.press import percentile
from bench.verdict import aim
from shared.ids import new_id
from tests.support.people import SESSION, Follower, Person
from tests.support.platform import Process, Running, separate
from tests.support.ports import free_port
from tests.support.servers import MongoServer, RabbitServer

FAULTS: Final = ("none", "broker", "store", "process")
AWAY_SECONDS: Final = {"broker": 20.0, "store": 10.0}
SECONDS: Final = 20.0
PER_SECOND: Final = 500
QUESTIONS: Final = 400
ASKED_AT_ONCE: Final = 20
MOST_UNDER_WAY: Final = 1000
"""Commands that nobody has answered yet; at so many the pace waits."""
SETTLED_SECONDS: Final = 60.0
"""The pages' share: until each of them is right."""
LONGEST_SECONDS: Final = 300.0
MIXTURE: Final = ("ask",) * 4 + ("move",) * 4 + ("answer",) * 8 + ("take back",) * 4 + ("vote",) * 80
PAGES: Final = {"public": "viewer", "moderator": "moderator", "chair": "chair", "display": "display"}
"""View → role."""
SHOWN: Final = ("items", "published", "polls", "tallies")
OPTIONS: Final = ("La fibre", "La poste", "L’école")


@dataclass(frozen=True, slots=True)
class Mixture:
    """`settled`: seconds after the last answer until every page was right."""

    fault: str
    commands: int
    seconds: float
    p50: float
    p99: float
    stale: int
    settled: float


@dataclass(slots=True)
class _Platform:
    """As it is installed, without streams: registration and two processes of qa. `running`: how it is reached by each of those."""

    rabbit: RabbitServer
    mongo: MongoServer
    running: list[Running]

    async def break_by(self, fault: str) -> None:
        if fault == "process":
            one, other = self.running
            await one.processes["qa"].kill()
            one.ports["qa"], one.feed_port = other.ports["qa"], other.feed_port  # as a proxy leads on
        elif fault != "none":
            server = self.rabbit if fault == "broker" else self.mongo
            await server.stop()
            try:
                await asyncio.sleep(AWAY_SECONDS[fault])
            finally:
                await server.start()


async def measure(fault: str = "none", seconds: float = SECONDS, per_second: int = PER_SECOND, questions: int = QUESTIONS) -> Mixture:
    """Bounded by LONGEST_SECONDS. What is lost, doubled or shown wrong is an error."""
    patience = aiohttp.ClientTimeout(total=15)
    connections = aiohttp.TCPConnector(limit=0)
    async with (
        asyncio.timeout(LONGEST_SECONDS), _platform() as platform, aiohttp.ClientSession(timeout=patience, connector=connections) as http
    ):  # fmt: skip
        return await _Load(platform, http).run(fault, seconds, per_second, questions)


@asynccontextmanager
async def _platform() -> AsyncIterator[_Platform]:
    with tempfile.TemporaryDirectory(prefix="tablee-bench-") as name:
        folder = Path(name)
        rabbit, mongo = RabbitServer(folder / "rabbit"), MongoServer(folder / "mongo")
        processes: dict[str, Process] = {}
        try:
            await rabbit.start()
            await mongo.start()
            one = separate(folder, mongo.url, rabbit.url, "bench")
            processes = one.processes
            del processes["streaming"]
            port, feed = free_port(), free_port()
            apart = {"PORT": str(port), "TABLEE_FEED_PORT": str(feed), "TABLEE_VAR": str(folder / "qa-2")}
            processes["qa-2"] = Process(("qa",), {**processes["qa"].environment, **apart}, folder / "qa-2.log")
            await one.start()
            yield _Platform(rabbit, mongo, [one, replace(one, ports={**one.ports, "qa": port}, feed_port=feed)])
        finally:
            for process in processes.values():
                await process.end()
            rabbit.close()
            await mongo.stop()


class _Load:
    def __init__(self, platform: _Platform, http: aiohttp.ClientSession) -> None:
        self._platform, self._http, self._truth = platform, http, Truth()
        self._turn = 0
        self._poll = ""

    async def run(self, fault: str, seconds: float, per_second: int, questions: int) -> Mixture:
        self._moderators = [self._person("moderator", "staff") for _ in range(2)]
        await self._moderators[0].open_floor()
        for first in range(0, questions, ASKED_AT_ONCE):
            await asyncio.gather(*(self._ask() for _ in range(first, min(questions, first + ASKED_AT_ONCE))))
        await asyncio.gather(*(self._move(id) for id in list(self._truth.asked)[: questions // 2]))
        await self._open_poll()
        async with AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(self._page(view, number)) for view in PAGES for number in range(2)]
            began = time.monotonic()
            breaking = asyncio.create_task(self._later(seconds / 4, fault))
            commands = await self._press(began, seconds, per_second)
            await breaking
            ended = time.monotonic()
            await self._all_right(pages)
            settled = time.monotonic() - ended
        waits, truth = self._truth.waits, self._truth
        return Mixture(fault, commands, ended - began, percentile(waits, 50), percentile(waits, 99), truth.stale, settled)

    async def _later(self, seconds: float, fault: str) -> None:
        await asyncio.sleep(seconds)
        await self._platform.break_by(fault)

    # --- commands ------------------------------------------------------------------------------------------------------------------
    def _person(self, role: str = "viewer", door: str = "remote") -> Person:
        return Person(self._platform.running[0], self._http, role, door=door)

    def _somewhere(self, person: Person) -> Person:
        """At the one process and at the other in turn."""
        self._turn += 1
        return replace(person, running=self._platform.running[self._turn % 2])

    async def _press(self, began: float, seconds: float, per_second: int) -> int:
        under_way: set[asyncio.Task[None]] = set()
        count = int(seconds * per_second)
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
            if len(under_way) >= MOST_UNDER_WAY:
                await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            task = asyncio.create_task(self._one())
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)
        return count

    async def _one(self) -> None:
        began, kind = time.monotonic(), random.choice(MIXTURE)
        voted = self._truth.votes
        if kind == "ask":
            await self._ask()
        elif kind == "move":
            await self._move(random.choice(list(self._truth.asked)))
        elif kind == "answer":
            await self._answer()
        elif kind == "take back" and (ids := [id for id, voters in voted.items() if voters]):
            await self._take_back(random.choice(ids))
        else:
            await self._vote(random.choice(list(self._truth.items)))
        self._truth.waits.append(time.monotonic() - began)

    async def _ask(self) -> None:
        text = f"Question {len(self._truth.asked)} de {random.getrandbits(64):x}"
        item = await self._somewhere(self._person()).ask(text)
        self._truth.asked[item["id"]] = text

    async def _vote(self, id: str) -> None:
        voter = self._person()
        status, answer = await self._somewhere(voter).insist("PUT", f"/api/qa/questions/{id}/vote")
        self._truth.voted(id, voter.id, accepted=_accepted(status, answer))

    async def _take_back(self, id: str) -> None:
        voter = self._truth.votes[id].pop()
        self._truth.unsure.setdefault(id, set()).add(voter)
        person = self._somewhere(replace(self._person(), id=voter))
        status, answer = await person.insist("DELETE", f"/api/qa/questions/{id}/vote")
        self._truth.took_back(id, voter, accepted=_accepted(status, answer))

    async def _answer(self) -> None:
        person = self._somewhere(self._person())
        option = str(random.randrange(len(OPTIONS)) + 1)
        status, answer = await person.insist("PUT", f"/api/qa/polls/{self._poll}/answer", {"choice": [option]})
        assert status == 200, answer
        self._truth.answers[person.id] = option

    async def _move(self, id: str) -> None:
        """As whichever moderator: published, hidden, published again. Two at once, and one of them is told so."""
        known = self._truth.items.get(id, {"version": 1, "status": "queued"})
        step = "hide" if known["status"] == "published" else "publish"
        moderator = self._somewhere(random.choice(self._moderators))
        status, answer = await moderator.insist("POST", f"/api/qa/questions/{id}/{step}", {"expected_version": known["version"]})
        if status == 409:
            self._truth.stale += 1
            answer = answer.get("current") or known
        elif status != 200:
            raise RuntimeError(f"{step} was refused: {answer}")
        self._truth.stands(id, answer)

    async def _open_poll(self) -> None:
        desk, self._poll = self._moderators[0], new_id()
        body = {"id": self._poll, "kind": "single", "question": "Que faut-il d’abord ?", "options": OPTIONS}
        status, answer = await desk.insist("POST", f"/api/qa/sessions/{SESSION}/polls", body)
        assert status == 201, answer
        status, answer = await desk.insist("POST", f"/api/qa/polls/{self._poll}/open", {"expected_version": 1})
        assert status == 200, answer

    # --- pages ---------------------------------------------------------------------------------------------------------------------
    @asynccontextmanager
    async def _page(self, view: str, number: int) -> AsyncIterator[Follower]:
        """A page at that process; when it is gone, at the other one."""
        page = Follower(self._person(PAGES[view], "remote" if view == "public" else "staff"), view)
        task = asyncio.create_task(self._follow(page, number))
        try:
            yield page
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _follow(self, page: Follower, number: int) -> None:
        while True:
            await page.visit(self._platform.running[number].feed)
            await asyncio.sleep(random.uniform(0.05, 0.3))

    async def _all_right(self, pages: Sequence[Follower]) -> None:
        """Raises AssertionError for a page that does not come to show what a fresh one shows, and for what is not there once."""
        await asyncio.gather(*(page.until(self._is_true, SETTLED_SECONDS) for page in pages if page.view == "moderator"))
        async with AsyncExitStack() as stack:
            for number in range(2):
                fresh = {view: await stack.enter_async_context(self._page(view, number)) for view in PAGES}
                wanted = {view: _shown(await page.until(bool, SETTLED_SECONDS)) for view, page in fresh.items()}
                for page in pages:
                    await page.until(partial(_shows, wanted[page.view]), SETTLED_SECONDS)

    def _is_true(self, desk: dict[str, Any]) -> bool:
        return self._truth.is_shown_by(desk, self._poll)


def _accepted(status: int, answer: dict[str, Any]) -> bool:
    """False for a question that is hidden just now. Raises RuntimeError for any other refusal."""
    if status != 200 and answer["code"] != "qa.votes_closed":
        raise RuntimeError(f"a vote was refused: {answer}")
    return status == 200


def _shows(wanted: dict[str, Any], state: dict[str, Any]) -> bool:
    return _shown(state) == wanted


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    return {name: state[name] for name in SHOWN if name in state}


def report(found: Mixture) -> Sequence[str]:
    pace = found.commands / found.seconds
    wanted = "" if found.fault != "none" else aim(f"{PER_SECOND}", pace >= 0.98 * PER_SECOND)
    return (
        f"{found.commands} mixed commands at two processes, fault: {found.fault}",
        f"  pace                 {pace:7.0f} a second   {wanted}",
        f"  an answer            p50 {found.p50 * 1000:.0f} ms   p99 {found.p99 * 1000:.0f} ms   ({found.stale} met a faster moderator)",
        f"  every page right     {found.settled:7.1f} s after the last answer; nothing lost, nothing twice",
    )


if __name__ == "__main__":
    chosen = sys.argv[1:2] or list(FAULTS)
    for each in chosen:
        print("\n".join(report(asyncio.run(measure(each, *map(int, sys.argv[2:5]))))), flush=True)
