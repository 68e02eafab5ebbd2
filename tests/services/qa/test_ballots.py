"""Votes of a moment are one write, and so are answers to a poll: each one answered right, every person counted once, also over processes
and a kill in the middle."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from services.qa import domain
from services.qa.polls.domain import Definition, PollCommand, carry_out_poll, prepare
from services.qa.question import Actor
from services.qa.store import QaStore
from shared.clock import utc_now
from shared.ids import new_id
from shared.storage.mongo import MongoDatabase, MongoStore
from tests.services.qa.harness import CLOSED, QaHarness, open_harness


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def published(database: MongoDatabase) -> str:
    change = domain.ask(
        id=new_id(), session="s", text="Quand ?", language="fr", anonymous=False, by=Actor("author", "A", "remote"), now=utc_now()
    )
    store = QaStore(database, "event")
    await store.prepare()
    event = change.event.to_envelope(id=new_id(), subject=change.question.id, seq=1, time=utc_now())
    assert await store.insert_questions([(replace(change.question, status="published"), event)]) == [None]
    return change.question.id


async def test_each_of_many_at_once_gets_their_own_answer(harness: QaHarness) -> None:
    public = await harness.done(await harness.asked("anne"), "publish")
    waiting = await harness.asked("basile")
    nowhere = {"id": new_id()}
    await harness.vote(public, "voted")
    asked = [
        (public, "first", "PUT"), (public, "anne", "PUT"), (waiting, "first", "PUT"), (nowhere, "first", "PUT"), (public, "second", "PUT"),
        (public, "second", "PUT"), (public, "voted", "DELETE"), (public, "never", "DELETE"),
    ]  # fmt: skip
    answers = await asyncio.gather(*(harness.vote(item, name, method) for item, name, method in asked))
    told = [(status, answer.get("voted", answer.get("code"))) for status, answer in answers]
    assert told == [
        (200, True), (403, "qa.own_question"), (409, "qa.votes_closed"), (404, "qa.unknown_question"), (200, True), (200, True),
        (200, False), (200, False),
    ]  # fmt: skip
    assert {answer["votes"] for status, answer in answers if status == 200} <= {1, 2, 3}
    assert (await harness.vote(public, "never", "DELETE"))[1] == {
        "id": public["id"], "votes": 2, "by_door": {"remote": 2}, "voted": False, "hands": 0,
    }  # fmt: skip


async def test_each_of_many_questions_asked_at_once_gets_its_own_answer(harness: QaHarness) -> None:
    before = await harness.asked("early")
    same = {"id": new_id()}
    asked = [
        harness.ask("first"), harness.ask("first", text="Une autre ?"), harness.ask("second", **same), harness.ask("second", **same),
        harness.ask("third", **same), harness.ask("early"), harness.ask("early", id=before["id"]), harness.ask("fourth", text=" "),
        harness.call("POST", "/api/qa/sessions/nowhere/questions", "fifth", body={"id": new_id(), "text": "Ici ?", "language": "fr"}),
        harness.call("POST", f"/api/qa/sessions/{CLOSED}/questions", "fifth", body={"id": new_id(), "text": "Ici ?", "language": "fr"}),
    ]  # fmt: skip
    told = [(status, answer.get("code")) for status, answer in await asyncio.gather(*asked)]
    assert sorted(told[:2]) == [(201, None), (429, "qa.too_fast")], "one turn in thirty seconds, also for two at once"
    assert sorted(told[2:5]) == [(201, None), (201, None), (409, "qa.id_taken")], "the same id is the same question, of its author only"
    assert told[5:] == [
        (429, "qa.too_fast"), (201, None), (422, "qa.text_empty"), (404, "qa.unknown_session"), (409, "qa.floor_closed"),
    ]  # fmt: skip
    assert await harness.database.collection("questions").count({}) == 3


async def pressing(what: str, store: MongoStore, url: str, about: str, name: str, count: int) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "tests.support.voters", what, url, store._prefix, about, name, str(count)]
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)


async def acknowledged(child: asyncio.subprocess.Process, most: int) -> Sequence[str]:
    assert child.stdout is not None
    return [line.decode().strip() for _ in range(most) if (line := await child.stdout.readline())]


async def counts(database: MongoDatabase, question: str) -> tuple[int, set[str]]:
    found = await database.collection("questions").get(question)
    ballots = await database.collection("votes").find({"question": question, "on": True}, limit=5000)
    assert found is not None
    assert found["votes_rev"] == found["votes"]
    return found["votes"], {ballot["voter"] for ballot in ballots}


async def opened_poll(database: MongoDatabase) -> str:
    asked = Definition("single", "Quoi ?", ["a", "b", "c"])
    draft = prepare(id=new_id(), session="s", definition=asked, origin="moderator", position=1, by="Claire", now=utc_now()).poll
    change = carry_out_poll(draft, PollCommand("open", draft.version, "Claire", utc_now()))
    store = QaStore(database, "event")
    await store.prepare()
    await store.polls.insert(change.poll, change.event.to_envelope(id=new_id(), subject=draft.id, seq=1, time=utc_now()))
    return draft.id


async def answers(database: MongoDatabase, poll: str) -> tuple[int, set[str], set[int]]:
    """As the store counts them, who gave them, and their revs."""
    _, cells, _ = await QaStore(database, "event").polls.count_answers(poll)
    kept = await database.collection("poll_answers").find({"poll": poll}, limit=5000)
    return sum(cell.number for cell in cells), {each["person"] for each in kept}, {each["rev"] for each in kept}


async def killed_in_the_middle(what: str, store: MongoStore, url: str, about: str) -> set[str]:
    """Two processes press, one of them is killed meanwhile: whose wishes were acknowledged."""
    victim, other = [await pressing(what, store, url, about, name, 600) for name in ("victim", "other")]
    try:
        accepted = list(await acknowledged(victim, 90))
        victim.kill()
        accepted += [*await acknowledged(victim, 600), *await acknowledged(other, 600)]
        await asyncio.gather(victim.wait(), other.wait())
        assert other.returncode == 0
    finally:
        for child in (victim, other):
            if child.returncode is None:
                child.kill()
                await child.wait()
    return set(accepted)


async def test_a_kill_in_the_middle_of_two_voting_processes_leaves_the_count_equal_to_the_ballots(
    store: MongoStore, database: MongoDatabase, mongo_url: str
) -> None:
    question = await published(database)
    accepted = await killed_in_the_middle("vote", store, mongo_url, question)
    votes, voters = await counts(database, question)
    assert votes == len(voters)
    assert accepted <= voters
    assert 600 < votes < 1200, "the victim was to be killed in the middle"


async def test_a_kill_in_the_middle_of_two_answering_processes_loses_no_answer_that_was_acknowledged(
    store: MongoStore, database: MongoDatabase, mongo_url: str
) -> None:
    poll = await opened_poll(database)
    accepted = await killed_in_the_middle("answer", store, mongo_url, poll)
    counted, people, _ = await answers(database, poll)
    assert counted == len(people)
    assert accepted <= people
    assert 600 < counted < 1200, "the victim was to be killed in the middle"


async def both_press(what: str, store: MongoStore, url: str, about: str) -> None:
    """The same 200 people, through two processes at once."""
    children = [await pressing(what, store, url, about, "person", 200) for _ in range(2)]
    assert [len(await acknowledged(child, 200)) for child in children] == [200, 200]
    assert [await child.wait() for child in children] == [0, 0]


async def test_the_same_people_voting_through_two_processes_at_once_are_counted_once(
    store: MongoStore, database: MongoDatabase, mongo_url: str
) -> None:
    question = await published(database)
    await both_press("vote", store, mongo_url, question)
    votes, voters = await counts(database, question)
    assert votes == len(voters) == 200


async def test_the_same_people_answering_through_two_processes_at_once_have_one_answer_of_two_revs(
    store: MongoStore, database: MongoDatabase, mongo_url: str
) -> None:
    poll = await opened_poll(database)
    await both_press("answer", store, mongo_url, poll)
    counted, people, revs = await answers(database, poll)
    assert counted == len(people) == 200
    assert revs == {2}, "each of the two was taken, and the later one knew of the earlier"
