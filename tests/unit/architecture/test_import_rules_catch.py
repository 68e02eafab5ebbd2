"""The test of the import rules' test: forbidden imports, added to the source one at a time in memory; each must be caught."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from tests.support.paths import ROOT
from tests.unit.architecture.house_rules import faults_of_table
from tests.unit.architecture.import_rules import cycles, faults, faults_of
from tests.unit.architecture.rooms import ROOMS
from tests.unit.architecture.tree import Tree, read_tree

QA: Final = "services/qa"
PEOPLE: Final = "services/registration/people"
PROGRAMME: Final = "services/registration/programme"
STREAMING: Final = "services/streaming"
FORBIDDEN: Final = (
    # a domain knows nobody
    (f"{QA}/domain.py", "services.qa.store.Questions"),
    (f"{QA}/domain.py", "services.qa.app.Questions"),
    (f"{QA}/domain.py", "services.qa.feed.server.FeedServer"),
    (f"{QA}/domain.py", "services.qa.feed.hub.Hub"),
    (f"{QA}/domain.py", "asyncio"),
    (f"{QA}/domain.py", "socket"),
    (f"{QA}/domain.py", "time"),
    (f"{QA}/domain.py", "os"),
    (f"{QA}/domain.py", "logging"),
    (f"{QA}/domain.py", "threading"),
    (f"{QA}/domain.py", "random"),
    (f"{QA}/domain.py", "importlib"),
    (f"{QA}/domain.py", "shared.clock.utc_now"),
    (f"{QA}/domain.py", "shared.ids.new_id"),
    (f"{QA}/domain.py", "shared.storage.port.Database"),
    (f"{QA}/ranking.py", "services.qa.store"),
    (f"{PEOPLE}/domain.py", "services.registration.people.store.Store"),
    (f"{PEOPLE}/domain.py", "asyncio"),
    (f"{PEOPLE}/domain.py", "aiohttp"),
    (f"{STREAMING}/domain.py", "time"),
    # use cases, reactions and stores know no transport and no driver
    (f"{QA}/app.py", "pymongo"),
    (f"{QA}/app.py", "motor.motor_asyncio"),
    (f"{QA}/app.py", "aiohttp.web"),
    (f"{QA}/app.py", "services.qa.api"),
    (f"{QA}/app.py", "services.qa.feed.server.FeedServer"),
    (f"{QA}/store.py", "services.qa.feed.protocol"),
    (f"{QA}/store.py", "services.qa.app.Questions"),
    (f"{QA}/store.py", "pymongo.errors"),
    (f"{QA}/reactions.py", "aio_pika"),
    (f"{QA}/votes.py", "shared.bus.rabbit.bus.RabbitBus"),
    (f"{PROGRAMME}/app.py", "aiohttp"),
    (f"{PROGRAMME}/app.py", "socket"),
    (f"{PEOPLE}/mail.py", "aiohttp"),
    (f"{PEOPLE}/mail.py", "aiosmtplib"),
    (f"{PEOPLE}/reactions.py", "shared.mail.smtp.SmtpMailer"),
    (f"{STREAMING}/store.py", "services.streaming.origin.playlist"),
    (f"{STREAMING}/app.py", "subprocess"),
    # an interface speaks to its use cases only
    (f"{QA}/api.py", "services.qa.store.Questions"),
    (f"{PEOPLE}/api.py", "services.registration.people.store.Store"),
    (f"{STREAMING}/api.py", "shared.storage.port.Database"),
    (f"{QA}/api.py", "websockets"),
    # the feed does no I/O but in its server
    (f"{QA}/feed/hub.py", "services.qa.store"),
    (f"{QA}/feed/hub.py", "services.qa.feed.server"),
    (f"{QA}/feed/hub.py", "asyncio"),
    (f"{QA}/feed/session.py", "websockets"),
    (f"{QA}/feed/protocol.py", "websockets"),
    (f"{QA}/feed/journal.py", "time"),
    (f"{QA}/feed/server.py", "aiohttp"),
    (f"{QA}/feed/server.py", "services.qa.store"),
    # media is arithmetic
    (f"{STREAMING}/packaging/packager.py", "services.streaming.api"),
    (f"{STREAMING}/packaging/packager.py", "services.streaming.source"),
    (f"{STREAMING}/packaging/splicer.py", "aiohttp"),
    (f"{STREAMING}/packaging/splicer.py", "services.streaming.encoding.encoder"),
    (f"{STREAMING}/media/fmp4.py", "os"),
    (f"{STREAMING}/media/fmp4.py", "services.streaming.packaging.packager"),
    (f"{STREAMING}/origin/playlist.py", "aiohttp"),
    (f"{STREAMING}/origin/playlist.py", "services.streaming.origin.blocking"),
    (f"{STREAMING}/ingest/rtmp/session.py", "aiohttp"),
    (f"{STREAMING}/ingest/rtmp/session.py", "asyncio"),
    (f"{STREAMING}/ingest/rtmp/chunks.py", "socket"),
    (f"{STREAMING}/ingest/rtmp/chunks.py", "services.streaming.ingest.rtmp.server"),
    (f"{STREAMING}/ingest/flv/amf0.py", "services.streaming.ingest.rtmp.limits"),
    (f"{STREAMING}/ingest/whip/publication.py", "services.streaming.ingest.rtmp.session"),
    (f"{STREAMING}/ingest/rtmp/server.py", "services.streaming.source"),
    (f"{STREAMING}/source.py", "ffmpeg"),
    (f"{STREAMING}/api.py", "imageio_ffmpeg"),
    # the programme's file is read, not stored
    (f"{PROGRAMME}/format/model.py", "services.registration.people.store"),
    (f"{PROGRAMME}/format/model.py", "pathlib"),
    (f"{PROGRAMME}/format/check.py", "services.registration.programme.app"),
    (f"{PROGRAMME}/day.py", "time"),
    (f"{PROGRAMME}/exports/ics.py", "aiohttp"),
    (f"{PROGRAMME}/exports/public.py", "services.registration.programme.app"),
    ("services/registration/pages/posting.py", "jinja2"),
    ("services/registration/pages/pages.py", "services.registration.people.store"),
    # the rooms of one service keep apart
    (f"{PROGRAMME}/app.py", "services.registration.people.store"),
    (f"{PROGRAMME}/app.py", "services.registration.people.app"),
    (f"{PEOPLE}/api.py", "services.registration.pages.pages"),
    (f"{STREAMING}/origin/delivery.py", "services.streaming.source.Source"),
    ("services/doctor.py", "services.compose.GROUPS"),
    # what is shared is shared by all and knows none of them
    ("shared/errors.py", "aiohttp"),
    ("shared/errors.py", "asyncio"),
    ("shared/events/envelope.py", "aiohttp"),
    ("shared/events/kind.py", "shared.bus.port"),
    ("shared/events/catalogue.py", "services.qa.domain"),
    ("shared/bus/topics.py", "asyncio"),
    ("shared/bus/port.py", "aio_pika"),
    ("shared/bus/relay.py", "aio_pika"),
    ("shared/bus/relay.py", "shared.storage.mongo.MongoStore"),
    ("shared/bus/embedded/bus.py", "motor"),
    ("shared/bus/embedded/bus.py", "shared.bus.rabbit.link"),
    ("shared/storage/mongod.py", "motor.motor_asyncio"),
    ("shared/storage/port.py", "pymongo"),
    ("shared/http/application.py", "services.compose"),
    ("shared/http/application.py", "shared.storage.mongo"),
    ("shared/auth/capabilities.py", "shared.auth.passes"),
    ("shared/auth/passes.py", "aiohttp"),
    ("shared/mail/port.py", "aiosmtplib"),
    ("shared/service/lifecycle.py", "services.streaming.app"),
    ("shared/log.py", "services.qa.app"),
    # services do not know each other
    (f"{QA}/service.py", "services.streaming.service"),
    (f"{QA}/reactions.py", "services.registration.people.domain"),
    (f"{STREAMING}/app.py", "services.registration.programme.format.model"),
    (f"{PEOPLE}/app.py", "services.qa.domain"),
    # composition
    (f"{QA}/service.py", "services.compose"),
    (f"{QA}/service.py", "shared.storage.mongo.MongoStore"),
    (f"{STREAMING}/service.py", "shared.bus.embedded.bus.LocalBus"),
    ("services/registration/service.py", "services.doctor"),
    ("services/__main__.py", "shared.storage.mongo"),
    ("services/compose.py", "services.__main__"),
    ("services/compose.py", "services.qa.store.Questions"),
    ("services/doctor.py", "services.qa.store.Questions"),
    ("services/compose.py", "tests.support.bus.suite"),
    # nothing that no rule could see, nothing that nobody knows
    (f"{QA}/service.py", "importlib"),
    ("shared/bus/rabbit/wire.py", "pickle"),
    (f"{QA}/service.py", "requests"),
    (f"{QA}/service.py", "services.qa.nothing_here.At.all"),
)


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_tree(ROOT)


@pytest.mark.parametrize(("file", "imported"), FORBIDDEN, ids=[f"{file.removesuffix('.py')} - {name}" for file, name in FORBIDDEN])
def test_a_forbidden_import_is_caught(tree: Tree, file: str, imported: str) -> None:
    assert file in tree.sources, f"{file} has moved: so does this line"
    found = set(faults_of(tree.adding(file, imported), file)) - set(faults_of(tree, file))
    assert any(imported in fault for fault in found), f"{file} may import {imported}"


@pytest.mark.parametrize(
    "file", ["services/qa/helpers.py", "services/gate/app.py", "shared/utils.py", "services/qa/domain/extra.py", "shared/bus/kafka/bus.py"]
)
def test_a_new_file_in_no_room_is_caught(tree: Tree, file: str) -> None:
    assert f"{file} is in no room" in faults(tree.adding(file))


@pytest.mark.parametrize("text", ["import os", "def f():\n    import asyncio", "if TYPE_CHECKING:\n    from services.qa import store"])
def test_an_import_is_seen_wherever_it_stands_in_a_file(tree: Tree, text: str) -> None:
    assert faults_of(tree.with_text("services/qa/ranking.py", text), "services/qa/ranking.py")


@pytest.mark.parametrize(
    "text",
    ["datetime.now()", "date.today()", "open('x')", "print(1)", "__import__('os')", "async def f() -> None: ...", "from . import store"],
)
def test_pure_code_reaches_for_no_clock_no_file_and_no_loop(tree: Tree, text: str) -> None:
    assert faults_of(tree.with_text("services/qa/ranking.py", text), "services/qa/ranking.py")


@pytest.mark.parametrize(
    ("file", "imported"),
    [("shared/errors.py", "shared.events.envelope"), (f"{QA}/feed/protocol.py", "services.qa.feed.hub"), ("shared/ids.py", "shared.ids")],
)
def test_a_cycle_of_files_is_caught(tree: Tree, file: str, imported: str) -> None:
    if imported == "shared.ids":  # two files that only know each other
        tree, file, imported = tree.adding("shared/bus/one.py", "shared.bus.other"), "shared/bus/other.py", "shared.bus.one"
    else:
        target = tree.target(imported)
        assert target is not None
        tree = tree.adding(target, file.removesuffix(".py").replace("/", "."))
    assert cycles(tree.adding(file, imported))


@pytest.mark.parametrize(
    ("room", "uses"),
    [
        ("qa/domain", "qa/store"), ("qa/domain", "storage"), ("qa/store", "qa/feed"), ("qa/app", "http"), ("qa/feed", "qa/store"),
        ("qa/api", "qa/store"), ("qa/app", "streaming/domain"), ("http", "qa/app"), ("qa/service", "compose"), ("doctor", "compose"),
        ("qa/service", "storage/mongo"), ("errors", "ids"), ("streaming/media", "streaming/encoding"), ("qa/domain", "no such room"),
    ],
)  # fmt: skip
def test_the_table_cannot_be_taught_to_allow_it(room: str, uses: str) -> None:
    changed = {**ROOMS, room: replace(ROOMS[room], uses=f"{ROOMS[room].uses} {uses.replace(' ', '-')}")}
    assert any(fault.startswith(f"{room} ") for fault in faults_of_table(changed))


@pytest.mark.parametrize(
    ("room", "library"),
    [("qa/app", "motor"), ("qa/store", "pymongo"), ("http", "websockets"), ("streaming/media", "aiohttp"), ("qa/api", "jinja2")],
)
def test_no_driver_gets_a_second_room(room: str, library: str) -> None:
    changed = {**ROOMS, room: replace(ROOMS[room], libraries=f"{ROOMS[room].libraries} {library}")}
    assert any(fault.startswith(f"{room} ") for fault in faults_of_table(changed))
