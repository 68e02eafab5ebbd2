"""Every endpoint that says who may, tried by everybody who may not: read from the documents the platform itself serves."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from shared.auth.capabilities import CAPABILITIES, DUTIES
from tests.support.platform import Running, embedded

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNGUARDED = {
    ("post", "/api/registration/registrations"),
    ("post", "/api/registration/links"),
    ("post", "/l/{token}"),
    ("post", "/inscription"),
    ("post", "/link"),
    ("post", "/code"),
    ("post", "/whip/{stage}"),
    ("delete", "/whip/{stage}/{session}"),
}
"""What strangers may change, each with a rate limit: registering, asking for one's link, entering by it or by the code
of a hall; sending to a stage with its key, and ending that by an address that nobody can guess."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def one_process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One platform for these tests: whoever may not changes nothing."""
    async with embedded(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session:
        yield session


@pytest_asyncio.fixture(loop_scope="module")
async def operations(one_process: Running, http: aiohttp.ClientSession) -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for service in ("registration", "streaming", "qa"):
        async with http.get(f"{one_process.base}/api/{service}/openapi.json") as response:
            paths = (await response.json())["paths"]
        found += [(method, path, operation) for path, methods in paths.items() for method, operation in methods.items()]
    return found


async def test_whoever_may_not_is_refused_everywhere(
    one_process: Running, http: aiohttp.ClientSession, operations: list[tuple[str, str, dict[str, Any]]]
) -> None:
    tried = 0
    for method, path, operation in operations:
        if operation["security"] != [{"pass": []}]:
            continue
        address = one_process.base + re.sub(r"\{\w+\}", "table-ronde-1", path)
        async with http.request(method, address, json={}) as response:
            assert response.status == 401, (method, path)
        for role in set(DUTIES) - CAPABILITIES[operation["x-capability"]]:
            headers = {"Authorization": f"Bearer {one_process.sign(role)}"}
            async with http.request(method, address, json={}, headers=headers) as response:
                problem = await response.json(content_type=None)
                assert (response.status, problem["code"]) == (403, "access.denied"), (method, path, role)
            tried += 1
    assert tried > 20


async def test_a_write_by_cookie_is_refused_to_strangers_and_to_other_sites(
    one_process: Running, http: aiohttp.ClientSession, operations: list[tuple[str, str, dict[str, Any]]]
) -> None:
    writes = [(method, path) for method, path, operation in operations if operation["security"] == [{"session": []}] and method != "get"]
    assert writes
    for method, path in writes:
        async with http.request(method, one_process.base + path, json={}, headers={"Origin": "https://elsewhere.example"}) as response:
            assert response.status == 403, (method, path)
        async with http.request(method, one_process.base + path, json={}, headers={"Origin": one_process.base}) as response:
            # leaving twice is no fault
            assert response.status == (204 if path.endswith("/leave") else 401), (method, path)


async def test_every_write_says_who_may_or_how_often(operations: list[tuple[str, str, dict[str, Any]]]) -> None:
    for method, path, operation in operations:
        if method in ("post", "put", "patch", "delete") and operation["security"] == []:
            assert (method, path) in UNGUARDED, f"{method} {path} changes something and says nobody"
            assert "x-rate-limit" in operation, f"{method} {path} is open to strangers without a limit"
