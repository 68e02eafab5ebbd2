"""The table through the interface of the qa service and its live feed: who comes to it, how, and what everybody knows of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from typing import Any

import pytest

from services.qa.store import QaStore
from services.qa.table.app import Seats
from services.qa.table.consent import CONSENT_VERSION
from shared.clock import to_text
from shared.events.running_order import SlotRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import EVENT, ROUND_TABLE, QaHarness, open_harness, session

SEATS = f"/api/qa/sessions/{ROUND_TABLE}/seats"
DESK, CHAIR, OPERATOR = ("claire", "moderator"), ("yann", "chair"), ("odile", "operator")
ACCEPTED = {"voice_only": False, "name": "Anne Le Goff", "title": "Maire", "consent": CONSENT_VERSION}


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def hand_of(harness: QaHarness, name: str, role: str = "viewer") -> str:
    status, answer = await harness.call("PUT", f"/api/qa/sessions/{ROUND_TABLE}/hand", name, role, {})
    assert status == 200, answer
    return str(answer["hand"]["id"])


async def invited(harness: QaHarness, name: str = "anne", by: tuple[str, str] = DESK, **more: Any) -> Any:
    body = {"hand": await hand_of(harness, name), **more}
    status, seat = await harness.call("POST", SEATS, *by, body)
    assert status == 201, seat
    return seat


async def step(harness: QaHarness, seat: Any, name: str, by: tuple[str, str] = ("anne", "viewer"), /, **body: Any) -> tuple[int, Any]:
    return await harness.call("POST", f"/api/qa/seats/{seat['id']}/{name}", *by, {"expected_version": seat["version"], **body})


async def done(harness: QaHarness, seat: Any, name: str, by: tuple[str, str] = ("anne", "viewer"), /, **body: Any) -> Any:
    status, answer = await step(harness, seat, name, by, **body)
    assert status == 200, answer
    return answer


async def seated(harness: QaHarness, name: str = "anne", until: str = "on_air", **more: Any) -> Any:
    own = (name, "viewer")
    seat = await done(harness, await invited(harness, name, **more), "accept", own, **ACCEPTED)
    if until != "checking":
        seat = await done(harness, seat, "ready", own, round_trip_ms=84, picture="1280x720")
    return await done(harness, seat, "take", OPERATOR) if until == "on_air" else seat


async def seen(harness: QaHarness, view: str = "public", by: tuple[str, str] = ("anne", "viewer")) -> Any:
    status, state = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view={view}", *by)
    assert status == 200, state
    return state


async def states(harness: QaHarness) -> dict[str, str]:
    """Seat → state, as the desk reads it."""
    return {seat["id"]: seat["state"] for seat in (await seen(harness, "moderator", DESK))["seats"].values()}


async def settle(harness: QaHarness) -> None:
    """What the background task does each second."""
    day = harness.feed.hub._aspects.session  # type: ignore[attr-defined]
    seats = Seats(QaStore(harness.database, EVENT), day, None, harness.announcer)  # type: ignore[arg-type]
    await seats.settle()


async def test_a_raised_hand_is_invited_accepts_tries_the_call_is_taken_and_leaves(harness: QaHarness) -> None:
    seat = await invited(harness)
    assert (seat["state"], seat["kind"], seat["door"], seat["name"]) == ("invited", "guest", "remote", "anne")
    state = await seen(harness)
    assert (state["my_hand"], state["hands"]["count"]) == (None, 0), "an invited hand is lowered"
    assert state["my_seat"]["state"] == "invited"
    seat = await done(harness, seat, "accept", **ACCEPTED)
    assert (seat["state"], seat["name"], seat["title"]) == ("checking", "Anne Le Goff", "Maire")
    seat = await done(harness, seat, "ready", round_trip_ms=84, picture="1280x720")
    assert (await seen(harness))["at_table"] == []
    seat = await done(harness, seat, "take", CHAIR)
    there = {"name": "Anne Le Goff", "title": "Maire", "door": "remote", "kind": "guest", "voice_only": False, "muted": False}
    assert (await seen(harness))["at_table"] == [there]
    seat = await done(harness, seat, "mute", OPERATOR, muted=True)
    assert (await seen(harness, by=("basile", "viewer")))["at_table"] == [{**there, "muted": True}]
    seat = await done(harness, seat, "off_air", OPERATOR)
    seat = await done(harness, seat, "leave")
    assert seat["state"] == "left"
    assert (await seen(harness))["at_table"] == []


async def test_the_author_of_a_question_is_invited_and_their_question_stays_what_it_is(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked(), "publish")
    status, seat = await harness.call("POST", SEATS, *CHAIR, {"question": item["id"]})
    assert (status, seat["question"], seat["hand"]) == (201, item["id"], "")
    assert (await seen(harness))["items"][item["id"]]["status"] == "published"


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"hand": "none"}, (404, "qa.unknown_hand")),
        ({"question": "none"}, (404, "qa.unknown_question")),
        ({}, (422, "qa.seat_reason")),
        ({"hand": "a", "question": "b"}, (422, "qa.seat_reason")),
    ],
)
async def test_whoever_invites_nobody_is_told_so(harness: QaHarness, body: dict[str, str], refusal: tuple[int, str]) -> None:
    status, problem = await harness.call("POST", SEATS, *DESK, body)
    assert (status, problem["code"]) == refusal


async def test_what_waits_invites_nobody_nor_does_a_question_of_the_team(harness: QaHarness) -> None:
    waiting = await harness.asked()
    assert (await harness.call("POST", SEATS, *CHAIR, {"question": waiting["id"]}))[1]["code"] == "qa.unknown_question"
    harness.clock.move(31)
    staff = await harness.done((await harness.ask("claire", "moderator"))[1], "publish")
    assert (await harness.call("POST", SEATS, *DESK, {"question": staff["id"]}))[1]["code"] == "qa.seat_not_for_staff"


async def test_a_person_has_one_seat_that_has_not_ended(harness: QaHarness) -> None:
    seat = await invited(harness)
    again = {"hand": seat["hand"]}
    assert (await harness.call("POST", SEATS, *DESK, again))[1]["code"] == "qa.seat_held"
    await done(harness, seat, "decline")
    assert (await harness.call("POST", SEATS, *DESK, again))[0] == 201


async def test_six_are_at_the_table_and_interpreters_into_sign_language_besides(harness: QaHarness) -> None:
    for place in range(6):
        await seated(harness, f"guest-{place}", "checking")
    late = {"hand": await hand_of(harness, "late")}
    status, problem = await harness.call("POST", SEATS, *DESK, late)
    assert (status, problem["code"]) == (409, "qa.table_full")
    await seated(harness, "signer", "checking", kind="signer")
    seats = (await seen(harness, "moderator", DESK))["seats"].values()
    await done(harness, next(seat for seat in seats if seat["kind"] == "guest"), "remove", DESK)
    assert (await harness.call("POST", SEATS, *DESK, late))[0] == 201


async def test_two_who_sit_down_at_once_never_get_the_last_place_both(harness: QaHarness) -> None:
    for place in range(5):
        await seated(harness, f"guest-{place}", "checking")
    two = [await invited(harness, name) for name in ("anne", "basile")]
    answers = await asyncio.gather(
        *(step(harness, seat, "accept", (name, "viewer"), **ACCEPTED) for seat, name in zip(two, ("anne", "basile"), strict=True))
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    assert {answer.get("code") for _, answer in answers} == {None, "qa.table_full"}


async def test_consent_is_to_the_text_that_is_shown_and_kept_with_its_version(harness: QaHarness) -> None:
    status, text = await harness.call("GET", "/api/qa/consent")
    assert (status, text["version"], sorted(text["sentences"])) == (200, CONSENT_VERSION, ["en", "fr"])
    seat = await invited(harness)
    status, problem = await step(harness, seat, "accept", **{**ACCEPTED, "consent": "another"})
    assert (status, problem["code"], problem["current"]["state"]) == (409, "qa.consent_changed", "invited")
    await done(harness, seat, "accept", **ACCEPTED)
    assert harness.service.export_person is not None
    exported: Any = await harness.service.export_person("person-anne")
    (kept,) = exported["seats"]
    assert kept["consent"] == {"version": CONSENT_VERSION, "at": to_text(harness.clock())}


async def test_a_name_is_needed_at_the_table(harness: QaHarness) -> None:
    status, problem = await step(harness, await invited(harness), "accept", **{**ACCEPTED, "name": "  "})
    assert (status, problem["code"]) == (422, "qa.seat_nameless")


async def test_who_refused_that_pictures_are_published_comes_by_voice(harness: QaHarness) -> None:
    seat = await invited(harness)
    token = harness.token("anne", no_picture=True)
    body = {"expected_version": seat["version"], **ACCEPTED}
    _, seat = await harness.call("POST", f"/api/qa/seats/{seat['id']}/accept", body=body, token=token)
    assert (seat["voice_only"], seat["no_picture"]) == (True, True)


async def test_a_wrong_take_off_air_removal_or_invitation_is_undone(harness: QaHarness) -> None:
    invitation = await invited(harness)
    assert invitation["undo"] == "invite"
    assert (await done(harness, invitation, "undo", DESK))["state"] == "removed"
    assert (await seen(harness))["my_hand"] is not None, "the hand is up again"
    on_air = await seated(harness)
    off = await done(harness, on_air, "off_air", OPERATOR)
    back = await done(harness, off, "undo", CHAIR)
    assert (back["state"], back["undo"]) == ("on_air", "take")
    removed = await done(harness, back, "remove", DESK)
    status, problem = await step(harness, removed, "undo", CHAIR)
    assert (status, problem["code"]) == (403, "access.denied"), "who cannot remove cannot undo it"
    lost = await done(harness, removed, "undo", DESK)
    assert lost["state"] == "lost", "their page has to come back"
    assert (await done(harness, lost, "back", OPERATOR))["state"] == "ready"
    status, problem = await step(harness, await done(harness, {**lost, "version": lost["version"] + 1}, "take", CHAIR), "undo", CHAIR)
    assert status == 200


async def test_a_lost_connection_that_blinks_is_on_air_again_and_a_longer_one_is_ready(harness: QaHarness) -> None:
    seat = await seated(harness)
    lost = await done(harness, seat, "lost", OPERATOR)
    assert (await seen(harness))["at_table"] == []
    harness.clock.move(4.9)
    seat = await done(harness, lost, "back", OPERATOR)
    assert seat["state"] == "on_air"
    lost = await done(harness, seat, "lost", OPERATOR)
    harness.clock.move(5)
    assert (await done(harness, lost, "back", OPERATOR))["state"] == "ready"


async def test_time_ends_invitations_and_lost_seats_and_nothing_else(harness: QaHarness) -> None:
    on_air = await seated(harness, "anne")
    lost = await done(harness, await seated(harness, "basile"), "lost", OPERATOR)
    await invited(harness, "chloe")
    harness.clock.move(29)
    await settle(harness)
    assert set((await states(harness)).values()) == {"on_air", "lost", "invited"}
    harness.clock.move(1)
    await settle(harness)
    status, problem = await step(harness, lost, "back", OPERATOR)
    assert (status, problem["code"], problem["current"]["state"]) == (409, "qa.stale", "left")
    harness.clock.move(90)
    await settle(harness)
    seats = (await seen(harness, "moderator", DESK))["seats"]
    expired = next(seat for seat in seats.values() if seat["state"] == "expired")
    assert seats[on_air["id"]]["state"] == "on_air"
    renewed = await done(harness, expired, "renew", DESK)
    assert renewed["state"] == "invited"
    await done(harness, renewed, "accept", ("chloe", "viewer"), **ACCEPTED)


async def test_an_invitation_that_is_over_cannot_be_accepted_although_nobody_looked_yet(harness: QaHarness) -> None:
    seat = await invited(harness)
    harness.clock.move(120)
    assert (await step(harness, seat, "accept", **ACCEPTED))[1]["code"] == "qa.seat_not_possible"


async def test_seats_end_with_their_session_and_with_one_that_is_removed(harness: QaHarness) -> None:
    await seated(harness)
    await invited(harness, "basile")
    harness.clock.move(1)
    await harness.order(1, SlotRef(ROUND_TABLE, "over", None, to_text(harness.clock())))
    await settle(harness)
    assert set((await states(harness)).values()) == {"left", "expired"}
    await harness.order(2, SlotRef(ROUND_TABLE, "on", None, None))
    await seated(harness)
    await harness.publish(2, session("another"))
    await settle(harness)
    assert await QaStore(harness.database, EVENT).seats.standing() == []


async def test_who_loses_their_access_is_off_the_table_at_once(harness: QaHarness) -> None:
    await seated(harness)
    async with harness.listener("odile", "operator", "studio") as studio:
        await studio.until("snapshot")
        await harness.revoke("anne")
        await harness.pump()
        while (await studio.event("seat"))["data"]["state"] != "removed":
            pass  # what came before


async def test_what_is_known_of_a_person_goes_with_them_and_what_was_done_stays(harness: QaHarness) -> None:
    seat = await seated(harness)
    await harness.erase("anne")
    await harness.pump()
    (kept,) = await harness.database.collection("seats").find({})
    assert "anne" not in str(kept).lower()
    assert CONSENT_VERSION not in str(kept)
    _, history = await harness.call("GET", f"/api/qa/seats/{seat['id']}/history", *DESK)
    assert [entry["step"] for entry in history["entries"]] == ["invite", "accept", "ready", "take", "withdraw"]
    assert harness.service.erase_person is not None
    await harness.service.erase_person("person-claire")
    (kept,) = await harness.database.collection("seats").find({})
    assert "claire" not in str(kept).lower()


async def test_the_history_says_in_words_who_did_what(harness: QaHarness) -> None:
    seat = await done(harness, await seated(harness), "mute", OPERATOR, muted=True)
    status, history = await harness.call("GET", f"/api/qa/seats/{seat['id']}/history", *CHAIR)
    assert status == 200
    assert [(each["step"], each["before"], each["after"], each["by"], each["duty"]) for each in history["entries"]] == [
        ("invite", "", "invited", "claire", "moderator"), ("accept", "invited", "checking", "", "none"),
        ("ready", "checking", "ready", "", "none"), ("take", "ready", "on_air", "odile", "operator"),
        ("mute", "on_air", "on_air", "odile", "operator"),
    ]  # fmt: skip
    assert history["entries"][3]["sentences"]["en"] == "Taken on air"


STEPS: dict[str, dict[str, Any]] = {
    "accept": ACCEPTED, "decline": {}, "ready": {}, "leave": {}, "take": {}, "off_air": {}, "mute": {"muted": True}, "renew": {},
    "remove": {}, "lost": {}, "back": {}, "undo": {},
}  # fmt: skip
MAY: dict[str, Collection[str]] = {
    "anne": {"accept", "decline", "ready", "leave"}, "basile": set(), "moderator": {"renew", "remove", "undo"},
    "chair": {"take", "off_air", "mute", "undo"}, "display": set(), "operator": STEPS.keys() - {"accept", "decline", "ready", "leave"},
}  # fmt: skip


@pytest.mark.parametrize("who", MAY)
async def test_nobody_takes_a_step_that_is_not_theirs(harness: QaHarness, who: str) -> None:
    seat = await invited(harness)
    role = "viewer" if who in ("anne", "basile") else who
    for name, body in STEPS.items():
        status, problem = await step(harness, {**seat, "version": 0}, name, (who, role), **body)
        if name in MAY[who]:
            assert (status, problem["code"]) == (409, "qa.stale"), (who, name)
        else:
            assert (status, problem["code"]) in {(403, "access.denied"), (403, "qa.seat_not_yours")}, (who, name)
    assert (await seen(harness))["my_seat"]["version"] == 1


async def test_a_pass_for_other_sessions_does_nothing_at_this_table(harness: QaHarness) -> None:
    seat = await invited(harness)
    token = harness.token("odile", "operator", sessions=["elsewhere"])
    body = {"expected_version": seat["version"]}
    for method, path in (("POST", "remove"), ("GET", "history"), ("POST", "undo")):
        answer = await harness.call(method, f"/api/qa/seats/{seat['id']}/{path}", body=body if method == "POST" else None, token=token)
        assert answer[1]["code"] == "access.session_not_yours"
    assert (await harness.call("POST", SEATS, body={"hand": seat["hand"]}, token=token))[1]["code"] == "access.session_not_yours"
    studio = f"/api/qa/sessions/{ROUND_TABLE}/studio"
    assert (await harness.call("PUT", studio, body={"instance": INSTANCES[0]}, token=token))[1]["code"] == "access.session_not_yours"


# --- the studio -----------------------------------------------------------------------------------------------------------------------
STUDIO = f"/api/qa/sessions/{ROUND_TABLE}/studio"
INSTANCES = [f"7d0f2c34-6c3f-4a0e-9a53-00000000000{n}" for n in range(3)]


async def hold(harness: QaHarness, instance: int) -> tuple[int, Any]:
    return await harness.call("PUT", STUDIO, *OPERATOR, {"instance": INSTANCES[instance]})


async def test_the_newest_studio_page_speaks_for_the_session_and_the_older_one_is_told(harness: QaHarness) -> None:
    async with harness.listener("odile", "operator", "studio") as page:
        assert (await page.until("snapshot"))["state"]["studio"] is None
        assert (await hold(harness, 0))[0] == 200
        assert (await page.event("studio"))["data"]["instance"] == INSTANCES[0]
        assert (await hold(harness, 1))[0] == 200
        assert (await page.event("studio"))["data"]["instance"] == INSTANCES[1]
        status, problem = await hold(harness, 0)
        assert (status, problem["code"]) == (409, "qa.studio_elsewhere"), "a renewal that comes late takes nothing back"
        await harness.call("DELETE", f"{STUDIO}?instance={INSTANCES[0]}", *OPERATOR)
        assert (await harness.call("DELETE", f"{STUDIO}?instance={INSTANCES[1]}", *OPERATOR))[0] == 204
        assert (await page.event("studio"))["data"] is None


async def test_a_studio_that_says_nothing_for_half_a_minute_is_gone_and_nobody_is_on_air(harness: QaHarness) -> None:
    await hold(harness, 0)
    await seated(harness)
    assert (await seen(harness))["my_seat"]["studio"] is True
    harness.clock.move(29)
    await hold(harness, 0)
    harness.clock.move(29)
    await settle(harness)
    assert len((await seen(harness))["at_table"]) == 1
    harness.clock.move(1)
    await settle(harness)
    state = await seen(harness)
    assert (state["at_table"], state["my_seat"]["state"], state["my_seat"]["studio"]) == ([], "ready", False)


# --- calls ----------------------------------------------------------------------------------------------------------------------------
async def signal(
    harness: QaHarness, seat: Any, side: str, by: tuple[str, str], data: str = "v=0", kind: str = "offer"
) -> tuple[int, Any]:  # fmt: skip
    return await harness.call("POST", f"/api/qa/seats/{seat['id']}/signals", *by, {"from": side, "kind": kind, "data": data})


async def test_what_one_end_says_reaches_the_other_end_only_and_is_kept_nowhere(harness: QaHarness) -> None:
    seat = await seated(harness)
    async with (
        harness.listener("anne") as own,
        harness.listener("basile") as other,
        harness.listener("odile", "operator", "studio") as studio,
        harness.listener("odile", "operator", "moderator") as desk,
    ):
        for page in (own, other, studio, desk):
            await page.until("snapshot")
        assert (await signal(harness, seat, "studio", OPERATOR, "SDP-studio"))[0] == 202
        frame = await own.event("signal")
        assert frame["data"] == {"seat": seat["id"], "from": "studio", "kind": "offer", "data": "SDP-studio", "n": frame["data"]["n"]}
        assert (await signal(harness, seat, "seat", ("anne", "viewer"), "SDP-anne", "answer"))[0] == 202
        answer = await studio.event("signal")
        assert (answer["data"]["data"], answer["data"]["from"]) == ("SDP-anne", "seat")
        assert answer["data"]["n"] > frame["data"]["n"]
        await done(harness, seat, "mute", OPERATOR, muted=True)
        for page in (other, desk):  # the next thing that they hear
            heard = [await page.event("at_table")]
            assert "SDP" not in str(heard)
    assert "SDP" not in str(await seen(harness, "studio", OPERATOR))
    for name in ("seats", "studios"):
        assert "SDP" not in str(await harness.database.collection(name).find({}))


async def test_nobody_speaks_for_an_end_that_is_not_theirs(harness: QaHarness) -> None:
    seat = await seated(harness)
    assert (await signal(harness, seat, "seat", ("basile", "viewer")))[1]["code"] == "qa.seat_not_yours"
    assert (await signal(harness, seat, "seat", OPERATOR))[1]["code"] == "qa.seat_not_yours"
    for role in ("viewer", "moderator", "chair"):
        assert (await signal(harness, seat, "studio", ("anne", role)))[1]["code"] == "access.denied"
    assert (await signal(harness, {"id": "none"}, "studio", OPERATOR))[1]["code"] == "qa.unknown_seat"
    await done(harness, seat, "leave")
    assert (await signal(harness, seat, "seat", ("anne", "viewer")))[1]["code"] == "qa.seat_not_connected"


async def test_signals_are_short_and_few(harness: QaHarness) -> None:
    seat = await seated(harness)
    assert (await signal(harness, seat, "studio", OPERATOR, "\r\n" * 8_192))[0] == 202, "16 kB, however they are written"
    assert (await signal(harness, seat, "studio", OPERATOR, "é" * 8_193))[1]["code"] == "qa.signal_too_long"
    assert (await signal(harness, seat, "studio", OPERATOR, "x" * 16_385))[0] == 422
    assert (await signal(harness, seat, "studio", OPERATOR, "x" * 100_000))[0] == 413
    many = await asyncio.gather(*(signal(harness, seat, "seat", ("anne", "viewer"), kind="candidate") for _ in range(100)))
    statuses = [status for status, _ in many]
    assert 50 <= statuses.count(202) < 100, "one more with every second or so that it takes"
    assert {*statuses} == {202, 429}
    assert (await signal(harness, seat, "studio", OPERATOR))[0] == 202, "the other end is counted for itself"


async def test_ice_is_for_the_studio_and_for_seats(harness: QaHarness) -> None:
    assert (await harness.call("GET", "/api/qa/ice", *OPERATOR))[1] == {"ice_servers": [], "relay_only": False}
    assert (await harness.call("GET", "/api/qa/ice"))[1]["code"] == "qa.no_seat"
    seat = await invited(harness)
    assert (await harness.call("GET", "/api/qa/ice"))[0] == 200
    await done(harness, seat, "decline")
    assert (await harness.call("GET", "/api/qa/ice"))[0] == 403
