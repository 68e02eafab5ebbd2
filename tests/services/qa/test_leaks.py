"""Every byte that each role is sent in a session where everything happened, over the real socket and the real interface: nothing that is
not meant for it."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, suppress
from typing import Any, Final

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from services.qa.table.consent import CONSENT_VERSION
from shared.events.vocabulary import STANDARD_REASONS
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import PATIENCE, ROUND_TABLE, QaHarness, open_harness, session
from tests.services.qa.polling import answered, done, opened, prepared

OTHER: Final = "table-ronde-2"
ROLES: Final = {
    "viewer": ("public",), "room": ("public",), "hub": ("public",), "display": ("display", "public"),
    "chair": ("chair", "public"), "moderator": ("moderator", "chair", "public", "display"),
    "operator": ("moderator", "chair", "public", "display", "studio"),
}  # fmt: skip
DESK: Final = {("moderator", "moderator"), ("operator", "moderator")}
"""(role, view) that may read what waits and what was declined."""
TABLE: Final = {*DESK, ("chair", "chair"), ("moderator", "chair"), ("operator", "chair")}
"""Those who lead: they read one another's notes."""
CALL: Final = "a=candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host"
"""What one end of a call says: an address, meant for the other end."""
LISTED: Final = "sabotage"
"""A word of the organiser's list: it marks a question that waits."""
MUTING: Final = "Mathilde"
"""Who protected the session, as the desk and the chair read it."""
NOTE: Final = "Rouvrez le micro de gauche."
HIDDEN: Final = re.compile(r"SECRET-[a-z]+")
ANONYMOUS: Final = "Zelda Inconnue"
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{12,64}\b|person-[\w-]+")

Sent = dict[tuple[str, str, str], str]
"""(role, view, session) → everything that was sent there."""


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database, run=("votes", "counting")) as harness:
        await harness.publish(2, session(ROUND_TABLE), session(OTHER))
        yield harness


class Ears:
    """Connections that keep every byte."""

    def __init__(self, harness: QaHarness, stack: AsyncExitStack) -> None:
        self._harness, self._stack = harness, stack
        self.heard: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._moved = asyncio.Condition()
        self._people = 0

    async def listen(self, role: str, view: str, of: str, *, epoch: str | None = None, seq: int | None = None) -> None:
        socket = await self._stack.enter_async_context(connect(self._harness.feed_url, compression=None, ping_interval=None))
        self._people += 1
        token = self._harness.token(f"ear-{self._people}", role)
        hello = {"op": "hello", "v": 1, "pass": token, "session": of, "view": view, "epoch": epoch, "seq": seq}
        await socket.send(json.dumps(hello))
        task = asyncio.create_task(self._keep(socket, (role, view, of)))
        self._stack.callback(task.cancel)

    async def _keep(self, socket: ClientConnection, key: tuple[str, str, str]) -> None:
        with suppress(ConnectionClosed):
            async for text in socket:
                self.heard[key].append(str(text))
                async with self._moved:
                    self._moved.notify_all()

    async def until_all(self, keys: set[tuple[str, str, str]], kind: str, version: int) -> None:
        """Everybody has the last thing that is sent to everybody."""

        def holds() -> bool:
            return all(any(_is(text, kind, version) for text in self.heard[key]) for key in keys)

        async with self._moved:
            await asyncio.wait_for(self._moved.wait_for(holds), PATIENCE)


def _is(text: str, kind: str, version: int) -> bool:
    frame = json.loads(text)
    told = frame["data"] if frame.get("kind") == kind else frame.get("state", {}).get(kind)
    return told is not None and told["version"] == version


async def ask(harness: QaHarness, name: str, text: str, of: str = ROUND_TABLE, *, shown: str | None = None, **more: Any) -> Any:
    harness.clock.move(31)
    body = {"id": str(uuid.uuid4()), "text": text, "language": "fr", **more}
    status, item = await harness.call("POST", f"/api/qa/sessions/{of}/questions", body=body, token=harness.token(name, shown=shown))
    assert status == 201, item
    return item


async def everything_happens(harness: QaHarness) -> None:
    """Questions in every state with their earlier wordings, an anonymous one, polls, hands, reactions, somebody who is erased."""
    await ask(harness, "a", "SECRET-waiting")
    declined = await ask(harness, "b", "SECRET-declined")
    await harness.done(declined, "decline", reason=STANDARD_REASONS[0], note="SECRET-note")
    hidden = await harness.done(await ask(harness, "c", "Celle-ci disparaît."), "publish", text="Celle-ci se voit un moment.")
    await harness.done(hidden, "hide")
    rephrased = await harness.done(await ask(harness, "d", "SECRET-wording"), "publish", text="Quand la fibre arrive-t-elle ?")
    rephrased = await harness.done(rephrased, "write", text="SECRET-draft")
    nameless = await ask(harness, "z", "Et le bruit ?", shown=ANONYMOUS, anonymous=True)
    nameless = await harness.done(nameless, "publish")
    also = await ask(harness, "y", "Et le bruit, encore ?", shown=ANONYMOUS, anonymous=True)
    await harness.done(also, "merge", into=nameless["id"])
    await harness.call("POST", f"/api/qa/questions/{rephrased['id']}/claim", "claire", "moderator", {"expected_version": 3, "on": True})
    for voter in ("a", "b", "z"):
        await harness.vote(nameless, voter)
    staged = await harness.done(nameless, "stage")
    await harness.done(staged, "answer")
    await prepared(harness, question="SECRET-poll")
    poll = await opened(harness, kind="words", question="Un mot ?", options=[])
    await answered(harness, poll, "a", "réseau")
    await answered(harness, poll, "z", "injure")
    poll = await done(harness, poll, "flag", word="injure", on=True)
    await done(harness, poll, "show")
    for name, role in (("a", "viewer"), ("h", "hub")):
        await harness.call("PUT", f"/api/qa/sessions/{ROUND_TABLE}/hand", name, role, {})
    await somebody_comes_to_the_table(harness)
    await the_desk_protects_the_session(harness, rephrased)
    await harness.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/notes", "claire", "moderator", {"id": str(uuid.uuid4()), "text": NOTE})
    await ask(harness, "gone", "SECRET-erased")
    await harness.erase("gone")
    await harness.revoke("revoked")
    for name in ("Anne", "z"):  # the same people in another session
        shown = {"Anne": "Anne", "z": ANONYMOUS}[name]
        for of in (ROUND_TABLE, OTHER):
            item = await ask(harness, name, f"Aussi à {of} ?", of, shown=shown, anonymous=name == "z")
            await harness.done(item, "publish")


async def the_desk_protects_the_session(harness: QaHarness, item: Any) -> None:
    """A listed word marks what waits, a person is muted, questions are slowed, the screens go blank and come back."""
    session, calls = f"/api/qa/sessions/{ROUND_TABLE}", harness.call
    for method, path, name, role, body in (
        ("PUT", "/api/qa/flags", "odile", "operator", {"fr": [LISTED], "en": []}),
        ("PUT", f"/api/qa/questions/{item['id']}/mute", MUTING, "moderator", {}),
        ("PUT", f"{session}/slow", MUTING, "moderator", {"seconds": 60}),
        ("PUT", f"{session}/screens", MUTING, "moderator", {"blank": True}),
        ("PUT", f"{session}/screens", MUTING, "moderator", {"blank": False}),
    ):
        status, answer = await calls(method, path, name, role, body)
        assert status in (200, 204), answer
    harness.clock.move(61)
    await ask(harness, "n", f"Quel {LISTED} !")
    status, answer = await calls("PUT", f"{session}/slow", MUTING, "moderator", {"seconds": 0})
    assert status in (200, 204), answer


async def somebody_comes_to_the_table(harness: QaHarness) -> None:
    """They are on air, and both ends of the call say where they are."""
    _, answer = await harness.call("PUT", f"/api/qa/sessions/{ROUND_TABLE}/hand", "s", "viewer", {"anonymous": True})
    _, seat = await harness.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/seats", "claire", "moderator", {"hand": answer["hand"]["id"]})
    steps: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("accept", "s", "viewer", {"voice_only": True, "name": "Solène", "title": "Éleveuse", "consent": CONSENT_VERSION}),
        ("ready", "s", "viewer", {"round_trip_ms": 40}), ("take", "odile", "operator", {}),
    )  # fmt: skip
    for step, name, role, more in steps:
        body = {"expected_version": seat["version"], **more}
        status, seat = await harness.call("POST", f"/api/qa/seats/{seat['id']}/{step}", name, role, body)
        assert status == 200, seat
    for side, name, role in (("seat", "s", "viewer"), ("studio", "odile", "operator")):
        body = {"from": side, "kind": "candidate", "data": f"{CALL} {side}"}
        assert (await harness.call("POST", f"/api/qa/seats/{seat['id']}/signals", name, role, body))[0] == 202
    await harness.call("PUT", f"/api/qa/sessions/{ROUND_TABLE}/studio", "odile", "operator", {"instance": str(uuid.uuid4())})


async def closed(harness: QaHarness, of: str) -> int:
    """The last thing of all: the floor of that session, told to everybody. Its version."""
    _, state = await harness.call("GET", f"/api/qa/sessions/{of}?view=moderator", "claire", "moderator")
    body = {"state": "closed", "expected_version": state["floor"]["version"]}
    status, floor = await harness.call("POST", f"/api/qa/sessions/{of}/floor", "claire", "moderator", body)
    assert status == 200, floor
    return int(state["floor"]["version"]) + 1


async def walked(harness: QaHarness) -> Sent:
    async with AsyncExitStack() as stack:
        ears = Ears(harness, stack)
        keys = {(role, view, of) for role, views in ROLES.items() for view in views for of in (ROUND_TABLE, OTHER)}
        for key in sorted(keys):
            await ears.listen(*key)
        await everything_happens(harness)
        harness.feed.tick()
        places = {key: json.loads(ears.heard[key][1]) for key in keys}
        for role, view, of in sorted(keys):  # who comes late, and who comes back
            await ears.listen(role, view, of)
            snapshot = places[role, view, of]
            await ears.listen(role, view, of, epoch=snapshot["epoch"], seq=snapshot["seq"])
        for of in (ROUND_TABLE, OTHER):
            version = await closed(harness, of)
            await ears.until_all({key for key in keys if key[2] == of}, "floor", version)
        sent = {key: "\n".join(texts) for key, texts in ears.heard.items()}
    for role, views in ROLES.items():
        for view in views:
            for of in (ROUND_TABLE, OTHER):
                sent[role, view, of] += json.dumps(await read(harness, role, view, of), ensure_ascii=False)
    return sent


async def read(harness: QaHarness, role: str, view: str, of: str) -> Any:
    paths = [f"/api/qa/sessions/{of}?view={view}", "/api/qa/sessions"]
    as_role = "viewer" if view == "public" else role
    if (as_role, "moderator") not in DESK:
        paths += [f"/api/qa/sessions/{of}?view=moderator", f"/api/qa/sessions/{of}/polls/results", f"/api/qa/sessions/{of}/questions.csv"]
        paths += [f"/api/qa/sessions/{of}/similar?text=SECRET", f"/api/qa/sessions/{of}/acts", "/api/qa/screens", "/api/qa/flags"]
    return [(await harness.call("GET", path, f"ear-{role}", as_role))[1] for path in paths]


def ids(texts: Iterator[str]) -> set[str]:
    return {found for text in texts for found in ID.findall(text) if not found.isdecimal()}


async def test_nobody_is_sent_what_is_not_for_them(harness: QaHarness) -> None:
    sent = await walked(harness)
    assert "SECRET-waiting" in sent["moderator", "moderator", ROUND_TABLE], "the walk sees what there is to see"
    assert NOTE in sent["chair", "chair", ROUND_TABLE]
    assert all(each in sent["moderator", "moderator", ROUND_TABLE] for each in (LISTED, MUTING, '"muted":{"'))
    assert f"{CALL} seat" in sent["operator", "studio", ROUND_TABLE]
    assert all("Solène" in sent[role, "public", ROUND_TABLE] for role in ("viewer", "room", "hub"))
    for (role, view, of), text in sent.items():
        if (role, view) not in DESK:
            assert set(HIDDEN.findall(text)) == set(), (role, view, of)
            assert '"injure"' not in text, (role, view, of)
            assert LISTED not in text, (role, view, of)
            assert '"muted":{"' not in text, (role, view, of)
        if (role, view) not in TABLE:
            assert NOTE not in text, (role, view, of)
            assert MUTING not in text, (role, view, of)
        if (role, view) not in {*TABLE, ("operator", "studio")}:
            assert '"expires_at"' not in text, f"{role} reads of a seat that is not theirs"
        assert f"{CALL} studio" not in text, "only the person of the seat hears it"
        assert CALL not in text or (role, view, of) == ("operator", "studio", ROUND_TABLE), (role, view, of)
        assert ANONYMOUS not in text, f"{role} reads the name of somebody who asked without it"
        assert "@" not in text
        assert "person-" not in text, f"{role} reads the id of a person"


async def test_nothing_of_a_person_is_the_same_in_two_sessions_but_the_name_they_gave(harness: QaHarness) -> None:
    """Ids of whatever kind: none that somebody reads in one session is read in the other, by anybody."""
    sent = await walked(harness)
    listed = ids(iter([json.dumps(await read(harness, "viewer", "public", of)) for of in (ROUND_TABLE, OTHER)]))
    epochs = ids(json.dumps(json.loads(line)["epoch"]) for text in sent.values() for line in text.split("\n")[:1])
    there = {of: ids(text for key, text in sent.items() if key[2] == of) - epochs for of in (ROUND_TABLE, OTHER)}
    assert all(there.values())
    assert there[ROUND_TABLE] & there[OTHER] - listed == set()


@pytest.mark.parametrize("of", ["nobody", "somebody whose access was withdrawn", "a stranger"])
async def test_without_a_pass_nothing_is_sent_but_why(harness: QaHarness, of: str) -> None:
    token = {"nobody": "", "a stranger": "x"}.get(of, harness.token("withdrawn"))
    if of.startswith("somebody"):
        await harness.revoke("withdrawn")
    async with harness.listener(**{"pass": token}) as stranger:
        frame = await stranger.next()
        assert (frame["op"], frame.keys()) == ("error", {"op", "code", "sentences"})
        assert await stranger.closed() == 4401
    for path in ("", "/polls/results", "/questions.csv"):
        status, problem = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}{path}", token=token)
        assert (status, problem["status"]) == (401, 401)
