"""Faults on purpose, from outside: what was accepted is there exactly once, and every page is right again by itself.

The crowd asks and votes all the while; a moderator's page and a viewer's page follow the live feed. Nothing here looks inside a process.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import pytest

from tests.support.people import SESSION, Follower, Person, following
from tests.support.platform import ALL, Running
from tests.support.processes import alive, children, command
from tests.support.servers import MongoServer, RabbitServer
from tests.support.tcp_proxy import TcpProxy

pytestmark = pytest.mark.timeout(240)

CROWD: Final = 12
"""People asking; each may have five open questions and ask one in thirty seconds, so each asks once."""
VOTERS: Final = 6
BROKER_AWAY_SECONDS: Final = 20.0
STORE_AWAY_SECONDS: Final = 10.0


@dataclass
class Crowd:
    """Who asked and voted what was accepted: the truth every page must come to show."""

    running: Running
    http: aiohttp.ClientSession
    accepted: dict[str, str] = field(default_factory=dict)
    votes: dict[str, set[str]] = field(default_factory=dict)

    def person(self, role: str = "viewer", door: str = "remote") -> Person:
        return Person(self.running, self.http, role, door=door)

    async def ask(self, number: int) -> str:
        item = await self.person().ask(f"Question numéro {number}, qui doit arriver une fois")
        self.accepted[item["id"]] = item["text"]
        return str(item["id"])

    async def ask_all(self, numbers: range, pause: float = 0.1) -> None:
        async def later(place: int, number: int) -> None:
            await asyncio.sleep(place * pause)
            await self.ask(number)

        await asyncio.gather(*(later(place, number) for place, number in enumerate(numbers)))

    async def vote_all(self, question: str, voters: list[Person], pause: float = 0.1) -> None:
        for voter in voters:
            await voter.vote(question)
            self.votes.setdefault(question, set()).add(voter.id)
            await asyncio.sleep(pause)

    def shown_by(self, state: dict[str, Any]) -> bool:
        """Whether a moderator's page shows every accepted question and vote, exactly."""
        texts = [item["text"] for item in state["items"].values()]
        return (
            set(self.accepted) <= set(state["items"])
            and all(texts.count(text) == 1 for text in self.accepted.values())
            and all(state["items"][id]["votes"] == len(voters) for id, voters in self.votes.items())
        )


@dataclass
class Pages:
    crowd: Crowd
    moderator: Follower
    viewer: Follower
    published: str

    async def are_right(self) -> None:
        """Without a reload: the same followers, over the same resuming connection."""
        await self.moderator.until(self.crowd.shown_by)
        votes = len(self.crowd.votes.get(self.published, ()))
        await self.viewer.until(lambda state: state["items"][self.published]["votes"] == votes)
        assert set(self.viewer.state["items"]) == {self.published}, "a pending question reached a viewer"  # type: ignore[index]


@asynccontextmanager
async def pages(running: Running, http: aiohttp.ClientSession, *, address: str | None = None) -> AsyncIterator[Pages]:
    """An open session with one published question, watched by a moderator and a viewer."""
    crowd = Crowd(running, http)
    moderator = crowd.person("moderator", "staff")
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(following(moderator, "moderator", address=address))
        viewer = await stack.enter_async_context(following(crowd.person(), "public", address=address))
        state = await desk.until(lambda state: state["floor"]["version"] > 0)
        if state["floor"]["state"] != "open":
            body = {"state": "open", "expected_version": state["floor"]["version"]}
            status, answer = await moderator.insist("POST", f"/api/qa/sessions/{SESSION}/floor", body)
            assert status == 200, answer
        first = await crowd.ask(0)
        seen = await desk.until(lambda state: first in state["items"])
        await moderator.move(seen["items"][first], "publish")
        await viewer.until(lambda state: first in state["items"])
        yield Pages(crowd, desk, viewer, first)


async def under_load(open_pages: Pages, fault: Callable[[], Awaitable[None]]) -> None:
    """The crowd asks and votes before, during and after `fault`."""
    crowd = open_pages.crowd
    voters = [crowd.person() for _ in range(VOTERS)]
    first = len(crowd.accepted)
    load = asyncio.gather(crowd.ask_all(range(first, first + CROWD), 0.4), crowd.vote_all(open_pages.published, voters, 0.8))
    await asyncio.sleep(0.5)  # the fault is to come in the middle of the load
    await fault()
    await load


async def test_a_kill_between_accepting_a_question_and_publishing_its_event_loses_nothing(
    three_on_own_broker: Running, own_rabbit: RabbitServer, http: aiohttp.ClientSession
) -> None:
    async with pages(three_on_own_broker, http) as open_pages:
        await own_rabbit.stop()  # from here on qa accepts, and cannot publish
        try:
            for number in range(1, 4):
                await open_pages.crowd.ask(number)
            await three_on_own_broker.processes["qa"].kill()
        finally:
            await own_rabbit.start()
        await three_on_own_broker.processes["qa"].start()
        await open_pages.are_right()


async def test_a_kill_of_the_one_process_in_mid_traffic_loses_nothing_and_leaves_no_child(
    one_process: Running, http: aiohttp.ClientSession
) -> None:
    async with pages(one_process, http) as open_pages:
        started = children(one_process.processes["all"].pid)
        assert started, "there should be a mongod and an ffmpeg"

        async def fault() -> None:
            await one_process.processes["all"].kill()
            await one_process.processes["all"].start()

        await under_load(open_pages, fault)
        assert not [pid for pid in started if alive(pid)]
        await open_pages.are_right()


async def test_kills_of_each_of_three_processes_in_turn_are_survived_by_the_pages(
    three_processes: Running, http: aiohttp.ClientSession
) -> None:
    async with pages(three_processes, http) as open_pages:
        for victim in ALL:

            async def fault(victim: str = victim) -> None:
                await three_processes.processes[victim].kill()
                await three_processes.processes[victim].start()

            await under_load(open_pages, fault)
            await open_pages.are_right()


async def test_a_broker_away_for_twenty_seconds_under_load_loses_nothing(
    three_on_own_broker: Running, own_rabbit: RabbitServer, http: aiohttp.ClientSession
) -> None:
    async with pages(three_on_own_broker, http) as open_pages:

        async def fault() -> None:
            await own_rabbit.stop()
            try:
                await asyncio.sleep(BROKER_AWAY_SECONDS)
            finally:
                await own_rabbit.start()

        await under_load(open_pages, fault)
        await open_pages.are_right()


async def test_a_store_away_for_ten_seconds_loses_nothing(
    three_on_own_store: Running, own_mongo: MongoServer, http: aiohttp.ClientSession
) -> None:
    async with pages(three_on_own_store, http) as open_pages:

        async def fault() -> None:
            await own_mongo.stop()
            try:
                await asyncio.sleep(STORE_AWAY_SECONDS)
            finally:
                await own_mongo.start()

        await under_load(open_pages, fault)
        await open_pages.are_right()


async def test_a_live_page_that_was_cut_resumes_with_what_it_missed(one_process: Running, http: aiohttp.ClientSession) -> None:
    proxy = TcpProxy(one_process.feed_port)
    address = f"ws://127.0.0.1:{await proxy.start()}/feed"
    try:
        async with pages(one_process, http, address=address) as open_pages:
            snapshots = open_pages.moderator.snapshots
            proxy.cut()
            await open_pages.crowd.ask_all(range(1, 6), 0.01)
            proxy.mend()
            await open_pages.are_right()
            assert open_pages.moderator.resumed > 0
            assert open_pages.moderator.snapshots == snapshots, "a short cut is resumed, not loaded anew"
    finally:
        await proxy.stop()


async def test_an_encoder_that_is_killed_is_replaced_and_the_playlist_goes_on(one_process: Running, http: aiohttp.ClientSession) -> None:
    playlist = (await one_process.links())["hls"].rsplit("/", 1)[0]
    multivariant = await _text(http, f"{playlist}/index.m3u8")
    media = next(line for line in multivariant.splitlines() if line and not line.startswith("#"))
    text = await _text(http, f"{playlist}/{media}")
    before = _last_part(text)
    victims = [pid for pid in children(one_process.processes["all"].pid) if "ffmpeg" in command(pid)]
    assert victims
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    for wanted in (before[0], before[0] + 1, before[0] + 2):  # one by one: what is further ahead may not be asked for
        for _ in range(40):
            text = await _text(http, f"{playlist}/{media}?_HLS_msn={wanted}&_HLS_part=0")
            if _last_part(text)[0] >= wanted:
                break
    assert _last_part(text)[0] >= before[0] + 2, text
    assert "#EXT-X-DISCONTINUITY" in text


async def test_an_orderly_stop_exits_with_zero_and_leaves_no_child(one_process: Running) -> None:
    started = children(one_process.processes["all"].pid)
    assert await one_process.stop() == {"all": 0}
    assert not [pid for pid in started if alive(pid)]


def _last_part(playlist: str) -> tuple[int, int]:
    """(media sequence number, part index) of the newest part listed (RFC 8216bis, section 4.4.4.9)."""
    msn, part = 0, -1
    for line in playlist.splitlines():
        if line.startswith("#EXT-X-MEDIA-SEQUENCE:"):
            msn = int(line.split(":")[1])
        elif line.startswith("#EXT-X-PART:"):
            part += 1
        elif line.startswith("#EXTINF:"):
            msn, part = msn + 1, -1
    return msn, part


async def _text(http: aiohttp.ClientSession, url: str) -> str:
    async with http.get(url) as response:
        assert response.status == 200, f"{url}: {response.status}"
        return await response.text()
