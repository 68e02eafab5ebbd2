"""The JSON interface of the running order: reading it, deciding, seeing beforehand what would move. Parse, call a use case, render."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from services.registration.limits import CHANGING
from services.registration.programme.app import Publishing
from services.registration.programme.exports.public import order_json
from services.registration.programme.order.app import OrderKeeper
from services.registration.programme.order.commands import MOST_MINUTES, Changed, Decision
from services.registration.programme.order.decisions import Name
from services.registration.programme.running_order import Slot
from shared.auth.passes import Pass
from shared.clock import to_text
from shared.events.vocabulary import Progress
from shared.http.caching import PRIVATE, entity_tag, public, respond
from shared.service.ports import Ports
from shared.service.route import BODY_KEY, PASS_KEY, Body, Route, Who

PATH: Final = "/api/registration/running-order"
ORDER_SECONDS: Final = 2
REFUSALS: Final = (
    "registration.session_unknown",
    *(
        f"registration.order_{reason}"
        for reason in (
            "session_needed", "minutes", "hour", "hour_unknown", "nothing_moves", "already_on", "not_on", "over", "cancelled",
            "not_cancelled", "event_cancelled", "other_day", "nothing_to_undo",
        )
    ),
)  # fmt: skip


class PreviewBody(Body):
    """`session` for everything but undo, `minutes` for slide, `at` for move: `HH:MM` in the zone of the event, or an instant."""

    command: Name
    session: Annotated[str, Field(max_length=64)] | None = None
    minutes: Annotated[int, Field(ge=-MOST_MINUTES, le=MOST_MINUTES)] | None = None
    at: Annotated[str, Field(max_length=40)] | None = None

    def parsed(self) -> Decision:
        return Decision(self.command, self.session, self.minutes, self.at)


class CommandBody(PreviewBody):
    expected_version: Annotated[int, Field(ge=0)]


class PrintedHours(BaseModel):
    starts_at: str | None
    ends_at: str | None


class SlotShown(BaseModel):
    """`starts_at`, `ends_at`: what was or is expected. `late_minutes`: later than printed (negative: earlier)."""

    session: str
    label: str | None
    title: str
    language: str
    kind: str
    stage: str | None
    room: str | None
    date: str | None
    questions: bool
    printed: PrintedHours
    starts_at: str | None
    ends_at: str | None
    progress: Progress
    moved: bool
    by_hand: bool
    decided_at: str | None
    late_minutes: int


class OrderAnswer(BaseModel):
    """`undo`: there is a decision that can be taken back."""

    version: int
    at: str
    timezone: str
    slots: list[SlotShown]
    undo: bool


class ChangeShown(BaseModel):
    """`from` and `to`: the start before and after; the ends and the progress beside them."""

    model_config = ConfigDict(populate_by_name=True)

    session: str
    from_: Annotated[str | None, Field(alias="from")]
    to: str | None
    ends_from: str | None
    ends_to: str | None
    progress_from: Progress
    progress_to: Progress


class PreviewAnswer(BaseModel):
    changes: list[ChangeShown]


class OrderApi:
    """`require_visible` raises NotFound("registration.event_draft") for callers who may not see a draft."""

    def __init__(
        self, ports: Ports, publishing: Publishing, keeper: OrderKeeper, require_visible: Callable[[web.Request], Awaitable[None]]
    ) -> None:
        self._ports = ports
        self._require_visible = require_visible
        self._publishing = publishing
        self._keeper = keeper

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET",
                PATH,
                self.read,
                "readRunningOrder",
                "How the day really goes",
                answers={200: OrderAnswer},
                errors=("registration.event_draft",),
                open=True,
            ),
            Route(
                "POST",
                PATH,
                self.decide,
                "changeRunningOrder",
                "Start, end, slide, move, cancel or restore a session, or undo the last of these",
                who=Who.PASS,
                action="running_order.change",
                body=CommandBody,
                answers={200: OrderAnswer},
                errors=(*REFUSALS, "registration.order_stale"),
                limit=CHANGING,
            ),
            Route(
                "POST",
                f"{PATH}/preview",
                self.preview,
                "previewRunningOrder",
                "What a change would move",
                who=Who.PASS,
                action="running_order.change",
                body=PreviewBody,
                answers={200: PreviewAnswer},
                errors=REFUSALS,
                limit=CHANGING,
            ),
        ]

    async def read(self, request: web.Request) -> web.StreamResponse:
        """The tag is of everything but the moment."""
        await self._require_visible(request)
        found = self._shown()
        tag = entity_tag(json.dumps({**found, "at": None}))
        body = json.dumps(found)
        cache = public(ORDER_SECONDS, draft=self._publishing.is_draft)
        return respond(request, body, media_type="application/json", cache=cache, tag=tag, weak=True)

    async def decide(self, request: web.Request) -> web.StreamResponse:
        body: CommandBody = request[BODY_KEY]
        caller: Pass = request[PASS_KEY]
        await self._keeper.carry_out(body.parsed(), expected_version=body.expected_version, by=caller.name)
        return web.json_response(self._shown(), headers=PRIVATE)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        body: PreviewBody = request[BODY_KEY]
        found = await self._keeper.preview(body.parsed())
        return web.json_response({"changes": [_change(one) for one in found]}, headers=PRIVATE)

    def _shown(self) -> dict[str, Any]:
        now, kept = self._ports.clock(), self._publishing.order
        shown = order_json(self._publishing.running.programme, now, kept.decisions)
        return {"version": kept.version, **shown, "undo": bool(kept.decisions.steps)}


def _change(one: Changed) -> dict[str, str | None]:
    (start, end), (new_start, new_end) = (_texts(slot) for slot in (one.before, one.after))
    return {
        "session": one.after.session,
        "from": start,
        "to": new_start,
        "ends_from": end,
        "ends_to": new_end,
        "progress_from": one.before.progress,
        "progress_to": one.after.progress,
    }


def _texts(slot: Slot) -> tuple[str | None, str | None]:
    start, end = slot.actual
    return to_text(start) if start else None, to_text(end) if end else None
