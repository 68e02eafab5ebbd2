"""Links to the table through the interface of the qa service: a speaker or an interpreter comes by one whenever they like."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, ROUND_TABLE, QaHarness, open_harness
from tests.services.qa.test_table import ACCEPTED, DESK, OPERATOR, done, seated, seen, states

LINKS = f"/api/qa/sessions/{ROUND_TABLE}/table-links"
TABLE = f"/api/qa/sessions/{ROUND_TABLE}/table"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def link(harness: QaHarness, name: str = "Noor Haddad", **more: str) -> Any:
    status, answer = await harness.call("POST", LINKS, *DESK, {"name": name, **more})
    assert status == 201, answer
    return answer


async def come(harness: QaHarness, link: Any, name: str = "noor", role: str = "viewer", path: str = TABLE) -> tuple[int, Any]:
    return await harness.call("POST", path, name, role, {"token": link["token"]})


async def test_a_speaker_comes_by_their_link_whenever_they_like_and_again_after_leaving(harness: QaHarness) -> None:
    sent = await link(harness)
    status, seat = await come(harness, sent)
    assert (status, seat["state"], seat["name"], seat["kind"]) == (200, "invited", "Noor Haddad", "speaker")
    own = ("noor", "viewer")
    seat = await done(harness, seat, "accept", own, **ACCEPTED)
    assert (await come(harness, sent))[1]["state"] == "checking", "the same seat"
    seat = await done(harness, await done(harness, seat, "ready", own), "take", OPERATOR)
    await done(harness, seat, "leave", own)
    assert (await come(harness, sent))[1]["state"] == "invited"
    (listed,) = (await harness.call("GET", LINKS, *DESK))[1]["links"]
    assert listed == {"id": sent["id"], "name": "Noor Haddad", "kind": "speaker", "used": True}


async def test_an_interpreter_comes_by_a_link_beside_the_six(harness: QaHarness) -> None:
    for place in range(6):
        await seated(harness, f"guest-{place}", "checking")
    assert (await come(harness, await link(harness)))[1]["code"] == "qa.table_full"
    status, seat = await come(harness, await link(harness, kind="signer"), "ivo")
    assert (status, seat["kind"]) == (200, "signer")
    await done(harness, seat, "accept", ("ivo", "viewer"), **ACCEPTED)


async def test_a_link_that_was_passed_on_or_is_another_sessions_seats_nobody(harness: QaHarness) -> None:
    sent = await link(harness)
    assert (await come(harness, sent, path=f"/api/qa/sessions/{CLOSED}/table"))[1]["code"] == "qa.unknown_table_link"
    assert (await come(harness, {"token": "tbl_none"}))[1]["code"] == "qa.unknown_table_link"
    assert (await come(harness, sent, *OPERATOR))[1]["code"] == "qa.seat_not_for_staff"
    assert (await come(harness, sent))[0] == 200
    status, problem = await come(harness, sent, "basile")
    assert (status, problem["code"]) == (409, "qa.table_link_used")


async def test_a_revoked_link_ends_the_seat_at_once_and_leads_nowhere(harness: QaHarness) -> None:
    sent = await link(harness)
    seat = await done(harness, (await come(harness, sent))[1], "accept", ("noor", "viewer"), **ACCEPTED)
    assert (await harness.call("DELETE", f"/api/qa/table-links/{sent['id']}", *DESK))[0] == 204
    assert (await states(harness))[seat["id"]] == "removed"
    assert (await come(harness, sent))[1]["code"] == "qa.unknown_table_link"
    assert (await harness.call("GET", LINKS, *DESK))[1]["links"] == []
    assert (await harness.call("DELETE", f"/api/qa/table-links/{sent['id']}", *DESK))[0] == 204, "harmless to repeat"
    assert (await harness.call("DELETE", "/api/qa/table-links/none", *DESK))[1]["code"] == "qa.unknown_table_link"


async def test_the_audience_and_screens_make_read_and_revoke_no_links(harness: QaHarness) -> None:
    sent = await link(harness)
    for who in (("anne", "viewer"), ("anne", "display")):
        assert (await harness.call("POST", LINKS, *who, {"name": "Anne"}))[1]["code"] == "access.denied"
        assert (await harness.call("GET", LINKS, *who))[1]["code"] == "access.denied"
        assert (await harness.call("DELETE", f"/api/qa/table-links/{sent['id']}", *who))[1]["code"] == "access.denied"
    token = harness.token("odile", "operator", sessions=["elsewhere"])
    answer = await harness.call("DELETE", f"/api/qa/table-links/{sent['id']}", token=token)
    assert answer[1]["code"] == "access.session_not_yours"


async def test_a_link_needs_a_name_its_token_is_kept_nowhere_and_its_person_can_be_forgotten(harness: QaHarness) -> None:
    assert (await harness.call("POST", LINKS, *DESK, {"name": " "}))[1]["code"] == "qa.seat_nameless"
    sent = await link(harness)
    await come(harness, sent)
    (kept,) = await harness.database.collection("table_links").find({})
    assert sent["token"] not in str(kept)
    await harness.erase("noor")
    await harness.pump()
    (kept,) = await harness.database.collection("table_links").find({})
    assert "noor" not in str(kept).lower()
    assert (await come(harness, sent))[1]["code"] == "qa.unknown_table_link"
    assert (await seen(harness, "moderator", DESK))["line"] == {}
