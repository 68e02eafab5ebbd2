"""The HTTP interface of the table: parse, call the use case, render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from services.qa.calls import answer, caller, id_of, session_of
from services.qa.table import shapes
from services.qa.table.app import Seats
from services.qa.table.calls import CallPlans
from services.qa.table.consent import CONSENT_KEY, CONSENT_VERSION
from services.qa.table.life import SEAT_STEPS, SeatStep, SeatStepName
from services.qa.table.signals import MOST_A_MINUTE, Signals
from services.qa.table.studios import Studios
from shared.errors import Invalid
from shared.messages.catalogue import Catalogue
from shared.service.route import BODY_KEY, Handler, RateLimit, Route, Who

LEADING: Final = RateLimit(times=300, seconds=60)
SITTING: Final = RateLimit(times=60, seconds=60)
SIGNALLING: Final = RateLimit(times=12 * MOST_A_MINUTE, seconds=60)
"""The studio talks with everybody at the table; each call is counted for itself."""
MOST_SIGNAL_BODY: Final = 65_536
"""As JSON a text may be longer than it is."""

_SEAT: Final = "/api/qa/seats/{id}"
_SESSION: Final = "/api/qa/sessions/{session}"
_SESSION_ERRORS: Final = ("qa.unknown_session", "access.session_not_yours")
_SEAT_ERRORS: Final = ("qa.unknown_seat", "access.session_not_yours")
_STEP_ERRORS: Final = (*_SEAT_ERRORS, "qa.stale", "qa.seat_not_possible")
_OWN_ERRORS: Final[Mapping[SeatStepName, tuple[str, ...]]] = {
    "accept": ("qa.consent_changed", "qa.seat_nameless", "qa.label_too_long", "qa.text_control", "qa.table_full"),
    "renew": ("qa.seat_held",),
}


def routes(seats: Seats, signals: Signals, studios: Studios, calls: CallPlans, messages: Catalogue) -> list[Route]:
    api = _Api(seats, signals, studios, calls, messages)
    return [
        Route(
            "POST", f"{_SESSION}/seats", api.invite, "inviteToTable", "Ask the person of a hand or of a question to the table",
            who=Who.PASS, action="seat.invite", body=shapes.InviteBody, answers={201: shapes.SeatView}, limit=LEADING,
            errors=(
                *_SESSION_ERRORS, "qa.session_removed", "qa.unknown_hand", "qa.hand_gone", "qa.unknown_question", "qa.seat_of_nobody",
                "qa.seat_not_for_staff", "qa.seat_held", "qa.table_full", "qa.seat_reason", "qa.stale",
            ),
        ),
        *(_step(api, step) for step in SEAT_STEPS.values()),
        Route(
            "POST", f"{_SEAT}/undo", api.undo, "undoSeat", "Take the last invitation, take, off air or removal back", who=Who.PASS,
            action="seat.read", body=shapes.SeatStepBody, answers={200: shapes.SeatView}, limit=LEADING,
            errors=(*_SEAT_ERRORS, "qa.stale", "qa.nothing_to_undo", "qa.seat_held", "qa.table_full"),
        ),
        Route(
            "GET", f"{_SEAT}/history", api.history, "readSeatHistory", "What was done with a seat", who=Who.PASS, action="seat.read",
            answers={200: shapes.SeatHistory}, limit=LEADING, errors=_SEAT_ERRORS,
        ),
        *_calls(api),
    ]  # fmt: skip


def _step(api: _Api, step: SeatStep) -> Route:
    limit, own = (SITTING, ("qa.seat_not_yours",)) if step.by == "person" else (LEADING, ())
    operation = "".join(word.title() for word in step.name.split("_")) + "Seat"
    return Route(
        "POST", f"{_SEAT}/{step.name}", api.step(step.name), operation[0].lower() + operation[1:], step.summary, who=Who.PASS,
        action=step.action, body=shapes.SEAT_BODIES.get(step.name, shapes.SeatStepBody), answers={200: shapes.SeatView}, limit=limit,
        errors=(*_STEP_ERRORS, *own, *_OWN_ERRORS.get(step.name, ())),
    )  # fmt: skip


def _calls(api: _Api) -> list[Route]:
    return [
        Route(
            "POST", f"{_SEAT}/signals", api.signal, "sendSignal", "What one end of a call says to the other; kept nowhere", who=Who.PASS,
            action="table.call", body=shapes.SignalBody, answers={202: None}, limit=SIGNALLING, most_bytes=MOST_SIGNAL_BODY,
            errors=(*_SEAT_ERRORS, "qa.seat_not_yours", "qa.seat_not_connected", "qa.signal_too_long", "qa.signals_too_fast"),
        ),
        Route(
            "PUT", f"{_SESSION}/studio", api.hold, "holdStudio",
            "Say that this studio page speaks for the session, for half a minute; the newest page does", who=Who.PASS,
            action="seat.studio", body=shapes.StudioBody, answers={200: shapes.StudioLease}, limit=LEADING,
            errors=(*_SESSION_ERRORS, "qa.studio_elsewhere"),
        ),
        Route(
            "DELETE", f"{_SESSION}/studio", api.give_up, "leaveStudio", "Say that it does no more (`?instance=`)", who=Who.PASS,
            action="seat.studio", answers={204: None}, limit=LEADING, errors=_SESSION_ERRORS,
        ),
        Route(
            "GET", "/api/qa/ice", api.ice, "readIce", "By which servers the two ends of a call find each other; for the studio and seats",
            who=Who.PASS, action="table.call", answers={200: shapes.IceView}, limit=SITTING, errors=("qa.no_seat",),
        ),
        Route(
            "GET", "/api/qa/consent", api.consent, "readConsent", "What one agrees to who comes to the table", who=Who.PASS,
            action="seat.sit", answers={200: shapes.ConsentView}, limit=SITTING,
        ),
    ]  # fmt: skip


class _Api:
    def __init__(self, seats: Seats, signals: Signals, studios: Studios, calls: CallPlans, messages: Catalogue) -> None:
        self._seats, self._signals, self._studios, self._calls, self._messages = seats, signals, studios, calls, messages

    async def invite(self, request: web.Request) -> web.StreamResponse:
        body: shapes.InviteBody = request[BODY_KEY]
        if bool(body.hand) == bool(body.question):
            raise Invalid.about("hand", "qa.seat_reason")
        seat = await self._seats.invite(caller(request), session_of(request), hand=body.hand, question=body.question, kind=body.kind)
        return answer(seat, 201)

    def step(self, name: SeatStepName) -> Handler:
        async def carry_out(request: web.Request) -> web.StreamResponse:
            body: shapes.SeatStepBody = request[BODY_KEY]
            return answer(await self._seats.carry_out(caller(request), id_of(request), name, **body.model_dump()))

        return carry_out

    async def undo(self, request: web.Request) -> web.StreamResponse:
        body: shapes.SeatStepBody = request[BODY_KEY]
        return answer(await self._seats.undo(caller(request), id_of(request), expected_version=body.expected_version))

    async def history(self, request: web.Request) -> web.StreamResponse:
        lines = await self._seats.history(caller(request), id_of(request))
        return answer({"entries": [line | {"sentences": self._messages.sentences(f"table.story.{line['step']}", {})} for line in lines]})

    async def signal(self, request: web.Request) -> web.StreamResponse:
        body: shapes.SignalBody = request[BODY_KEY]
        await self._signals.send(caller(request), id_of(request), body.side, body.kind, body.data)
        return web.Response(status=202)

    async def hold(self, request: web.Request) -> web.StreamResponse:
        body: shapes.StudioBody = request[BODY_KEY]
        return answer(await self._studios.hold(caller(request), session_of(request), body.instance))

    async def give_up(self, request: web.Request) -> web.StreamResponse:
        await self._studios.give_up(caller(request), session_of(request), request.query.get("instance", ""))
        return web.Response(status=204)

    async def ice(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._calls.ice(caller(request)))

    async def consent(self, request: web.Request) -> web.StreamResponse:
        return answer({"version": CONSENT_VERSION, "sentences": self._messages.sentences(CONSENT_KEY, {})})
