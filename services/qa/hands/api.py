"""The HTTP interface of raised hands: parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.qa.calls import answer, caller, id_of, session_of
from services.qa.hands import shapes
from services.qa.hands.app import Hands
from shared.service.route import BODY_KEY, Handler, RateLimit, Route, Who

RAISING: Final = RateLimit(times=12, seconds=60)
LOWERING: Final = RateLimit(times=300, seconds=60)

_HAND: Final = "/api/qa/hands/{id}"
_OWN: Final = "/api/qa/sessions/{session}/hand"
_SESSION_ERRORS: Final = ("qa.unknown_session", "access.session_not_yours")
_HAND_ERRORS: Final = ("qa.unknown_hand", "qa.stale", "access.session_not_yours")


def routes(hands: Hands) -> list[Route]:
    api = _Api(hands)
    return [
        Route(
            "PUT", _OWN, api.put_up, "raiseHand", "Raise one's hand; again is the same hand", who=Who.PASS, action="hand.raise",
            body=shapes.RaiseBody, answers={200: shapes.OwnHandAnswer}, limit=RAISING,
            errors=(
                *_SESSION_ERRORS, "qa.hand_not_for_staff", "qa.session_removed", "qa.floor_closed", "qa.floor_paused", "qa.hands_full",
                "qa.muted",
            ),
        ),
        Route(
            "DELETE", _OWN, api.take_down, "lowerOwnHand", "Lower one's hand", who=Who.PASS, action="hand.raise",
            answers={200: shapes.OwnHandAnswer}, limit=RAISING, errors=(*_SESSION_ERRORS, "qa.stale"),
        ),
        _one("lower", api.lower, "lowerHand", "Lower somebody's hand"),
        _one(
            "restore", api.restore, "restoreHand", "Put a lowered hand back where it was in the line, for an hour",
            "qa.hand_gone", "qa.hand_up_again", "qa.unknown_session", "qa.session_removed", "qa.floor_closed",
        ),
        Route(
            "POST", "/api/qa/sessions/{session}/hands/lower", api.lower_all, "lowerHands", "Lower every hand of a session", who=Who.PASS,
            action="hand.lower", answers={200: shapes.LoweredAnswer}, limit=LOWERING, errors=_SESSION_ERRORS,
        ),
    ]  # fmt: skip


def _one(step: str, handler: Handler, operation: str, summary: str, *errors: str) -> Route:
    return Route(
        "POST", f"{_HAND}/{step}", handler, operation, summary, who=Who.PASS, action="hand.lower", answers={200: shapes.HandView},
        limit=LOWERING, errors=(*_HAND_ERRORS, *errors),
    )  # fmt: skip


class _Api:
    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def put_up(self, request: web.Request) -> web.StreamResponse:
        body: shapes.RaiseBody = request[BODY_KEY]
        return answer(await self._hands.put_up(caller(request), session_of(request), anonymous=body.anonymous))

    async def take_down(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._hands.take_down(caller(request), session_of(request)))

    async def lower(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._hands.lower(caller(request), id_of(request)))

    async def restore(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._hands.restore(caller(request), id_of(request)))

    async def lower_all(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._hands.lower_all(caller(request), session_of(request)))
