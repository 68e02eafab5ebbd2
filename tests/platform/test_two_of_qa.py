"""Two processes of the qa service over one broker and one store, behind one origin: whichever one speaks to, it is the same table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from shared.ids import new_id
from tests.platform.conftest import new_prefix
from tests.platform.test_nginx import nginx_before
from tests.support.people import SESSION, Follower, Person, following
from tests.support.platform import ALL, Process, Running, separate
from tests.support.ports import free_port

pytestmark = pytest.mark.timeout(240)


HALL = 40
"""People behind one screen."""


@dataclass
class Pair:
    """The same platform, seen through the one and through the other qa process."""

    one: Running
    other: Running


@pytest.fixture
async def pair(tmp_path: Path, mongo_url: str, rabbit_url: str) -> AsyncIterator[Pair]:
    one = separate(tmp_path, mongo_url, rabbit_url, new_prefix())
    port, feed = free_port(), free_port()
    settings = {"PORT": str(port), "TABLEE_FEED_PORT": str(feed), "TABLEE_VAR": str(tmp_path / "qa-2")}
    one.processes["qa-2"] = Process(("qa",), {**one.processes["qa"].environment, **settings}, tmp_path / "qa-2.log")
    async with one as running:
        yield Pair(running, replace(running, ports={**running.ports, "qa": port}, feed_port=feed))


@asynccontextmanager
async def at(follower: Follower, running: Running) -> AsyncIterator[Follower]:
    """The same page, with what it knows, connected there."""
    task = asyncio.create_task(follower.run(running.feed))
    try:
        yield follower
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def opened(moderator: Person, desk: Follower) -> None:
    state = await desk.until(lambda state: state["floor"]["version"] > 0)
    if state["floor"]["state"] != "open":
        body = {"state": "open", "expected_version": state["floor"]["version"]}
        status, answer = await moderator.insist("POST", f"/api/qa/sessions/{SESSION}/floor", body)
        assert status == 200, answer


def table(state: dict[str, Any]) -> dict[str, Any]:
    """What both must show alike, whenever one asks."""
    return {name: state[name] for name in ("items", "floor", "session", "stream")}


async def a_hall_counts(host: Person, pair: Pair, item: str, *pages: Follower) -> None:
    """The tablet of its host is at the one process, the screen of the hall at the other; a count comes by both, again and corrected."""
    tablet, screen = host, through(host, pair.other)

    async def count(person: Person, hands: int) -> None:
        status, answer = await person.insist("PUT", f"/api/qa/questions/{item}/hall", {"hands": hands})
        assert status == 200, answer

    def by_hub(state: dict[str, Any]) -> int:
        return int(state["items"][item]["by_door"].get("hub", 0))

    async with following(tablet, "public", address=pair.one.feed) as own, following(screen, "public", address=pair.other.feed) as other:
        for page in (own, other, *pages):
            await page.until(lambda state: state["presence"]["hub"] == HALL)  # one hall, not two
        await asyncio.gather(*(count(person, 12) for person in (tablet, screen) for _ in range(4)))
        for page in (own, other, *pages):
            await page.until(lambda state: by_hub(state) == 12)
        await count(screen, 9)
        for page in (own, other, *pages):
            await page.until(lambda state: by_hub(state) == 9)
        assert own.state is not None
        assert own.state["my_counts"] == {item: 9}
        await count(tablet, 0)
    for page in pages:
        await page.until(lambda state: state["presence"]["hub"] == 0 and by_hub(state) == 0)


async def test_one_of_two_processes_is_killed_and_nobody_loses_or_doubles_anything(pair: Pair, http: aiohttp.ClientSession) -> None:
    moderator = Person(pair.one, http, "moderator", door="staff")
    desk = Follower(moderator, "moderator")
    async with following(Person(pair.other, http, "viewer"), "public", address=pair.other.feed) as viewer:
        async with at(desk, pair.one):
            await opened(moderator, desk)
            async with following(Person(pair.one, http, "viewer"), "public", address=pair.one.feed) as second:
                for page in (viewer, second, desk):
                    await page.until(lambda state: state["presence"]["remote"] == 2)  # each is at another process
            item = await Person(pair.one, http, "viewer").ask("Qui paiera le raccordement ?")
            seen = await desk.until(lambda state: item["id"] in state["items"])
            await through(moderator, pair.other).move(seen["items"][item["id"]], "publish")
            await viewer.until(lambda state: item["id"] in state["items"])
            voters = [new_id() for _ in range(8)]
            await asyncio.gather(*(
                Person(running, http, "viewer", id=id).vote(item["id"]) for id in voters for running in (pair.one, pair.other)
            ))  # fmt: skip
            for page in (viewer, desk):
                await page.until(lambda state: state["items"][item["id"]]["votes"] == len(voters))
            await a_hall_counts(Person(pair.one, http, "viewer", door="hub", people=HALL), pair, item["id"], viewer, desk)
        await pair.one.processes["qa"].kill()
        later = await Person(pair.other, http, "viewer").ask("Et qui l'entretiendra ?")
        async with at(desk, pair.other), following(through(moderator, pair.other), "moderator", address=pair.other.feed) as fresh:
            await desk.until(lambda state: later["id"] in state["items"])
            state = await fresh.until(lambda state: later["id"] in state["items"])
            assert desk.state is not None
            assert table(desk.state) == table(state)
            assert state["items"][item["id"]]["votes"] == len(voters)
        await viewer.until(lambda state: state["presence"]["remote"] == 1)  # the share of the killed one ends


def behind_one_origin(pair: Pair) -> dict[str, str]:
    """What nginx.conf names → where it is: both processes of qa behind each of its two names, as of a service with replicas."""
    groups = {
        "pages_of_qa": [each.ports["qa"] for each in (pair.one, pair.other)],
        "feeds_of_qa": [pair.one.feed_port, pair.other.feed_port],
    }
    upstreams = (
        f"  upstream {name} {{ {' '.join(f'server 127.0.0.1:{port} max_fails=0;' for port in ports)} }}\n" for name, ports in groups.items()
    )
    return {
        "registration:8080": f"127.0.0.1:{pair.one.ports['registration']}", "streaming:8080": f"127.0.0.1:{pair.one.ports['streaming']}",
        "qa:8080": "pages_of_qa", "qa:8081": "feeds_of_qa", "  server {\n": f"{''.join(upstreams)}  server {{\n",
    }  # fmt: skip


async def test_behind_nginx_a_page_goes_on_at_the_other_process_with_exactly_what_it_missed(
    pair: Pair, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    with nginx_before(tmp_path / "nginx", behind_one_origin(pair)) as nginx:
        front = replace(pair.one, ports=dict.fromkeys(ALL, nginx.port), feed_port=nginx.port)
        moderator, viewer = Person(front, http, "moderator", door="staff"), Follower(Person(front, http, "viewer"), "public")
        async with following(moderator, "moderator") as desk, following(Person(pair.one, http, "viewer"), "public") as at_one:
            await opened(moderator, desk)
            known, hidden, missed = [await Person(front, http, "viewer").ask(text) for text in ("Le pont ?", "La fibre ?", "La poste ?")]
            known, hidden = [await moderator.move(item, "publish") for item in (known, hidden)]
            async with at(viewer, front):
                await viewer.until(lambda state: state["items"].keys() == {known["id"], hidden["id"]})
            await at_one.until(lambda state: len(state["items"]) == 2)
            its_epoch = viewer.process
            its_process = "qa" if its_epoch == at_one.process else "qa-2"
            await moderator.move(hidden, "hide")
            await moderator.move(missed, "publish")
            await viewer.person.vote(known["id"])
            await desk.until(
                lambda state: state["items"][known["id"]]["votes"] == 1 and state["items"][missed["id"]]["status"] == "published"
            )
        await pair.one.processes[its_process].kill()
        async with at(viewer, front), following(viewer.person, "public") as fresh:
            state = await viewer.until(
                lambda state: state["items"].get(known["id"], {}).get("votes") == 1 and missed["id"] in state["items"]
            )
            assert state["items"].keys() == {known["id"], missed["id"]}
            await viewer.until(lambda state: state["my_votes"] == [known["id"]])
            assert table(viewer.state or {}) == table(await fresh.until(bool))
            assert viewer.process == fresh.process != its_epoch


async def step(person: Person, seat: dict[str, Any], name: str, /, **more: Any) -> dict[str, Any]:
    status, answer = await person.insist("POST", f"/api/qa/seats/{seat['id']}/{name}", {"expected_version": seat["version"], **more})
    assert status == 200, answer
    return answer


async def test_a_call_is_made_between_two_who_are_at_different_processes(pair: Pair, http: aiohttp.ClientSession) -> None:
    """The person at the one, the studio at the other: what each says reaches the other end, and nobody else."""
    operator, guest = Person(pair.other, http, "operator", door="staff"), Person(pair.one, http, "viewer")
    async with (
        following(guest, "public", address=pair.one.feed) as own,
        following(operator, "studio", address=pair.other.feed) as studio,
        following(Person(pair.one, http, "viewer"), "public", address=pair.one.feed) as other,
    ):
        await opened(operator, studio)
        for page in (own, other):
            await page.until(lambda state: state["floor"]["state"] == "open")
        status, raised = await guest.insist("PUT", f"/api/qa/sessions/{SESSION}/hand", {})
        assert status == 200, raised
        status, seat = await operator.insist("POST", f"/api/qa/sessions/{SESSION}/seats", {"hand": raised["hand"]["id"]})
        assert status == 201, seat
        _, consent = await guest.insist("GET", "/api/qa/consent")
        called = {"voice_only": False, "name": "Anne", "title": "", "consent": consent["version"]}
        seat = await step(guest, seat, "accept", **called)
        await studio.until(lambda state: state["seats"].get(seat["id"], {}).get("state") == "checking")
        for person, side in ((operator, "studio"), (guest, "seat")):
            body = {"from": side, "kind": "offer", "data": f"SDP of the {side}"}
            status, _ = await person.insist("POST", f"/api/qa/seats/{seat['id']}/signals", body)
            assert status == 202
        seat = await step(operator, await step(guest, seat, "ready"), "take")
        for page in (own, studio, other):
            await page.until(lambda state: [each["name"] for each in state["at_table"]] == ["Anne"])
        assert [(each["from"], each["data"]) for each in own.signals] == [("studio", "SDP of the studio")]
        assert [(each["from"], each["data"]) for each in studio.signals] == [("seat", "SDP of the seat")]
        assert other.signals == []


def through(person: Person, running: Running) -> Person:
    return replace(person, running=running)
