"""Fixtures that every test folder shares: real servers (started once per run, on first use) and the programs tests need.

A missing one is a loud skip on a developer's machine and a failure in CI (`CI=true`).
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from shared.config import SettingError
from shared.storage.mongo import MongoDatabase, MongoStore
from tests.support.servers import Missing, MongoServer, RabbitServer

# A slow machine is no fault of a property: no deadlines. CI explores the same examples every time, so that a red run can be had again.
settings.register_profile("tablee", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI")))
settings.load_profile("tablee")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def missing(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    """The mongod of this run. A test that stops it starts it again."""
    try:
        server = MongoServer(tmp_path_factory.mktemp("mongo"))
        server.start_now()
    except SettingError as error:
        missing(str(error))
    yield server
    server.stop_now()


@pytest.fixture(scope="session")
def mongo_url(mongo: MongoServer) -> str:
    return mongo.url


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    """A started store whose databases (under a prefix of their own) are dropped after the test."""
    store = MongoStore(mongo_url, prefix=f"t{uuid.uuid4().hex[:12]}")
    await store.start()
    try:
        yield store
        await store.drop_all()
    finally:
        await store.stop()


@pytest.fixture
def database(store: MongoStore) -> MongoDatabase:
    """A fresh, empty database."""
    return store.database("test")


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitServer]:
    """The RabbitMQ of this run, with start(), stop(), kill() and restart(). A test that stops it starts it again."""
    try:
        server = RabbitServer(tmp_path_factory.mktemp("rabbit"))
    except Missing as error:
        missing(str(error))
    try:
        server.start_now()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def rabbit_url(rabbit: RabbitServer) -> str:
    return rabbit.url


@pytest.fixture(scope="session")
def ffmpeg() -> Path:
    """The ffmpeg that the platform itself would take: the pip wheel's, then PATH."""
    try:
        import imageio_ffmpeg

        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = shutil.which("ffmpeg")
        return Path(found) if found else missing("no ffmpeg: pip install imageio-ffmpeg")


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    return Path(found) if found else missing("no Chromium: apt install chromium")
