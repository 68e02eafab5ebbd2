"""Platforms for the fault tests: started for one test, killed whatever happens."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.platform import Running, embedded, separate
from tests.support.servers import MongoServer, RabbitServer


def new_prefix() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
async def one_process(tmp_path: Path) -> AsyncIterator[Running]:
    async with embedded(tmp_path) as running:
        yield running


@pytest.fixture
async def three_processes(tmp_path: Path, mongo_url: str, rabbit_url: str) -> AsyncIterator[Running]:
    async with separate(tmp_path, mongo_url, rabbit_url, new_prefix()) as running:
        yield running


@pytest.fixture
async def three_on_own_broker(tmp_path: Path, mongo_url: str, own_rabbit: RabbitServer) -> AsyncIterator[Running]:
    async with separate(tmp_path, mongo_url, own_rabbit.url, new_prefix()) as running:
        yield running


@pytest.fixture
async def three_on_own_store(tmp_path: Path, own_mongo: MongoServer, rabbit_url: str) -> AsyncIterator[Running]:
    async with separate(tmp_path, own_mongo.url, rabbit_url, new_prefix()) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session:
        yield session
