"""Polls that the programme prepares: on the desk before the day, obeyed while nobody touched them, gone when the file drops them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.events.programme import PollRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import ROUND_TABLE, QaHarness, open_harness, session
from tests.services.qa.polling import done, opened

FIRST = PollRef("usage", "single", "Comment venez-vous ?", ("À pied", "En train"), language="fr")
SECOND = PollRef("quiz", "quiz", "Combien de relais ?", ("Un", "Douze", "Mille"), right=2, language="fr")


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def publish(harness: QaHarness, version: int, *polls: PollRef) -> None:
    await harness.publish(version, session(polls=polls))


async def desk(harness: QaHarness) -> list[dict[str, Any]]:
    """What moderators read, in the order of the desk."""
    await harness.pump()
    async with harness.listener("claire", "moderator", "moderator") as listener:
        state = (await listener.until("snapshot"))["state"]
    return sorted(state["polls"].values(), key=lambda poll: poll["position"])


async def asked(harness: QaHarness) -> list[tuple[str, str]]:
    return [(poll["question"], poll["status"]) for poll in await desk(harness) if poll["status"] != "archived"]


async def test_a_poll_of_the_programme_waits_on_the_desk_and_nowhere_else(harness: QaHarness) -> None:
    await publish(harness, 2, FIRST, SECOND)
    mine = await opened(harness)
    first, second, third = await desk(harness)
    assert (first["question"], first["status"], first["origin"]) == ("Comment venez-vous ?", "draft", "programme")
    assert (second["right"], second["language"], third["id"]) == ("2", "fr", mine["id"])
    async with harness.listener() as listener:
        state = (await listener.until("snapshot"))["state"]
    assert list(state["polls"]) == [mine["id"]]
    assert "relais" not in str(state)


async def test_a_new_edition_changes_orders_and_takes_away_what_nobody_touched(harness: QaHarness) -> None:
    await publish(harness, 2, FIRST, SECOND)
    await publish(harness, 3, SECOND, PollRef("usage", "several", "D’où venez-vous ?", ("Ici", "Là")))
    assert await asked(harness) == [("Combien de relais ?", "draft"), ("D’où venez-vous ?", "draft")]
    await publish(harness, 4, SECOND)
    assert await asked(harness) == [("Combien de relais ?", "draft")]
    await publish(harness, 5, FIRST, SECOND)
    assert await asked(harness) == [("Comment venez-vous ?", "draft"), ("Combien de relais ?", "draft")]


async def test_what_a_moderator_touched_outranks_the_file(harness: QaHarness) -> None:
    await publish(harness, 2, FIRST, SECOND)
    first, second = await desk(harness)
    await done(harness, first, "edit", poll={"kind": "single", "question": "À vous ?", "options": ["Oui", "Non"]})
    await done(harness, await done(harness, second, "open"), "close", in_seconds=0)
    await publish(harness, 3, PollRef("usage", "words", "Un mot ?"))
    assert await asked(harness) == [("À vous ?", "draft"), ("Combien de relais ?", "closing")]


async def test_a_poll_that_a_moderator_archived_stays_in_the_archive(harness: QaHarness) -> None:
    await publish(harness, 2, FIRST)
    await done(harness, (await desk(harness))[0], "archive")
    await publish(harness, 3, FIRST, SECOND)
    assert await asked(harness) == [("Combien de relais ?", "draft")]


async def test_the_drafts_of_a_session_that_is_removed_go_with_it_and_come_back_with_it(harness: QaHarness) -> None:
    await publish(harness, 2, FIRST)
    await harness.publish(3, session("other"))
    await harness.publish(4, session("other"), session())
    assert await asked(harness) == []
    await harness.publish(5, session(polls=(FIRST,)))
    assert await asked(harness) == [("Comment venez-vous ?", "draft")]


async def test_the_same_edition_told_twice_changes_nothing(harness: QaHarness) -> None:
    await publish(harness, 2, FIRST)
    before = await desk(harness)
    await publish(harness, 2, FIRST)
    assert await desk(harness) == before
    assert before[0]["id"] == f"{ROUND_TABLE}.usage"


async def test_a_poll_that_cannot_be_asked_keeps_none_of_the_others_back(harness: QaHarness) -> None:
    await publish(harness, 2, PollRef("broken", "single", "Un seul choix ?", ("Oui",)), FIRST)
    assert await asked(harness) == [("Comment venez-vous ?", "draft")]
