"""The HTTP interface of links to the table: parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.qa.calls import answer, caller, id_of, session_of
from services.qa.table import shapes
from services.qa.table.link_app import TableLinks
from shared.service.route import BODY_KEY, RateLimit, Route, Who

MAKING: Final = RateLimit(times=120, seconds=60)
COMING: Final = RateLimit(times=20, seconds=60)
_SESSION: Final = "/api/qa/sessions/{session}"
_SESSION_ERRORS: Final = ("qa.unknown_session", "access.session_not_yours")


def routes(links: TableLinks) -> list[Route]:
    api = _Api(links)
    return [
        Route(
            "POST", f"{_SESSION}/table-links", api.make, "makeTableLink", "A link by which one person comes to the table",
            who=Who.PASS, action="seat.invite", body=shapes.TableLinkBody, answers={201: shapes.NewTableLink}, limit=MAKING,
            errors=(*_SESSION_ERRORS, "qa.seat_nameless", "qa.label_too_long", "qa.text_control", "qa.table_links_full"),
        ),
        Route(
            "GET", f"{_SESSION}/table-links", api.all, "readTableLinks", "Those of a session that lead to its table", who=Who.PASS,
            action="seat.invite", answers={200: shapes.TableLinkList}, limit=MAKING, errors=_SESSION_ERRORS,
        ),
        Route(
            "DELETE", "/api/qa/table-links/{id}", api.revoke, "revokeTableLink", "End a link, and the seat of whoever came by it",
            who=Who.PASS, action="seat.invite", answers={204: None}, limit=MAKING,
            errors=("qa.unknown_table_link", "access.session_not_yours"),
        ),
        Route(
            "POST", f"{_SESSION}/table", api.come, "comeByTableLink", "Come to the table by one's link", who=Who.PASS, action="seat.sit",
            body=shapes.ComeBody, answers={200: shapes.SeatView}, limit=COMING,
            errors=(
                *_SESSION_ERRORS, "qa.unknown_table_link", "qa.table_link_used", "qa.seat_not_for_staff", "qa.seat_held", "qa.table_full",
                "qa.session_removed",
            ),
        ),
    ]  # fmt: skip


class _Api:
    def __init__(self, links: TableLinks) -> None:
        self._links = links

    async def make(self, request: web.Request) -> web.StreamResponse:
        body: shapes.TableLinkBody = request[BODY_KEY]
        return answer(await self._links.make(caller(request), session_of(request), name=body.name, kind=body.kind), 201)

    async def all(self, request: web.Request) -> web.StreamResponse:
        return answer({"links": await self._links.all(caller(request), session_of(request))})

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        await self._links.revoke(caller(request), id_of(request))
        return web.Response(status=204)

    async def come(self, request: web.Request) -> web.StreamResponse:
        body: shapes.ComeBody = request[BODY_KEY]
        return answer(await self._links.come(caller(request), session_of(request), body.token))
