"""What the chair of a session may do and read, through the interface of the qa service: the stage, notes with their receipt, whose turn it
would be; and nothing that waits."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.qa.notes import domain
from services.qa.notes.app import ChairNotes
from services.qa.store import QaStore
from shared.clock import to_text
from shared.events.running_order import SlotRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, EVENT, ROUND_TABLE, QaHarness, open_harness

NOTES = f"/api/qa/sessions/{ROUND_TABLE}/notes"
CHAIR = ("yann", "chair")
DESK = ("claire", "moderator")


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def note(harness: QaHarness, by: tuple[str, str], text: str = "Plus que deux questions.") -> Any:
    status, written = await harness.call("POST", NOTES, *by, {"id": str(uuid.uuid4()), "text": text})
    assert status == 201, written
    await harness.pump()
    return written


async def seen_by(harness: QaHarness, view: str, by: tuple[str, str]) -> Any:
    status, state = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view={view}", *by)
    assert status == 200, state
    return state


async def settle(harness: QaHarness) -> None:
    """What the background task does now and then."""
    day = harness.feed.hub._aspects.session  # type: ignore[attr-defined]
    await ChairNotes(QaStore(harness.database, EVENT), day, harness.announcer).settle()
    await harness.pump()


# --- the stage ------------------------------------------------------------------------------------------------------------------------
async def test_the_chair_reads_what_is_published_in_the_order_of_the_shortlist_and_nothing_that_waits(harness: QaHarness) -> None:
    waiting = await harness.asked("anne", text="En attente ?")
    harness.clock.move(31)
    public = await harness.done(await harness.done(await harness.asked("basile", text="Publique ?"), "publish"), "shortlist")
    state = await seen_by(harness, "chair", CHAIR)
    assert list(state["items"]) == [public["id"]]
    assert state["items"][public["id"]]["place"] == public["place"]
    assert not {"author_id", "changed_by", "note", "original", "undo"} & state["items"][public["id"]].keys()
    assert "colleagues" not in state
    await harness.pump()
    async with harness.listener(*CHAIR, "chair") as page:
        snapshot = await page.until("snapshot")
        assert waiting["id"] not in str(snapshot)
        await harness.asked("chloe", text="Encore une ?")
        await harness.done(public, "stage", *CHAIR)
        frame = await page.event("item")
        assert (frame["data"]["id"], frame["data"]["status"]) == (public["id"], "on_stage")


async def test_the_chair_leads_the_stage_and_takes_its_own_steps_back(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    for step in ("cue", "stage", "answer"):
        item = await harness.done(item, step, *CHAIR)
    assert item["status"] == "answered"
    assert "author_id" not in item, "answers to the chair hold what the chair reads"
    item = await harness.done(item, "undo", *CHAIR)
    assert item["status"] == "on_stage"
    item = await harness.done(item, "return", *CHAIR)
    assert item["status"] == "published"


async def test_the_chair_takes_nothing_back_that_moderators_decided(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    status, problem = await harness.command(item, "undo", *CHAIR)
    assert (status, problem["code"]) == (403, "access.denied")
    for step in ("hide", "publish", "erase"):
        assert (await harness.command(item, step, *CHAIR))[0] == 403 or step == "erase"
    status, problem = await harness.command(item, "erase", *CHAIR)
    assert (status, problem["code"]) == (403, "qa.not_yours")


async def test_the_chair_puts_questions_in_order_says_whom_they_are_for_and_promises_answers(harness: QaHarness) -> None:
    one, two = [await harness.done(await harness.asked(name), "publish") for name in ("anne", "basile")]
    one = await harness.done(one, "shortlist", *CHAIR)
    two = await harness.done(two, "shortlist", *CHAIR, after=None)
    assert two["place"] < one["place"]
    one = await harness.done(one, "assign", *CHAIR, theme="Réseaux")
    assert (one["theme"], "draft" in one) == ("Réseaux", False)
    two = await harness.done(two, "unlist", *CHAIR)
    two = await harness.done(two, "undo", *CHAIR)
    assert two["place"], "its own step, taken back"
    due = harness.clock().date().isoformat()
    promised = await harness.done(await harness.done(two, "stage", *CHAIR), "defer", *CHAIR, owner="La Région", due=due)
    written = await harness.done(promised, "write", *CHAIR, text="En mars.")
    assert (written["status"], written["owner"], written["answer"]) == ("deferred", "La Région", "")
    assert (await harness.command(written, "release", *CHAIR))[0] == 403, "a moderator reads it before everybody does"
    assert (await harness.done(written, "release"))["answer"] == "En mars."


async def test_the_chair_does_nothing_with_what_waits(harness: QaHarness) -> None:
    item = await harness.asked("anne", text="En attente ?")
    status, problem = await harness.command(item, "assign", *CHAIR, theme="x")
    assert (status, problem["code"]) == (409, "qa.not_possible")
    assert "En attente" not in str(problem)


async def test_the_chair_sees_hands_with_their_names_and_lowers_them(harness: QaHarness) -> None:
    _, raised = await harness.call("PUT", f"/api/qa/sessions/{ROUND_TABLE}/hand", "anne", body={})
    (hand,) = (await seen_by(harness, "chair", CHAIR))["line"].values()
    assert (hand["id"], hand["name"]) == (raised["hand"]["id"], "anne")
    assert (await harness.call("POST", f"/api/qa/hands/{hand['id']}/lower", *CHAIR))[0] == 200


@pytest.mark.parametrize(("name", "role"), [("anne", "viewer"), ("screen", "display")])
async def test_nobody_else_gets_what_the_chair_reads(harness: QaHarness, name: str, role: str) -> None:
    await note(harness, DESK)
    assert (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=chair", name, role))[0] == 403
    assert "notes" not in await seen_by(harness, "public", (name, role))


# --- notes ----------------------------------------------------------------------------------------------------------------------------
async def test_a_note_goes_to_the_chair_and_its_receipt_comes_back(harness: QaHarness) -> None:
    async with harness.listener(*CHAIR, "chair") as chair, harness.listener(*DESK, "moderator") as desk:
        await chair.until("snapshot")
        await desk.until("snapshot")
        written = await note(harness, DESK)
        assert (await chair.event("note"))["data"] == written
        assert (written["side"], written["name"], written["seen_at"]) == ("desk", "claire", None)
        assert (await desk.event("note"))["data"]["seen_at"] is None
        harness.clock.move(7)
        for _ in range(2):
            status, read = await harness.call("PUT", f"/api/qa/notes/{written['id']}/seen", *CHAIR)
            assert (status, read["seen_at"], read["seen_by"]) == (200, to_text(harness.clock()), "yann")
        await harness.pump()
        assert (await desk.event("note"))["data"]["seen_at"] == to_text(harness.clock())
    status, problem = await harness.call("PUT", f"/api/qa/notes/{written['id']}/seen", *DESK)
    assert (status, problem["code"]) == (403, "qa.note_own_side")


async def test_the_same_note_twice_is_one_and_an_id_belongs_to_its_writer(harness: QaHarness) -> None:
    body = {"id": str(uuid.uuid4()), "text": "Micro du fond."}
    first, second = [await harness.call("POST", NOTES, *CHAIR, body) for _ in range(2)]
    assert first == second
    assert (await harness.call("POST", NOTES, *DESK, body))[1]["code"] == "qa.id_taken"
    assert len((await seen_by(harness, "chair", CHAIR))["notes"]) == 1


@pytest.mark.parametrize(("text", "code"), [("  ", "qa.text_empty"), ("x" * 201, "qa.text_too_long"), ("a\x00b", "qa.text_control")])
async def test_a_note_is_short_and_readable(harness: QaHarness, text: str, code: str) -> None:
    status, problem = await harness.call("POST", NOTES, *DESK, {"id": str(uuid.uuid4()), "text": text})
    assert (status, problem["code"]) == (422, code)


async def test_a_session_has_room_for_so_many_notes(harness: QaHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "MOST_NOTES", 1)
    await note(harness, DESK)
    status, problem = await harness.call("POST", NOTES, *DESK, {"id": str(uuid.uuid4()), "text": "Encore."})
    assert (status, problem["code"]) == (409, "qa.notes_full")


async def test_notes_go_with_their_session(harness: QaHarness) -> None:
    written = await note(harness, DESK)
    await settle(harness)
    assert (await seen_by(harness, "chair", CHAIR))["notes"]
    harness.clock.move(1)
    await harness.order(1, SlotRef(ROUND_TABLE, "over", None, to_text(harness.clock())))
    async with harness.listener(*CHAIR, "chair") as page:
        await page.until("snapshot")
        await settle(harness)
        assert (await page.event("note_gone"))["data"] == {"id": written["id"]}
    (kept,) = await harness.database.collection("notes").find({})
    assert (kept["text"], kept["name"], kept["person"]) == ("", "", "")


async def test_whoever_withdraws_takes_their_notes_along(harness: QaHarness) -> None:
    await note(harness, DESK)
    await harness.erase("claire")
    assert "claire" not in str(await harness.database.collection("notes").find({}))


async def test_a_pass_for_other_sessions_writes_and_sees_none(harness: QaHarness) -> None:
    written = await note(harness, DESK)
    elsewhere = harness.token("yann", "chair", sessions=[CLOSED])
    answers = [
        await harness.call("POST", NOTES, body={"id": str(uuid.uuid4()), "text": "Non."}, token=elsewhere),
        await harness.call("PUT", f"/api/qa/notes/{written['id']}/seen", token=elsewhere),
    ]
    assert [(status, problem["code"]) for status, problem in answers] == [(403, "access.session_not_yours")] * 2


# --- whose turn it would be -----------------------------------------------------------------------------------------------------------
async def test_the_door_that_had_least_is_proposed(harness: QaHarness) -> None:
    async def public(name: str, role: str) -> Any:
        _, item = await harness.ask(name, role, text=f"De {name} ?")
        return await harness.done(item, "publish")

    first, far = await public("anne", "room"), await public("basile", "viewer")
    await public("chloe", "room")
    staged = await harness.done(first, "stage", *CHAIR)
    harness.clock.move(60)
    await harness.done(staged, "answer", *CHAIR)
    await harness.pump()
    harness.feed.tick()
    turn = (await seen_by(harness, "chair", CHAIR))["turn"]
    assert (turn["question"], turn["door"], turn["why"]) == (far["id"], "remote", "behind")
    assert (turn["doors"]["in_room"]["answered"], turn["doors"]["in_room"]["seconds"], turn["doors"]["remote"]["askers"]) == (1, 60, 1)


async def test_a_screen_sees_the_next_one_and_no_other_that_waits_its_turn(harness: QaHarness) -> None:
    chosen = await harness.done(await harness.asked("anne", text="La suivante ?"), "publish")
    harness.clock.move(31)
    await harness.done(await harness.asked("basile", text="Une autre ?"), "publish")
    assert (await seen_by(harness, "display", ("screen", "display")))["items"] == {}
    chosen = await harness.done(chosen, "cue", *CHAIR)
    items = (await seen_by(harness, "display", ("screen", "display")))["items"]
    assert {id: item["status"] for id, item in items.items()} == {chosen["id"]: "published"}
    await harness.done(chosen, "uncue", *CHAIR)
    assert (await seen_by(harness, "display", ("screen", "display")))["items"] == {}
