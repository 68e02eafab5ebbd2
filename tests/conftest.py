"""Fixtures that every test folder shares: real servers (started once per run, on first use) and the programs tests need.

A missing one is a loud skip on a developer's machine and a failure in CI (`CI=true`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from shared.config import SettingError
from shared.storage.mongo import MongoDatabase, MongoStore
from tests.support.databases import Prefixes
from tests.support.run_servers import ADDRESS, RunServers, ask_for
from tests.support.servers import Missing, MongoServer, RabbitServer
from tests.support.watchdog import Watchdog

pytest.register_assert_rewrite("tests.support.bus")

# A slow machine is no fault of a property: no deadlines. CI explores the same examples every time, so that a red run can be had again.
# Elsewhere half as many, and others each time.
settings.register_profile("tablee", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
settings.register_profile("ci", settings.get_profile("tablee"), derandomize=True, max_examples=100)
settings.load_profile("ci" if os.environ.get("CI") else "tablee")

TESTS = Path(__file__).parent
WATCHDOG: Final = pytest.StashKey[Watchdog]()
CLEARING_SECONDS: Final = 90.0
"""What clearing away may take after a test whose time was up, before its process is ended."""
FIRST = (
    "platform", "contract/test_bus_rabbit.py", "web", "services/streaming", "stateful", "contract", "services", "e2e",
)  # fmt: skip
"""In the order of how long their longest file takes; the rest comes last."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def missing(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def pytest_configure(config: pytest.Config) -> None:
    """The servers of the run belong to the process that was started by hand; workers find them through the environment."""
    if not hasattr(config, "workerinput"):
        servers = RunServers()
        os.environ[ADDRESS] = servers.address
        config.add_cleanup(servers.close)
    config.stash[WATCHDOG] = Watchdog(float(config.getini("timeout")) + CLEARING_SECONDS, os.dup(2))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    dog = item.config.stash[WATCHDOG]
    dog.feed(item.nodeid)
    try:
        return (yield)
    finally:
        dog.rest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers take whole files: what takes longest begins first, so that none is left alone with it at the end."""
    items.sort(key=_turn)  # a stable sort: the order within a file stays


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(TESTS).as_posix()
    return next((turn for turn, start in enumerate(FIRST) if path.startswith(start)), len(FIRST))


def _ask_for(name: str) -> str:
    try:
        return ask_for(name)
    except Missing as error:
        missing(str(error))


@pytest.fixture(scope="session")
def mongo_url() -> str:
    """The mongod of this run, which all workers share: no test may stop it."""
    return _ask_for("mongo")


@pytest.fixture(scope="session")
def rabbit_url() -> str:
    """The RabbitMQ of this run, in the virtual host of this worker: no test may stop it."""
    return _ask_for("rabbit") + os.environ.get("PYTEST_XDIST_WORKER", "main")


@asynccontextmanager
async def _opened(url: str, prefixes: Prefixes, test: Path) -> AsyncIterator[MongoStore]:
    prefix = prefixes.take(test)
    store = MongoStore(url, prefix=prefix)
    await store.start()
    try:
        yield store
        await prefixes.give_back(test, store, prefix)
    finally:
        await store.stop()


@pytest.fixture(scope="session")
def prefixes() -> Prefixes:
    return Prefixes()


@pytest.fixture
async def store(mongo_url: str, prefixes: Prefixes, request: pytest.FixtureRequest) -> AsyncIterator[MongoStore]:
    """A started store whose databases are empty, and this test's alone as long as it runs."""
    async with _opened(mongo_url, prefixes, request.path) as store:
        yield store


@pytest.fixture
def database(store: MongoStore) -> MongoDatabase:
    """A fresh, empty database."""
    return store.database("test")


@pytest.fixture(scope="session")
def own_mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    """A mongod that the tests of one file may stop (and start again)."""
    try:
        server = MongoServer(tmp_path_factory.mktemp("mongo"))
        server.start_now()
    except SettingError as error:
        missing(str(error))
    yield server
    server.stop_now()


@pytest.fixture
async def own_store(own_mongo: MongoServer, request: pytest.FixtureRequest) -> AsyncIterator[MongoStore]:
    async with _opened(own_mongo.url, Prefixes(), request.path) as store:
        yield store


@pytest.fixture(scope="session")
def own_rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitServer]:
    """A RabbitMQ that the tests of one file may stop, kill and start again."""
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
