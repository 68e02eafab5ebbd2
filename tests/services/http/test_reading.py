"""What a reader of public documents may rely on: HEAD, validators, other sites, methods that a path does not take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from openapi_spec_validator import validate

from shared.auth.passes import Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.config import Settings
from shared.http import caching
from shared.http.application import HttpParts, build_application
from shared.http.limits import caller_of
from shared.http.security import own_origins
from shared.interfaces import openapi
from shared.messages.catalogue import load_catalogue
from shared.metrics import new_registry
from shared.service.declaration import Service
from shared.service.route import Route

Client = TestClient[web.Request, web.Application]
TEXT = "BEGIN:VCALENDAR"


async def calendar(request: web.Request) -> web.StreamResponse:
    return caching.respond(request, TEXT, media_type="text/calendar; charset=utf-8", cache=caching.public(30))


async def page(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<p>", content_type="text/html")


SERVICE = Service(
    name="test",
    routes=(
        Route("GET", "/calendar.ics", calendar, "readCalendar", "A calendar", answers={200: "text/calendar"}, open=True),
        Route("GET", "/page", page, "readPage", "A page", internal=True),
        Route("POST", "/page", page, "sendPage", "A form", internal=True),
    ),
)


@pytest.fixture
async def client(aiohttp_client: Callable[..., Awaitable[Client]]) -> Client:
    parts = HttpParts(
        settings=Settings(),
        verifier=Verifier([new_private_key().public_key()], event="e"),
        revocations=Revocations(),
        clock=lambda: datetime(2021, 6, 3, tzinfo=UTC),
        metrics=new_registry(),
        messages=load_catalogue(),
    )
    return await aiohttp_client(build_application([SERVICE], parts))


async def test_head_answers_as_get_without_the_body(client: Client) -> None:
    got, head = await client.get("/calendar.ics"), await client.head("/calendar.ics")
    assert head.status == got.status == 200
    assert await head.read() == b""
    for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control", "Content-Security-Policy"):
        assert head.headers[name] == got.headers[name], name


@pytest.mark.parametrize("given", ['"{tag}"', 'W/"{tag}"', '"other", "{tag}"', "*"])
async def test_who_has_it_already_is_told_so_without_a_body(client: Client, given: str) -> None:
    tag = (await client.get("/calendar.ics")).headers["ETag"].strip('"')
    again = await client.get("/calendar.ics", headers={"If-None-Match": given.replace("{tag}", tag)})
    assert again.status == 304
    assert await again.read() == b""
    assert again.headers["ETag"] == f'"{tag}"'
    assert again.headers["Cache-Control"] == "public, max-age=30"


async def test_another_tag_gets_the_document(client: Client) -> None:
    assert (await client.get("/calendar.ics", headers={"If-None-Match": '"other"'})).status == 200


async def test_other_sites_may_read_what_is_open_and_ask_first(client: Client) -> None:
    got, asked = await client.get("/calendar.ics"), await client.options("/calendar.ics")
    assert got.headers["Access-Control-Allow-Origin"] == asked.headers["Access-Control-Allow-Origin"] == "*"
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Origin" not in (await client.get("/page")).headers


async def test_a_method_that_a_path_does_not_take_is_refused_with_those_it_takes(client: Client) -> None:
    refused = await client.delete("/page")
    assert refused.status == 405
    assert {name.strip() for name in refused.headers["Allow"].split(",")} == {"GET", "HEAD", "POST"}
    assert (await refused.json())["code"] == "request.method_not_allowed"


async def test_no_answer_names_the_software_that_made_it(client: Client) -> None:
    for path in ("/page", "/nowhere", "/live", "/api/test/openapi.json"):
        assert "Server" not in (await client.get(path)).headers, path


def test_the_openapi_document_is_valid() -> None:
    validate(openapi.document(SERVICE))


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1:2:3", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "not an address"),
    ],
)
def test_an_allowance_is_for_an_ipv4_address_or_for_a_whole_ipv6_line(address: str, caller: str) -> None:
    assert caller_of(address) == caller


@pytest.mark.parametrize(
    ("configured", "own"),
    [
        ("https://tablee.example", {"https://tablee.example"}),
        ("http://127.0.0.1:8080", {"http://127.0.0.1:8080", "http://localhost:8080"}),
        ("http://localhost:8080", {"http://127.0.0.1:8080", "http://localhost:8080"}),
        ("http://127.0.0.10:8080", {"http://127.0.0.10:8080"}),
    ],
)
def test_the_platform_is_its_configured_origin_and_a_loopback_address_under_both_names(configured: str, own: set[str]) -> None:
    assert set(own_origins(configured)) == own


async def test_metrics_have_no_created_series(client: Client) -> None:
    await client.get("/page")
    text = await (await client.get("/metrics")).text()
    assert 'tablee_http_requests_total{method="GET",route="/page",status="200"} 1.0' in text
    assert "_created" not in text
