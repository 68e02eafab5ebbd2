"""The bench of registration's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.registration.kit import Bench, open_bench
from tests.support.paths import EXAMPLE


@pytest.fixture
async def bench(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[Bench]:
    opened = await open_bench(database, EXAMPLE, tmp_path)
    try:
        yield opened
    finally:
        await opened.client.close()
