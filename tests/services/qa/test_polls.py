"""Polls through the interface of the qa service: their life, one answer per person, halls, what each audience sees, their end."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.qa.polls.domain import MOST_POLLS
from shared.clock import to_text
from shared.events.running_order import SlotRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, ROUND_TABLE, QaHarness, open_harness, session
from tests.services.qa.polling import OPTIONS, SESSION, answer, answered, by_door, counts, done, opened, prepared, settle, step


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database, run=("votes", "counting")) as harness:
        yield harness


async def test_a_poll_goes_from_its_draft_to_the_archive(harness: QaHarness) -> None:
    poll = await prepared(harness)
    assert (poll["status"], poll["version"], poll["options"][1]) == ("draft", 1, {"id": "2", "text": "La poste"})
    poll = await done(harness, poll, "edit", poll={"kind": "several", "question": "Que faut-il ?", "options": OPTIONS, "most": 2})
    assert (poll["kind"], poll["least"], poll["most"]) == ("several", 1, 2)
    poll = await done(harness, poll, "open")
    poll = await done(harness, poll, "close", in_seconds=30)
    assert poll["status"] == "closing"
    assert poll["closes_at"] > to_text(harness.clock())
    poll = await done(harness, poll, "reopen")
    assert (poll["status"], poll["closes_at"]) == ("open", None)
    poll = await done(harness, poll, "close")
    await settle(harness)
    _, state = await harness.call("GET", f"{SESSION}?view=moderator", "claire", "moderator")
    poll = state["polls"][poll["id"]]
    assert (poll["status"], poll["changed_by"]) == ("closed", "")
    poll = await done(harness, await done(harness, poll, "show"), "hide")
    poll = await done(harness, poll, "archive")
    assert (await done(harness, poll, "restore"))["status"] == "closed"


async def test_a_step_is_decided_on_the_version_that_its_caller_saw(harness: QaHarness) -> None:
    poll = await prepared(harness)
    await done(harness, poll, "open")
    status, problem = await step(harness, poll, "open")
    assert (status, problem["code"], problem["current"]["status"]) == (409, "qa.stale", "open")
    status, problem = await step(harness, problem["current"], "archive")
    assert (status, problem["code"]) == (409, "qa.poll_not_possible")


async def test_the_same_poll_prepared_again_is_the_same_also_when_the_session_has_no_room_for_another(harness: QaHarness) -> None:
    polls = await asyncio.gather(*(prepared(harness) for _ in range(MOST_POLLS)))
    assert await prepared(harness, id=polls[0]["id"]) == polls[0]
    body = {"id": str(uuid.uuid4()), "kind": "single", "question": "Encore ?", "options": OPTIONS}
    assert (await harness.call("POST", f"{SESSION}/polls", "claire", "moderator", body))[1]["code"] == "qa.poll_too_many"
    elsewhere = await harness.call("POST", f"/api/qa/sessions/{CLOSED}/polls", "claire", "moderator", {**body, "id": polls[0]["id"]})
    assert elsewhere[1]["code"] == "qa.id_taken"


async def test_one_poll_of_a_session_takes_answers_at_a_time(harness: QaHarness) -> None:
    first, second = await opened(harness), await prepared(harness)
    status, problem = await step(harness, second, "open")
    assert (status, problem["code"]) == (409, "qa.poll_another_open")
    await done(harness, first, "close")
    await settle(harness)
    await done(harness, second, "open")


async def test_a_person_has_one_answer_however_often_and_from_wherever_it_comes(harness: QaHarness) -> None:
    poll = await opened(harness)
    results = await asyncio.gather(*(answer(harness, poll, "anne", str(n % 3 + 1)) for n in range(9)))
    assert {status for status, _ in results} == {200}
    await answered(harness, poll, "anne", "2")
    await answered(harness, poll, "basile", "2", role="room")
    counted = await counts(harness, poll)
    assert counted["answers"] == by_door(in_room=1, remote=1)
    assert counted["counts"] == {"1": by_door(), "2": by_door(in_room=1, remote=1), "3": by_door()}
    assert await harness.database.collection("poll_answers").count({}) == 2
    _, state = await harness.call("GET", SESSION, "anne")
    assert state["my_answers"][poll["id"]]["choice"] == ["2"]
    _, state = await harness.call("GET", SESSION, "carole")
    assert state["my_answers"] == {}


@pytest.mark.parametrize(
    ("given", "choice", "kept"),
    [
        ({"kind": "several", "options": OPTIONS, "most": 2}, ["3", "1"], ["1", "3"]),
        ({"kind": "ranking", "options": OPTIONS}, ["3", "1", "2"], ["3", "1", "2"]),
        ({"kind": "scale", "options": [], "low_label": "Non", "high_label": "Oui"}, ["5"], ["5"]),
        ({"kind": "words", "options": [], "most": 2}, [" RÉSEAU ! ", "«Écoute»"], ["réseau", "écoute"]),
        ({"kind": "quiz", "options": OPTIONS, "right": 2}, ["1"], ["1"]),
    ],
)
async def test_each_kind_takes_its_answers(harness: QaHarness, given: dict[str, Any], choice: list[str], kept: list[str]) -> None:
    poll = await opened(harness, **given)
    status, mine = await answer(harness, poll, "anne", *choice)
    assert (status, mine["choice"]) == (200, kept)
    for unfit in ([], ["9"], ["1"] * 13) if given["kind"] != "words" else ([], ["!!"], ["a", "b", "c"], ["x" * 41]):
        status, problem = await answer(harness, poll, "anne", *unfit)
        assert (status, problem["code"].removesuffix("unfit")) in ((422, "qa.poll_answer_"), (422, "qa.poll_word_long")), unfit


async def test_an_end_is_announced_and_late_pages_are_waited_for_within_bounds(harness: QaHarness) -> None:
    poll = await done(harness, await opened(harness), "close", in_seconds=10)
    harness.clock.move(12)
    await answered(harness, poll, "anne", "1")
    await answered(harness, poll, "room", "1", role="room")
    harness.clock.move(5)
    assert (await answer(harness, poll, "room", "2", role="room"))[1]["code"] == "qa.poll_closed"
    await answered(harness, poll, "anne", "2")
    harness.clock.move(9)
    assert (await answer(harness, poll, "anne", "3"))[1]["code"] == "qa.poll_closed"
    counted = await counts(harness, poll)
    assert counted["counts"]["1"] == by_door(in_room=1)
    assert counted["counts"]["2"] == by_door(remote=1)


async def test_the_host_of_a_hub_counts_hands_instead_of_answering(harness: QaHarness) -> None:
    poll = await opened(harness)
    await answered(harness, poll, "hub", "1", role="hub")
    path = f"/api/qa/polls/{poll['id']}/hall"
    for hands in ({"1": 3}, {"1": 12, "2": 18}):
        status, mine = await harness.call("PUT", path, "hub", "hub", {"counts": hands, "people": 32})
        assert (status, mine["hall"], mine["choice"]) == (200, hands, [])
    counted = await counts(harness, poll)
    assert (counted["answers"], counted["halls"]) == (by_door(hub=30), 1)
    assert [counted["counts"][key]["hub"] for key in "123"] == [12, 18, 0]
    for body, code in (
        ({"counts": {"1": 20, "2": 20}, "people": 32}, "qa.poll_hall_too_many"),
        ({"counts": {"1": 1}, "people": 501}, "qa.poll_hall_people"),
        ({"counts": {"1": -1}, "people": 5}, "qa.poll_answer_unfit"),
        ({"counts": {"8": 1}, "people": 5}, "qa.poll_answer_unfit"),
    ):
        status, problem = await harness.call("PUT", path, "hub", "hub", body)
        assert (status, problem["code"]) == (422, code)
    status, problem = await harness.call("PUT", path, "anne", "viewer", {"counts": {"1": 1}, "people": 5})
    assert (status, problem["code"]) == (403, "qa.hall_only_hosts")


async def test_nobody_but_moderators_learns_of_drafts_hidden_results_or_the_right_option(harness: QaHarness) -> None:
    draft = await prepared(harness, question="Un brouillon secret")
    poll = await opened(harness, kind="quiz", right=3)
    await answered(harness, poll, "anne", "1")
    await harness.call("GET", f"{SESSION}/polls/results", "claire", "moderator")
    await harness.pump()
    async with harness.listener("anne") as public, harness.listener("ecran", "display", "display") as screen:
        for listener in (public, screen):
            state = (await listener.until("snapshot"))["state"]
            assert draft["id"] not in json.dumps(state)
            assert state["polls"][poll["id"]]["right"] == ""
        await answered(harness, poll, "basile", "2")
        for listener in (public, screen):
            told = (await listener.event("poll_tally"))["data"]
            while told["answers"]["remote"] < 2:
                told = (await listener.event("poll_tally"))["data"]
            assert told["counts"] is None
        poll = await done(harness, poll, "show")
        assert (await public.event("poll_tally"))["data"]["counts"]["2"] == by_door(remote=1)
        poll = await done(harness, poll, "close")
        await settle(harness)
        told = (await public.event("poll"))["data"]
        while told["status"] != "closed":
            assert told["right"] == ""
            told = (await public.event("poll"))["data"]
        assert told["right"] == "3"


async def test_a_flagged_word_is_for_moderators_only(harness: QaHarness) -> None:
    poll = await opened(harness, kind="words", options=[])
    await answered(harness, poll, "anne", "réseau")
    await answered(harness, poll, "basile", "zut")
    poll = await done(harness, await done(harness, poll, "show"), "flag", word="Zut !")
    async with harness.listener("carole") as public:
        state = (await public.until("snapshot"))["state"]
        while state["tallies"].get(poll["id"], {}).get("rev", 0) < 2 and "réseau" not in str(state["tallies"]):
            state["tallies"][poll["id"]] = (await public.event("poll_tally"))["data"]
        assert "zut" not in json.dumps(state)
    assert "zut" in (await counts(harness, poll))["counts"]


async def test_a_poll_that_was_never_opened_is_nobody_s_business_also_in_the_archive(harness: QaHarness) -> None:
    poll = await prepared(harness)
    assert (await answer(harness, poll, "anne", "1"))[1]["code"] == "qa.unknown_poll"
    await done(harness, poll, "archive")
    assert (await answer(harness, poll, "anne", "1"))[1]["code"] == "qa.unknown_poll"


async def test_people_at_work_answer_no_poll(harness: QaHarness) -> None:
    poll = await opened(harness)
    status, problem = await answer(harness, poll, "claire", "1", role="moderator")
    assert (status, problem["code"]) == (403, "qa.poll_not_for_staff")


async def test_what_cannot_be_asked_is_refused_with_the_field(harness: QaHarness) -> None:
    for given, field, code in (
        ({"question": " "}, "question", "qa.poll_empty"),
        ({"options": ["Oui"]}, "options", "qa.poll_options_number"),
        ({"options": ["Oui", "OUI"]}, "options", "qa.poll_options_same"),
        ({"kind": "quiz"}, "right", "qa.poll_right_missing"),
        ({"right": 1}, "right", "qa.poll_right_only_quiz"),
        ({"kind": "several", "least": 3, "most": 2}, "most", "qa.poll_choices_number"),
        ({"kind": "scale", "options": [], "least": 5, "most": 5}, "most", "qa.poll_scale"),
        ({"kind": "scale"}, "options", "qa.poll_no_options"),
        ({"kind": "words", "options": [], "most": 4}, "most", "qa.poll_words_number"),
    ):
        body = {"id": str(uuid.uuid4()), "kind": "single", "question": "Quoi ?", "options": OPTIONS, **given}
        status, problem = await harness.call("POST", f"{SESSION}/polls", "claire", "moderator", body)
        assert (status, problem["code"], problem["fields"][0]["path"]) == (422, code, field), given


async def test_a_poll_of_a_removed_session_closes_and_is_there_for_moderators(harness: QaHarness) -> None:
    poll = await opened(harness)
    await answered(harness, poll, "anne", "1")
    await harness.publish(2, session(CLOSED))
    assert (await answer(harness, poll, "basile", "1"))[1]["code"] == "qa.session_removed"
    await settle(harness, 0)
    _, state = await harness.call("GET", f"{SESSION}?view=moderator", "claire", "moderator")
    assert state["polls"][poll["id"]]["status"] == "closed"
    _, listed = await harness.call("GET", "/api/qa/sessions", "claire", "moderator")
    assert [each["session"] for each in listed["removed"]] == [ROUND_TABLE]
    assert (await step(harness, state["polls"][poll["id"]], "reopen"))[1]["code"] == "qa.session_removed"
    assert (await counts(harness, poll))["answers"] == by_door(remote=1)
    await harness.publish(3, session(CLOSED), session())
    await done(harness, state["polls"][poll["id"]], "reopen")


async def test_a_poll_ends_with_its_session_unless_it_was_opened_later(harness: QaHarness) -> None:
    poll = await opened(harness)
    harness.clock.move(60)
    ended = to_text(harness.clock())
    await harness.order(2, SlotRef(ROUND_TABLE, "over", None, ended, ended))
    await settle(harness, 1)
    _, state = await harness.call("GET", f"{SESSION}?view=moderator", "claire", "moderator")
    assert state["polls"][poll["id"]]["status"] == "closing"
    poll = await done(harness, state["polls"][poll["id"]], "reopen")
    await settle(harness, 1)
    await answered(harness, poll, "anne", "1")


async def test_an_erased_person_s_answers_count_and_are_nobody_s(harness: QaHarness) -> None:
    poll = await opened(harness)
    await answered(harness, poll, "anne", "1")
    assert harness.service.export_person is not None
    kept = (await harness.service.export_person("person-anne"))["polls"]
    assert isinstance(kept, list)
    assert kept[0]["answer"] == ["La fibre"]
    for _ in range(2):
        await harness.erase("anne")
    assert (await harness.service.export_person("person-anne"))["polls"] == []
    assert (await counts(harness, poll))["answers"] == by_door(remote=1)
    (stored,) = await harness.database.collection("poll_answers").find({})
    assert "anne" not in json.dumps(stored, default=str)


async def test_results_leave_as_a_table_that_spreadsheets_take_for_text(harness: QaHarness) -> None:
    poll = await opened(harness, options=["=1+1", "Non"], question="Combien ?")
    await answered(harness, poll, "anne", "1")
    headers = {"Authorization": f"Bearer {harness.token('claire', 'moderator')}"}
    async with harness.http.get(f"{SESSION}/polls/results.csv", headers=headers) as response:
        assert (response.status, response.content_type) == (200, "text/csv")
        rows = list(csv.DictReader(io.StringIO((await response.text()).removeprefix("\ufeff"))))
    assert [(row["text"], row["total"], row["remote"]) for row in rows] == [("'=1+1", "1", "1"), ("Non", "0", "0")]


async def test_a_restarted_service_knows_polls_answers_and_counts(database: MongoDatabase) -> None:
    async with open_harness(database) as first:
        poll = await opened(first)
        await answered(first, poll, "anne", "2")  # and it stops before anything was counted
    async with open_harness(database, run=("votes", "counting", "polls")) as second, second.listener("anne") as anne:
        state = (await anne.until("snapshot"))["state"]
        assert state["my_answers"][poll["id"]]["choice"] == ["2"]
        told = state["tallies"].get(poll["id"]) or (await anne.event("poll_tally"))["data"]
        assert told["answers"] == by_door(remote=1)
