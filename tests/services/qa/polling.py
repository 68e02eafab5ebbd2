"""What moderators and people do with polls, through the interface of the qa service."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from tests.services.qa.harness import ROUND_TABLE, QaHarness

SESSION = f"/api/qa/sessions/{ROUND_TABLE}"
OPTIONS = ["La fibre", "La poste", "L’école"]


async def prepared(harness: QaHarness, **more: Any) -> Any:
    body = {"id": str(uuid.uuid4()), "kind": "single", "question": "Que faut-il d’abord ?", "options": OPTIONS, **more}
    status, poll = await harness.call("POST", f"{SESSION}/polls", "claire", "moderator", body)
    assert status == 201, poll
    return poll


async def step(harness: QaHarness, poll: Any, name: str, /, **more: Any) -> tuple[int, Any]:
    body = {"expected_version": poll["version"], **more}
    return await harness.call("POST", f"/api/qa/polls/{poll['id']}/{name}", "claire", "moderator", body)


async def done(harness: QaHarness, poll: Any, name: str, /, **more: Any) -> Any:
    status, changed = await step(harness, poll, name, **more)
    assert status == 200, changed
    return changed


async def opened(harness: QaHarness, **more: Any) -> Any:
    return await done(harness, await prepared(harness, **more), "open")


async def answer(harness: QaHarness, poll: Any, name: str, *choice: str, role: str = "viewer") -> tuple[int, Any]:
    return await harness.call("PUT", f"/api/qa/polls/{poll['id']}/answer", name, role, {"choice": list(choice)})


async def answered(harness: QaHarness, poll: Any, name: str, *choice: str, role: str = "viewer") -> None:
    status, given = await answer(harness, poll, name, *choice, role=role)
    assert status == 200, given


async def counts(harness: QaHarness, poll: Any) -> Any:
    """As moderators read them, counted now."""
    _, found = await harness.call("GET", f"{SESSION}/polls/results", "claire", "moderator")
    return next(each["tally"] for each in found["results"] if each["poll"]["id"] == poll["id"])


def by_door(in_room: int = 0, remote: int = 0, hub: int = 0) -> dict[str, int]:
    return {"in_room": in_room, "remote": remote, "hub": hub}


async def settle(harness: QaHarness, seconds: float = 60) -> None:
    """As if the clock of the service had gone on."""
    harness.clock.move(seconds)
    await asyncio.wait_for(_one_round(harness), 5)


async def _one_round(harness: QaHarness) -> None:
    polls = harness.service.tasks["polls"].__self__  # type: ignore[attr-defined]
    await polls.settle()
    await harness.pump()
