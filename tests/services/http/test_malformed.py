"""What is no HTTP: bytes on a real socket that the parser refuses."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from shared.auth.passes import Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.config import Settings
from shared.http.application import HttpParts, build_application, build_runner
from shared.http.connection import LOG_EVERY_SECONDS, MalformedRequests
from shared.messages.catalogue import load_catalogue
from shared.metrics import new_registry, render
from shared.service.declaration import Service
from shared.service.route import BODY_KEY, Body, Route


class Words(Body):
    text: str


async def echo(request: web.Request) -> web.StreamResponse:
    return web.json_response({"text": request[BODY_KEY].text})


SERVICE = Service(name="test", routes=(Route("POST", "/api/test/echo", echo, "echo", "Echo", body=Words),))


@pytest.fixture
def metrics() -> CollectorRegistry:
    return new_registry()


@pytest.fixture
async def port(metrics: CollectorRegistry) -> AsyncIterator[int]:
    parts = HttpParts(
        settings=Settings(public_url="https://tablee.example"),
        verifier=Verifier([new_private_key().public_key()], event="e"),
        revocations=Revocations(),
        clock=lambda: datetime(2021, 6, 3, tzinfo=UTC),
        metrics=metrics,
        messages=load_catalogue(),
    )
    runner = build_runner(parts, build_application([SERVICE], parts), access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def sent(port: int, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (lower case) and body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    got = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, body


MALFORMED = (
    b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
)


@pytest.mark.parametrize("raw", MALFORMED, ids=["tls", "version", "nul", "header", "long"])
async def test_a_malformed_request_gets_a_problem_with_every_header_and_nothing_of_our_insides(port: int, raw: bytes) -> None:
    status, headers, body = await sent(port, raw)
    assert status == 400
    assert headers["content-type"].startswith("application/problem+json")
    assert json.loads(body)["code"] == "request.refused"
    assert "server" not in headers
    for name in ("content-security-policy", "x-content-type-options", "strict-transport-security", "x-correlation-id"):
        assert name in headers
    assert b"aiohttp" not in body.lower()


async def test_a_content_coding_that_is_not_supported_is_415(port: int) -> None:
    body = b'{"text": "a"}'
    head = (
        b"POST /api/test/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
        b"Content-Encoding: zstd\r\nContent-Length: %d\r\n\r\n"
    )
    status, headers, answer = await sent(port, head % len(body) + body)
    assert (status, json.loads(answer)["code"]) == (415, "request.unsupported_coding")
    assert "server" not in headers


async def test_a_hundred_malformed_requests_are_one_line_without_a_trace_and_all_are_counted(
    port: int, metrics: CollectorRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for _ in range(100):
            await sent(port, MALFORMED[3])
    noise = [record for record in caplog.records if record.name.startswith(("tablee", "aiohttp"))]
    assert [record.levelname for record in noise] == ["INFO"]
    assert noise[0].exc_info is None
    assert b"tablee_http_malformed_requests_total 100.0" in render(metrics)


def test_the_line_says_how_many_requests_it_stands_for(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    noted = MalformedRequests(lambda: None, lambda: now[0])
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            noted.note("192.0.2.1", 400)
        now[0] = LOG_EVERY_SECONDS
        noted.note("192.0.2.2", 400)
    assert [record.__dict__["requests"] for record in caplog.records] == [1, 5]
