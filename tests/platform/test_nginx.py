"""nginx in front of the platform, with the configuration of deploy/, while services start again: nobody gets nginx's own page."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from shared.errors import Unavailable
from shared.http import problem
from tests.conftest import missing
from tests.support.messages import MESSAGES
from tests.support.nginx import NginxServer
from tests.support.paths import WEB
from tests.support.platform import Running, embedded
from tests.support.ports import free_port
from tests.support.servers import Missing

NAMES: Final = ("registration:8080", "streaming:8080", "qa:8080", "qa:8081")
RESOLVER: Final = "127.0.0.11 "
NAME_SECONDS: Final = 10.0
"""More than nginx waits for a name, much less than a person waits for a page."""
CALLS: Final = (
    ("GET", "/api/registration/programme"),
    ("POST", "/api/registration/registrations"),
    ("PUT", "/api/qa/questions/q/vote"),
    ("GET", "/api/qa/sessions/table-ronde-2"),
    ("GET", "/api/streaming/stages"),
    ("GET", "/api/unknown"),
    ("GET", "/hls/grande-salle/index.m3u8?_HLS_msn=4"),
    ("GET", "/feed"),
)
PAGES: Final = (("GET", "/"), ("GET", "/l/a-personal-link"), ("POST", "/inscription"))


@contextmanager
def nginx_before(folder: Path, addresses: Mapping[str, str]) -> Iterator[NginxServer]:
    folder.mkdir(exist_ok=True)
    try:
        nginx = NginxServer(folder, addresses)
    except Missing as error:
        missing(str(error))
    try:
        nginx.start()
        yield nginx
    finally:
        nginx.stop()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NginxServer]:
    """nginx, and nobody behind it."""
    with nginx_before(tmp_path_factory.mktemp("nginx"), {name: f"127.0.0.1:{free_port()}" for name in NAMES}) as nginx:
        yield nginx


def _is_our_problem(response: aiohttp.ClientResponse, text: str) -> None:
    assert response.status == 503
    assert response.content_type == problem.MEDIA_TYPE
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    found: dict[str, Any] = json.loads(text)
    assert response.headers["Retry-After"] == f"{found['retry_after']:.0f}"
    assert re.fullmatch("[0-9a-f]{32}", found["correlation_id"])
    assert response.headers["X-Correlation-ID"] == found["correlation_id"]
    said = problem.document(Unavailable("service.unavailable", retry_after=found["retry_after"]), 503, "fr", MESSAGES)
    assert {**found, "correlation_id": said["correlation_id"]} == said


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_a_program_gets_a_problem_document_and_when_to_ask_again(
    alone: NginxServer, http: aiohttp.ClientSession, method: str, path: str
) -> None:
    body = {"id": "x", "text": "…" * 2000} if method != "GET" else None
    async with http.request(method, alone.origin + path, json=body) as response:
        _is_our_problem(response, await response.text())
        await alone.logs(response.headers["X-Correlation-ID"])


async def test_a_page_of_ours_opens_its_feed_again_after_the_problem(alone: NginxServer, http: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await http.ws_connect(f"{alone.origin}/feed")
    assert caught.value.status == 503


@pytest.mark.parametrize(("method", "path"), PAGES)
async def test_a_person_gets_a_page_that_says_so_in_every_language(
    alone: NginxServer, http: aiohttp.ClientSession, method: str, path: str
) -> None:
    async with http.request(method, alone.origin + path, data={"email": "a@example.org"} if method == "POST" else None) as response:
        text = await response.text()
        assert response.status == 503
        assert (response.content_type, response.charset) == ("text/html", "utf-8")
        assert int(response.headers["Retry-After"]) > 0
        assert response.headers["Cache-Control"] == "no-store"
        assert "style-src 'self'" in response.headers["Content-Security-Policy"]
    for language in MESSAGES.languages:
        assert f'lang="{language}"' in text
        assert MESSAGES.text(language, "unavailable.title") in text
        assert MESSAGES.text(language, "unavailable.again") in text


async def test_no_log_has_a_personal_link_or_the_key_of_a_watch_link(alone: NginxServer, http: aiohttp.ClientSession) -> None:
    for path in ("/l/a-personal-link", "/hls/k/0-a-key/grande-salle/index.m3u8?_HLS_msn=4"):
        async with http.get(alone.origin + path) as response:
            assert response.status == 503
    await alone.logs('"/l/…" 503')
    await alone.logs('"/hls/k/…/grande-salle/index.m3u8" 503')
    assert "a-personal-link" not in alone.log
    assert "0-a-key" not in alone.log


async def test_that_page_brings_its_styles_and_its_icon(alone: NginxServer, http: aiohttp.ClientSession) -> None:
    async with http.get(alone.origin) as response:
        paths = re.findall(r'href="/unavailable/([^"]+)"', await response.text())
    assert paths
    for name in paths:
        folder, kind = ("css", "text/css") if name.endswith(".css") else ("icons", "image/svg+xml")
        async with http.get(f"{alone.origin}/unavailable/{name}") as response:
            assert (response.status, response.content_type) == (200, kind)
            assert await response.text() == (WEB / folder / name).read_text("utf-8")


async def test_head_is_answered_without_a_body(alone: NginxServer, http: aiohttp.ClientSession) -> None:
    for path, kind in (("/", "text/html"), ("/api/qa/x", problem.MEDIA_TYPE)):
        async with http.head(alone.origin + path) as response:
            assert (response.status, response.content_type, await response.read()) == (503, kind, b"")
            assert "Retry-After" in response.headers


async def test_a_service_whose_name_is_gone_is_not_waited_for(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    """A container that starts again has no name for a moment."""
    with nginx_before(tmp_path, {RESOLVER: f"127.0.0.1:{free_port()} "}) as nginx:
        async with asyncio.timeout(NAME_SECONDS), http.get(f"{nginx.origin}/api/qa/x") as response:
            _is_our_problem(response, await response.text())


async def test_what_a_service_says_passes_before_and_after_it_starts_again(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    running = embedded(tmp_path / "platform", TABLEE_FEED_URL="/feed", TABLEE_TRUSTED_PROXIES="1")
    addresses = {name: f"127.0.0.1:{running.feed_port if name == 'qa:8081' else running.ports['qa']}" for name in NAMES}
    with nginx_before(tmp_path / "nginx", addresses) as nginx:
        try:
            await running.start()
            await _says_its_own(running, nginx, http)
            await running.processes["all"].kill()
            async with http.get(f"{nginx.origin}/api/qa/sessions/table-ronde-2") as response:
                _is_our_problem(response, await response.text())
            await running.start()
            await _says_its_own(running, nginx, http)
        finally:
            await running.processes["all"].end()


async def _says_its_own(running: Running, nginx: NginxServer, http: aiohttp.ClientSession) -> None:
    async with http.get(nginx.origin) as response:
        assert response.status == 200
        assert MESSAGES.text("fr", "unavailable.title") not in await response.text()
    async with http.get(f"{nginx.origin}/api/registration/me") as response:
        assert (response.status, response.content_type) == (401, problem.MEDIA_TYPE)
        assert (await response.json(content_type=None))["code"] == "registration.no_session"
