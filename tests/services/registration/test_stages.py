"""Several stages: each session leads to its own, each screen has its own link, a session that is not broadcast has no picture."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.registration.people import access
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import EVENT, SAME_SITE, RegistrationHarness, open_harness
from tests.services.registration.test_any_event import LOCAL
from tests.support.messages import MESSAGES
from tests.support.programmes import FOLDER

SHOWN = re.compile(r'<(?:tablee-player|p)[^>]* data-picture="(\w+)"(?! hidden)')


@pytest.fixture
async def two_halls(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    """A symposium with a workshop in the tower that is broadcast, one that is not, and a walk outside."""
    text = (FOLDER / "symposium.yaml").read_text("utf-8").replace("id: wasser-symposium", f"id: {EVENT}", 1)
    closed = text[text.index("  - id: pumpen") : text.index("  - id: rundgang")]
    broadcast = closed.replace("pumpen", "offen").replace("    stream: false\n", "")
    folder = tmp_path / "event"
    folder.mkdir()
    (folder / "programme.yaml").write_text(text.replace(closed, broadcast + closed), "utf-8")
    opened = await open_harness(database, folder, tmp_path / "var", LOCAL)
    yield opened
    await opened.client.close()


@pytest.mark.parametrize(
    ("session", "stage", "picture"),
    [("ufer", "halle", "stage"), ("offen", "turm", "stage"), ("pumpen", "", "closed"), ("rundgang", "", "none")],
)
async def test_a_watch_page_shows_the_stage_of_its_session_or_says_why_there_is_none(
    two_halls: RegistrationHarness, session: str, stage: str, picture: str
) -> None:
    await two_halls.enter(await two_halls.register())
    page = await (await two_halls.client.get(f"/watch?session={session}&lang=fr")).text()
    assert f'data-stage="{stage}"' in page
    assert SHOWN.findall(page) == [picture]
    assert (MESSAGES.text("fr", f"page.watch.{picture}") in page) if picture != "stage" else True


async def test_a_pass_comes_with_the_address_of_every_stage(two_halls: RegistrationHarness) -> None:
    await two_halls.enter(await two_halls.register())
    answer = await (await two_halls.client.post("/api/registration/pass", headers=SAME_SITE)).json()
    assert answer["hls_urls"] == {"halle": "/hls/halle/index.m3u8", "turm": "/hls/turm/index.m3u8"}


async def test_the_link_of_a_screen_leads_to_its_stage(two_halls: RegistrationHarness) -> None:
    links = access.links(two_halls.settings, two_halls.ports.secrets, EVENT, (), ["halle", "turm"])
    path = links["stage:turm"].removeprefix(two_halls.settings.origin)
    page = await (await two_halls.client.get(path)).text()
    action = re.search(r'<form method="post" action="([^"]+)"', page)
    assert action is not None
    assert action[1] == path
    assert await two_halls.enter(path) == "/stage?stage=turm"
    screen = await (await two_halls.client.get("/stage?stage=turm")).text()
    assert 'data-session="offen"' in screen
    assert await two_halls.enter(path.replace("turm", "nowhere")) == "/stage"
    operator = links["operator"].removeprefix(two_halls.settings.origin)
    assert await two_halls.enter(f"{operator}?stage=turm") == "/control", "only screens have a stage"


def test_one_stage_needs_no_link_of_its_own(two_halls: RegistrationHarness) -> None:
    assert not [name for name in access.links(two_halls.settings, two_halls.ports.secrets, EVENT, (), ["halle"]) if ":" in name]
