"""Somebody does all there is to do, withdraws, and is looked for: in every collection of every database (the queues, dead letters and
outboxes among them), in every file of the state folder, in everything that was logged."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from services.qa.table.consent import CONSENT_VERSION
from shared.clock import utc_now
from shared.events.answer import AnswerRecorded
from shared.events.person import PersonRegistered
from shared.ids import new_id
from shared.storage.mongod import running_url
from tests.e2e.mailbox import letter_to
from tests.support.bus.kit import eventually
from tests.support.people import SESSION, Person
from tests.support.platform import EVENT, Running, embedded

pytestmark = pytest.mark.timeout(240)
NAME: Final = "Zéphyrine Quatrefages"
MAIL: Final = "zephyrine.quatrefages@exemple-rare.fr"
PUBLIC: Final = "Où passe la ligne de Lus-la-Croix-Haute ?"
WAITING: Final = "Ma voisine de Treschenu attend depuis trois ans, que lui dire ?"
KNOWN_TO_STAY: Final = {
    "registration.people": "the tombstone, so that a restored backup brings nobody back",
    "registration.tombstones": "the same, by itself",
    "qa.revocations": "until no pass of theirs can be valid any more",
}
"""Where the id, a random number by then, stays for a reason."""


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with embedded(tmp_path) as platform:
        yield platform


class Zephyrine:
    """A browser, with the pass that registration gives it."""

    def __init__(self, running: Running, http: aiohttp.ClientSession) -> None:
        self._running, self._http = running, http
        self._headers: dict[str, str] = {}
        self.id = ""

    async def enter(self) -> None:
        form = {"name": NAME, "email": MAIL, "door": "remote", "language": "fr", "image_rights": "refused"}
        assert (await self.call("POST", "/api/registration/registrations", form))[0] == 202
        letter = await letter_to(self._running.folder / "var" / "mail", MAIL)
        async with self._http.post(letter.link, headers={"Origin": self._running.base}, allow_redirects=False) as answer:
            assert answer.status == 303
        _, answered = await self.call("POST", "/api/registration/pass", {})
        self._headers, self.id = {"Authorization": f"Bearer {answered['pass']}"}, answered["person"]["id"]

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Origin": self._running.base, **self._headers}
        async with self._http.request(method, self._running.base + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None) if answer.content_length != 0 else None

    async def does(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self.call(method, path, body)
        assert status in (200, 201, 202, 204), (path, status, answer)
        return answer


@asynccontextmanager
async def databases(folder: Path) -> AsyncIterator[AsyncIOMotorClient[Any]]:
    """The database server of a platform that runs, with its state in `folder`."""
    url = running_url(folder / "mongo")
    assert url is not None
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(url)
    try:
        yield client
    finally:
        client.close()


async def found_in_databases(folder: Path, words: list[str]) -> dict[str, set[str]]:
    """Collection → the words that stand somewhere in it."""
    found: dict[str, set[str]] = {}
    async with databases(folder) as client:
        for database in await client.list_database_names():
            if database in ("admin", "config", "local"):
                continue
            for collection in await client[database].list_collection_names():
                async for document in client[database][collection].find({}):
                    if there := {word for word in words if word.casefold() in str(document).casefold()}:
                        found.setdefault(f"{database.rpartition('_')[2]}.{collection}", set()).update(there)
    return found


def found_in_files(folder: Path, words: list[str]) -> dict[str, set[str]]:
    """But those of the database server, whose journal forgets in its own time."""
    found = {}
    for path in [each for each in folder.rglob("*") if each.is_file() and "mongo" not in each.relative_to(folder).parts]:
        text = path.read_bytes()
        if there := {word for word in words if word.encode() in text}:
            found[str(path.relative_to(folder))] = there
    return found


async def do_everything(running: Running, zephyrine: Zephyrine, moderator: Person, viewer: Person) -> None:
    public, waiting = ({"id": new_id(), "text": text, "language": "fr"} for text in (PUBLIC, WAITING))
    questions, polls = f"/api/qa/sessions/{SESSION}/questions", f"/api/qa/sessions/{SESSION}/polls"
    item = await zephyrine.does("POST", questions, public)
    public_item = await moderator.move(item, "publish")
    other = await moderator.move(await viewer.ask("Et les écoles ?"), "publish")
    await zephyrine.does("PUT", f"/api/qa/questions/{other['id']}/vote")
    poll = {"id": new_id(), "kind": "single", "question": "La fibre ?", "options": ["Oui", "Non"]}
    _, prepared = await moderator.insist("POST", polls, poll)
    _, opened = await moderator.insist("POST", f"/api/qa/polls/{poll['id']}/open", {"expected_version": prepared["version"]})
    await zephyrine.does("PUT", f"/api/qa/polls/{poll['id']}/answer", {"choice": [opened["options"][0]["id"]]})
    hand = await zephyrine.does("PUT", f"/api/qa/sessions/{SESSION}/hand", {"anonymous": False})
    _, seat = await moderator.insist("POST", f"/api/qa/sessions/{SESSION}/seats", {"hand": hand["hand"]["id"], "kind": "guest"})
    accepting = {
        "expected_version": seat["version"], "voice_only": True, "name": NAME, "title": "habitante", "consent": CONSENT_VERSION,
    }  # fmt: skip
    await zephyrine.does("POST", f"/api/qa/seats/{seat['id']}/accept", accepting)
    staged = await moderator.move(public_item, "stage")
    await moderator.move(staged, "answer")
    await moderator.insist("PUT", f"/api/qa/questions/{item['id']}/mute")
    await moderator.insist("DELETE", f"/api/qa/questions/{item['id']}/mute")
    async with databases(running.folder / "var") as client:  # half a minute between two questions of a person is long for a test
        await client["tablee_qa"]["turns"].delete_many({})
    await zephyrine.does("POST", questions, waiting)
    await zephyrine.does("PATCH", "/api/registration/me", {"image_rights": "granted"})
    await zephyrine.does("POST", "/api/registration/links", {"email": MAIL})
    held = await zephyrine.does("GET", "/api/registration/me/data")
    assert held["complete"]
    assert all(held["services"]["qa"][name] for name in ("questions", "votes", "polls", "hands", "seats"))


async def given_up(running: Running, person: str) -> None:
    """Two dead letters about the person, as a mail server that was away for days leaves them."""
    async with databases(running.folder / "var") as client:
        (name,) = [each for each in await client.list_database_names() if each.endswith("bus")]
        for group, event in (
            ("registration.mail", PersonRegistered(EVENT, person, "remote", "fr")),
            ("registration.answer_mails", AnswerRecorded(new_id(), SESSION, "answered", PUBLIC, "fr", author=person, name=NAME)),
        ):
            envelope = event.to_envelope(id=new_id(), subject=person, seq=1, time=utc_now())
            text = json.dumps(envelope.to_json())
            waited = {"state": "dead", "n": 1, "due": utc_now(), "attempt": 9, "deliveries": 1, "died_at": utc_now()}
            letter = {"_id": new_id(), "group": group, "event": text, "reason": "Unavailable: mail.unavailable", **waited}
            await client[name]["deliveries"].insert_one(letter)


async def test_whoever_withdraws_is_found_nowhere(running: Running) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http, aiohttp.ClientSession() as others:
        zephyrine = Zephyrine(running, http)
        moderator = Person(running, others, "moderator", door="staff")
        await moderator.open_floor()
        await zephyrine.enter()
        await do_everything(running, zephyrine, moderator, Person(running, others, "viewer"))
        await given_up(running, zephyrine.id)
        words = [NAME, MAIL, zephyrine.id, WAITING]
        before = await found_in_databases(running.folder / "var", words)
        assert {"registration.people", "qa.questions", "bus.deliveries"} <= before.keys(), "the search finds what is there"
        assert found_in_files(running.folder, [MAIL])
        async with http.post(f"{running.base}/withdraw", headers={"Origin": running.base}, allow_redirects=False) as answer:
            assert answer.status == 303

        async def forgotten() -> bool:
            return not {
                where: there
                for where, there in (await found_in_databases(running.folder / "var", words)).items()
                if there != {zephyrine.id} or where not in KNOWN_TO_STAY
            }

        try:
            await eventually(forgotten, 15)
        except AssertionError:
            pytest.fail(f"still found: {await found_in_databases(running.folder / 'var', words)}\n{running.processes['all'].tail()}")
    await running.stop()
    assert found_in_files(running.folder, [NAME, MAIL, WAITING]) == {}
