"""What every handler of this service asks of a request, and how it answers: JSON that nobody keeps."""

from __future__ import annotations

from aiohttp import web

from shared.auth.passes import Pass
from shared.http.caching import PRIVATE
from shared.service.route import PASS_KEY


def caller(request: web.Request) -> Pass:
    holder: Pass = request[PASS_KEY]
    return holder


def id_of(request: web.Request) -> str:
    return request.match_info["id"]


def session_of(request: web.Request) -> str:
    return request.match_info["session"]


def answer(value: object, status: int = 200) -> web.Response:
    return web.json_response(value, status=status, headers=PRIVATE)
