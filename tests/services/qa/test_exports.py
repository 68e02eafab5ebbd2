"""The questions of a session as files: whose, which, by whom."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from services.qa.exports import app
from shared.clock import to_text
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, ROUND_TABLE, QaHarness, open_harness

PATH = f"/api/qa/sessions/{ROUND_TABLE}/questions"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def table(harness: QaHarness, path: str) -> list[dict[str, str]]:
    status, text = await harness.call("GET", path, "claire", "moderator")
    assert status == 200, text
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


async def answer_in_writing(harness: QaHarness, item: Any) -> Any:
    written = await harness.done(item, "write", text="En 2022.")
    return await harness.done(written, "release", "dora")


async def test_an_export_says_what_became_of_each_question_and_who_supported_it(
    harness: QaHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "PIECE", 2)  # so that a few questions are several pieces
    answered = await harness.done(await harness.asked("anne", text="=1+1 ?"), "publish")
    for name, role in (("bea", "room"), ("cleo", "room"), ("hall", "hub"), ("eve", "viewer")):
        assert (await harness.vote(answered, name, role=role))[0] == 200
    await harness.vote(answered, "eve", "DELETE")
    await answer_in_writing(harness, answered)
    harness.clock.move(1)
    await harness.done(await harness.asked("bea", text="Trop long ?", anonymous=True), "decline", reason="no_time", note="Désolée.")
    harness.clock.move(1)
    promised = await harness.done(await harness.asked("cleo", text="Et nous ?"), "publish")
    await harness.done(promised, "defer", owner="La Région", due=harness.clock().date().isoformat())
    first, second, third = await table(harness, f"{PATH}.csv")
    assert (first["text"], first["state"], first["answer"]) == ("'=1+1 ?", "answered", "En 2022.")
    assert [first[f"votes{door}"] for door in ("", "_in_room", "_remote", "_hub")] == ["3", "2", "0", "1"]
    assert (second["state"], second["reason"], second["note"]) == ("declined", "no_time", "Désolée.")
    assert (third["state"], third["owner"]) == ("deferred", "La Région")
    assert "asked_by" not in first
    named = await table(harness, f"{PATH}.csv?names=yes")
    assert [line["asked_by"] for line in named] == ["anne", "", "cleo"]


async def test_votes_that_follow_a_merged_question_keep_their_door(harness: QaHarness) -> None:
    kept = await harness.done(await harness.asked("anne", text="Quand ?"), "publish")
    harness.clock.move(1)
    other = await harness.done(await harness.asked("bea", text="Quand donc ?"), "publish")
    await harness.vote(other, "hall", role="hub")
    await harness.done(other, "merge", into=kept["id"])
    first, _ = await table(harness, f"{PATH}.csv")
    assert (first["votes"], first["votes_hub"]) == ("1", "1")


async def test_every_format_of_one_session_or_of_all(harness: QaHarness) -> None:
    await harness.asked("anne")
    status, whole = await harness.call("GET", "/api/qa/questions.json", "claire", "operator")
    assert (status, [each["session"] for each in whole["rows"]]) == (200, [ROUND_TABLE])
    path = f"/api/qa/sessions/{CLOSED}/questions.json"
    assert (await harness.call("GET", path, "claire", "operator"))[1]["rows"] == []
    headers = {"Authorization": f"Bearer {harness.token('claire', 'moderator')}"}
    async with harness.http.get(f"{PATH}.xlsx", headers=headers) as response:
        assert response.headers["Content-Disposition"] == f'attachment; filename="questions-{ROUND_TABLE}.xlsx"'
        assert response.headers["Cache-Control"] == "no-store"
        sheet = openpyxl.load_workbook(io.BytesIO(await response.read())).active
    assert sheet is not None
    assert sheet["D2"].value == "Quand la fibre ?"


@pytest.mark.parametrize("path", [f"{PATH}.csv", f"{PATH}.json", f"{PATH}.xlsx", "/api/qa/questions.csv"])
@pytest.mark.parametrize("role", ["viewer", "room", "hub", "display"])
async def test_who_does_not_moderate_takes_nothing_along(harness: QaHarness, path: str, role: str) -> None:
    assert (await harness.call("GET", path, "x", role))[0] == 403


async def test_a_pass_for_some_sessions_exports_those(harness: QaHarness) -> None:
    await harness.asked("anne")
    token = harness.token("claire", "moderator", sessions=[CLOSED])
    assert (await harness.call("GET", f"{PATH}.csv", token=token))[1]["code"] == "access.session_not_yours"
    assert (await harness.call("GET", "/api/qa/questions.json", token=token))[1]["rows"] == []
    assert (await harness.call("GET", "/api/qa/sessions/nowhere/questions.csv", "claire", "moderator"))[0] == 404


async def test_a_question_says_which_moment_of_the_picture_its_author_saw(harness: QaHarness) -> None:
    """To moderators and in exports; a clock that is wrong says nothing that cannot be."""
    now = harness.clock()
    told = {"late": now - timedelta(seconds=7), "fast": now + timedelta(minutes=3), "yesterday": now - timedelta(days=1), "room": None}
    for name, at in told.items():
        status, item = await harness.ask(name, text=f"Et {name} ?", watched_at=None if at is None else to_text(at))
        assert (status, "watched_at" in item) == (201, False)
    seen = {line["text"]: line["watched_at"] for line in await table(harness, f"{PATH}.csv")}
    assert seen == {"Et late ?": to_text(told["late"]), "Et fast ?": to_text(now), "Et yesterday ?": "", "Et room ?": ""}  # type: ignore[arg-type]
    _, state = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator")
    assert to_text(now) in [item["watched_at"] for item in state["items"].values()]
    first = next(item for item in state["items"].values() if item["text"] == "Et late ?")
    shown = await harness.done(await harness.done(first, "publish", text="Et en retard ?"), "undo")
    assert shown["watched_at"] == to_text(told["late"])  # type: ignore[arg-type]
