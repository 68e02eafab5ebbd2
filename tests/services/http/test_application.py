"""How the platform answers over HTTP, whatever the service: guards, bodies, problems, headers."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from pydantic import Field

from shared.auth.passes import Signer, Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.config import Settings
from shared.errors import Conflict, NotFound, Unavailable
from shared.http.application import HttpParts, build_application
from shared.messages.catalogue import LOCALES, Catalogue
from shared.metrics import new_registry
from shared.service.declaration import Service
from shared.service.route import BODY_KEY, PASS_KEY, Body, RateLimit, Route, Who
from tests.support.passes import duty_of

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
KEY = new_private_key()
Client = TestClient[web.Request, web.Application]


class Words(Body):
    text: Annotated[str, Field(min_length=1, max_length=10)]
    count: int = 1


async def echo(request: web.Request) -> web.StreamResponse:
    return web.json_response({"text": request[BODY_KEY].text})


async def moderate(request: web.Request) -> web.StreamResponse:
    return web.json_response({"person": request[PASS_KEY].person})


async def conflict(request: web.Request) -> web.StreamResponse:
    raise Conflict("test.stale", current={"id": "1", "version": 3})


async def missing(request: web.Request) -> web.StreamResponse:
    raise NotFound("test.missing")


async def away(request: web.Request) -> web.StreamResponse:
    raise Unavailable("store.unavailable")


async def broken(request: web.Request) -> web.StreamResponse:
    raise RuntimeError("secret-detail")


WORDS = {
    language: {**json.loads((LOCALES / language / "errors.json").read_text("utf-8")), **own}
    for language, own in {
        "fr": {"test.stale": "Quelqu’un a été plus rapide.", "test.missing": "Rien ici."},
        "en": {"test.stale": "Somebody was faster.", "test.missing": "Nothing here."},
    }.items()
}

SERVICE = Service(
    name="test",
    routes=(
        Route("POST", "/api/test/echo", echo, "echo", "Echo", body=Words, most_bytes=200),
        Route("POST", "/api/test/moderate", moderate, "moderate", "Moderate", who=Who.PASS, action="question.moderate"),
        Route("GET", "/api/test/conflict", conflict, "conflict", "Conflict"),
        Route("GET", "/api/test/missing/{id}", missing, "missing", "Missing"),
        Route("GET", "/api/test/away", away, "away", "Away"),
        Route("GET", "/api/test/broken", broken, "broken", "Broken"),
        Route("GET", "/api/test/limited", missing, "limited", "Limited", limit=RateLimit(2, 60)),
    ),
)


def a_pass(role: str = "moderator", *, event: str = "assises-2021", at: datetime = NOW, key: Any = KEY, person: str = "p1") -> str:
    return Signer(key).sign(
        id="j1",
        person=person,
        duty=duty_of(role),
        event=event,
        sessions=("*",),
        door="staff",
        name="Ada",
        language="fr",
        now=at,
    )


@pytest.fixture
def parts() -> HttpParts:
    return HttpParts(
        settings=Settings(),
        verifier=Verifier([KEY.public_key()], event="assises-2021"),
        revocations=Revocations(),
        clock=lambda: NOW,
        metrics=new_registry(),
        messages=Catalogue(WORDS),
    )


@pytest.fixture
async def client(parts: HttpParts, aiohttp_client: Callable[..., Awaitable[Client]]) -> Client:
    return await aiohttp_client(build_application([SERVICE], parts))


async def problem(response: Any) -> dict[str, Any]:
    assert response.content_type == "application/problem+json"
    found: dict[str, Any] = json.loads(await response.text())
    assert found["status"] == response.status
    assert found["detail"] == found["sentences"]["fr"]
    return found


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "request.malformed_json"),
        (b'{"text": NaN}', "application/json", 400, "request.malformed_json"),
        (b"\xff\xfe", "application/json", 400, "request.malformed_json"),
        (b"[" * 190, "application/json", 400, "request.malformed_json"),
        (b'{"text": "first", "text": "second"}', "application/json", 400, "request.duplicate_field"),
        (b"[]", "application/json", 422, "request.invalid"),
        (b'{"text": "a"}', "text/plain", 415, "request.unsupported_media_type"),
        (b'{"text": "' + b"a" * 300 + b'"}', "application/json", 413, "request.too_large"),
    ],
)
async def test_a_body_that_cannot_be_read_gets_its_problem(client: Client, body: bytes, content_type: str, status: int, code: str) -> None:
    response = await client.post("/api/test/echo", data=body, headers={"Content-Type": content_type})
    assert (response.status, (await problem(response))["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "text", "field.missing"),
        ({"text": 1}, "text", "field.type"),
        ({"text": "a", "count": "1"}, "count", "field.type"),
        ({"text": ""}, "text", "field.too_short"),
        ({"text": "a" * 11}, "text", "field.too_long"),
        ({"text": "a", "other": 1}, "other", "field.unknown"),
    ],
)
async def test_a_refused_field_is_named_with_its_code_and_a_sentence(client: Client, body: Any, field: str, code: str) -> None:
    response = await client.post("/api/test/echo", json=body)
    assert response.status == 422
    (found,) = (await problem(response))["fields"]
    assert (found["path"], found["code"]) == (field, code)
    assert found["sentences"]["fr"] != found["sentences"]["en"]


async def test_a_good_body_passes(client: Client) -> None:
    response = await client.post("/api/test/echo", json={"text": "bonjour"})
    assert await response.json() == {"text": "bonjour"}


async def test_a_body_sent_in_pieces_is_measured_too(client: Client) -> None:
    async def pieces() -> Any:
        for _ in range(10):
            yield b"x" * 50

    response = await client.post("/api/test/echo", data=pieces(), headers={"Content-Type": "application/json"})
    assert response.status == 413


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        ("", 401, "access.pass_missing"),
        ("nonsense", 401, "access.pass_invalid"),
        ("x" * 3000, 401, "access.pass_invalid"),
        (a_pass(key=new_private_key()), 401, "access.pass_invalid"),
        (a_pass(event="other"), 401, "access.pass_other_event"),
        (a_pass(at=NOW - timedelta(minutes=11)), 401, "access.pass_expired"),
        (a_pass(at=NOW + timedelta(minutes=1)), 401, "access.pass_invalid"),
        (a_pass("viewer"), 403, "access.denied"),
        (a_pass("display"), 403, "access.denied"),
        (a_pass(), 200, ""),
    ],
)
async def test_a_guarded_endpoint_lets_in_only_a_good_pass_of_the_right_role(client: Client, token: str, status: int, code: str) -> None:
    response = await client.post("/api/test/moderate", headers={"Authorization": f"Bearer {token}"} if token else {})
    assert response.status == status
    if code:
        assert (await problem(response))["code"] == code
    if status == 401:
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_revoked_person_is_out_at_once_although_the_pass_has_not_expired(client: Client, parts: HttpParts) -> None:
    parts.revocations.revoke("p1", NOW)
    response = await client.post("/api/test/moderate", headers={"Authorization": f"Bearer {a_pass()}"})
    assert (await problem(response))["code"] == "access.revoked"


async def test_a_forged_algorithm_is_refused(client: Client) -> None:
    header, body, _ = a_pass().split(".")
    import base64

    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    for token in (f"{none}.{body}.", f"{header}.{body}."):
        response = await client.post("/api/test/moderate", headers={"Authorization": f"Bearer {token}"})
        assert response.status == 401


async def test_a_conflict_brings_the_current_state(client: Client) -> None:
    response = await client.get("/api/test/conflict")
    assert response.status == 409
    assert (await problem(response))["current"] == {"id": "1", "version": 3}


async def test_an_unavailable_dependency_says_when_to_come_back(client: Client) -> None:
    response = await client.get("/api/test/away")
    assert response.status == 503
    assert int(response.headers["Retry-After"]) >= 1


async def test_the_text_of_an_exception_never_leaves(client: Client) -> None:
    response = await client.get("/api/test/broken", headers={"X-Correlation-ID": "abcdefgh-1234"})
    found = await problem(response)
    assert response.status == 500
    assert "secret-detail" not in await response.text()
    assert found["correlation_id"] == response.headers["X-Correlation-ID"]
    assert found["correlation_id"] in found["detail"]


async def test_a_correlation_id_of_the_callers_choosing_stays_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "tablee.http"):
        response = await client.get("/api/test/away", headers={"X-Correlation-ID": "VOTER-DURAND-WAS-HERE"})
    assert "VOTER-DURAND-WAS-HERE" not in response.headers["X-Correlation-ID"] + await response.text()
    assert [record.__dict__.get("caller_id") for record in caplog.records if record.msg == "answered"] == ["VOTER-DURAND-WAS-HERE"]


async def test_a_correlation_id_that_could_do_harm_is_replaced(client: Client) -> None:
    response = await client.get("/api/test/conflict", headers={"X-Correlation-ID": "<script>alert(1)</script>"})
    assert "script" not in response.headers["X-Correlation-ID"]


async def test_what_is_nowhere_and_what_is_not_allowed_are_problems_too(client: Client) -> None:
    assert (await problem(await client.get("/api/nowhere")))["code"] == "request.not_found"
    assert (await problem(await client.delete("/api/test/echo")))["code"] == "request.method_not_allowed"


async def test_english_is_spoken_to_who_asks_for_it(client: Client) -> None:
    for options in ({"params": {"lang": "en"}}, {"headers": {"Accept-Language": "en-GB,fr;q=0.5"}}, {"cookies": {"tablee_lang": "en"}}):
        response = await client.get("/api/test/missing/1", **options)  # type: ignore[arg-type]
        assert (await response.json(content_type=None))["detail"] == "Nothing here."
        client.session.cookie_jar.clear()


async def test_callers_are_slowed_down_after_their_allowance(client: Client) -> None:
    statuses = [(await client.get("/api/test/limited")).status for _ in range(3)]
    assert statuses == [404, 404, 429]


async def test_every_answer_carries_the_security_headers(client: Client) -> None:
    for path in ("/api/test/conflict", "/live", "/api/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


async def test_readiness_asks_every_check_and_tells_which_failed(
    parts: HttpParts, aiohttp_client: Callable[..., Awaitable[Client]]
) -> None:
    async def good() -> None: ...

    async def bad() -> None:
        raise ConnectionError

    service = replace(SERVICE, checks={"good": good, "bad": bad})
    client = await aiohttp_client(build_application([service], parts))
    response = await client.get("/ready")
    assert response.status == 503
    assert (await response.json())["checks"] == {"test.good": True, "test.bad": False, "accepting": True}
    assert (await client.get("/live")).status == 200


async def test_a_check_that_hangs_counts_as_failed(
    parts: HttpParts, aiohttp_client: Callable[..., Awaitable[Client]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("shared.http.health.CHECK_SECONDS", 0.05)
    client = await aiohttp_client(build_application([replace(SERVICE, checks={"slow": hangs})], parts))
    assert (await client.get("/ready")).status == 503


async def test_metrics_name_routes_never_paths(client: Client) -> None:
    await client.get("/api/test/missing/personal-secret")
    text = await (await client.get("/metrics")).text()
    assert 'route="/api/test/missing/{id}"' in text
    assert "personal-secret" not in text


async def test_the_openapi_document_says_what_the_routes_declare(client: Client) -> None:
    document = await (await client.get("/api/test/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    operation = document["paths"]["/api/test/moderate"]["post"]
    assert operation["security"] == [{"pass": []}]
    assert operation["x-capability"] == "question.moderate"
    assert "Words" in document["components"]["schemas"]
    assert document["paths"]["/api/test/missing/{id}"]["get"]["parameters"][0]["name"] == "id"


def test_a_route_that_wants_a_pass_but_names_no_action_is_refused_at_start(parts: HttpParts) -> None:
    service = Service(name="test", routes=(Route("GET", "/x", echo, "x", "X", who=Who.PASS),))
    with pytest.raises(ValueError, match="belong together"):
        build_application([service], parts)
