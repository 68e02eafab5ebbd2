"""The HTTP interface of reactions: parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.qa import shapes
from services.qa.calls import caller, session_of
from services.qa.reacting import Reacting
from shared.http.caching import PRIVATE
from shared.service.route import BODY_KEY, RateLimit, Route, Who

REACTING: Final = RateLimit(times=8, seconds=8)
"""Of one person: one a second, and now and then some together."""


def routes(reacting: Reacting) -> list[Route]:
    async def react(request: web.Request) -> web.StreamResponse:
        body: shapes.ReactionBody = request[BODY_KEY]
        reacting.react(caller(request), session_of(request), body.kind)
        return web.Response(status=204, headers=PRIVATE)

    return [
        Route(
            "POST", "/api/qa/sessions/{session}/reactions", react, "react", "Show a reaction; it is counted for a few seconds, for nobody",
            who=Who.PASS, action="reaction.show", body=shapes.ReactionBody, answers={204: None}, limit=REACTING, crowd=True,
            errors=("qa.unknown_session", "qa.session_removed", "qa.muted", "access.session_not_yours"),
        ),
    ]  # fmt: skip
