"""A session as it is on a busy day: many published questions, a long one on stage. Asked and decided through the interfaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from tests.support.bus.kit import eventually
from tests.support.people import Person
from tests.support.platform import Running

LONG: Final = (
    "In our mountain villages the fibre ends at the last hamlet, and the works are put off from year to year: what can one say to the "
    "families, the craftsmen and the nurse who have been waiting since 2017, and who really decides about the calendar, the money and "
    "the order in which houses are connected, as of today?"
)
PUBLISHED: Final = 30
OPEN_SECONDS: Final = 20.0
"""Until the questions of a session are told that it has begun, on a busy machine."""


@dataclass
class Load:
    """`listed`: the published questions by id, as last seen here; `staged`: the one on stage, empty while there is none."""

    running: Running
    http: aiohttp.ClientSession
    session: str
    listed: dict[str, dict[str, Any]] = field(default_factory=dict)
    staged: dict[str, Any] = field(default_factory=dict)

    @property
    def moderator(self) -> Person:
        return Person(self.running, self.http, "moderator", door="staff")

    def somebody(self) -> Person:
        return Person(self.running, self.http, "viewer")

    async def fill(self, published: int = PUBLISHED) -> None:
        """Village number n asks; number 0 was the first."""
        await self._opens()
        for number in range(published):
            await self.publish(f"How does village number {number} keep a desk where a human being answers?")
        await self.stage(await self.publish(LONG))

    async def settle(self) -> None:
        """Whatever went before, and wherever it was interrupted: what is published is known here, and the long question is on stage."""
        items = (await self.state())["items"]
        self.listed = {id: item for id, item in items.items() if item["status"] == "published"}
        self.staged = next((item for item in items.values() if item["status"] == "on_stage"), {})
        if self.staged.get("text") != LONG:
            await self.stage(await self.publish(LONG))

    async def _opens(self) -> None:
        async def is_open() -> bool:
            return bool((await self.state()).get("floor", {}).get("state") == "open")

        await eventually(is_open, OPEN_SECONDS)

    async def state(self) -> dict[str, Any]:
        """As moderators see it."""
        return (await self.moderator.insist("GET", f"/api/qa/sessions/{self.session}?view=moderator"))[1]

    async def publish(self, text: str) -> dict[str, Any]:
        item = await self.moderator.move(await self.somebody().ask(text, self.session), "publish")
        self.listed[item["id"]] = item
        return item

    async def stage(self, item: dict[str, Any]) -> None:
        await self.answer()
        self.staged = await self.moderator.move(self.listed.pop(item["id"]), "stage")

    async def answer(self) -> None:
        if self.staged:
            await self.moderator.move(self.staged, "answer")
            self.staged = {}

    async def hide(self, item: dict[str, Any]) -> None:
        await self.moderator.move(self.listed.pop(item["id"]), "hide")

    async def support(self, item: dict[str, Any], times: int) -> None:
        for _ in range(times):
            await self.somebody().vote(item["id"])

    def asked(self, text: str) -> dict[str, Any]:
        return next(item for item in self.listed.values() if text in item["text"])
