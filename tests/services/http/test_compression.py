"""Texts go out compressed to whoever takes them so, and stay the same documents."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from shared.http import caching
from shared.http.compression import LEAST_BYTES, compress
from shared.service.route import Handler

LONG = {"words": "la table " * LEAST_BYTES}
Client = TestClient[web.Request, web.Application]


async def document(request: web.Request) -> web.StreamResponse:
    return caching.respond(request, json.dumps(LONG), media_type="application/json", cache="no-cache")


async def short(_: web.Request) -> web.StreamResponse:
    return web.json_response({"words": "la table"})


async def picture(_: web.Request) -> web.StreamResponse:
    return web.Response(body=bytes(LEAST_BYTES * 2), content_type="image/png", headers={"Vary": "Cookie"})


async def page(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<p>" * LEAST_BYTES, content_type="text/html", headers={"Vary": "Cookie"})


@web.middleware
async def edge(request: web.Request, handler: Handler) -> web.StreamResponse:
    response: web.StreamResponse = await handler(request)
    compress(request, response)
    return response


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application(middlewares=[edge])
    for path, handler in (("/long", document), ("/short", short), ("/picture", picture), ("/page", page)):
        app.router.add_get(path, handler)
    async with TestClient(TestServer(app), auto_decompress=False) as client:
        yield client


async def test_a_long_text_is_packed_for_whoever_takes_it(client: Client) -> None:
    response = await client.get("/long", headers={"Accept-Encoding": "br, gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(await response.read())) == LONG
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["ETag"].startswith('W/"')
    again = await client.get("/long", headers={"Accept-Encoding": "gzip", "If-None-Match": response.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0"])
async def test_whoever_does_not_take_it_gets_it_plain(client: Client, accepted: str) -> None:
    response = await client.get("/long", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert json.loads(await response.read()) == LONG
    assert response.headers["Vary"] == "Accept-Encoding", "what is kept on the way is kept for each kind of caller"
    assert response.headers["ETag"].startswith('"')


async def test_what_is_short_or_no_text_stays_as_it_is(client: Client) -> None:
    for path in ("/short", "/picture"):
        response = await client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in response.headers


async def test_what_an_answer_varied_by_before_it_still_varies_by(client: Client) -> None:
    response = await client.get("/page", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Vary"] == "Cookie, Accept-Encoding"
