"""The harness of registration's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import RegistrationHarness, open_harness
from tests.support.paths import EXAMPLE


@pytest.fixture
async def harness(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    opened = await open_harness(database, EXAMPLE, tmp_path)
    try:
        yield opened
    finally:
        await opened.client.close()
