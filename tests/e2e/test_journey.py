"""The journey in a real browser, at a desk, on a phone, with the keyboard alone; nothing foreign is asked for, nothing complains."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import PHONE, BrowserHarness
from tests.e2e.journey import Journey
from tests.e2e.page_driver import Keyboard, Pointer
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


def _nothing_foreign(harness: BrowserHarness, platform: Running) -> None:
    """Only the platform's own origin and its feed were asked for, and no script, console or content policy complained."""
    parts = urlsplit(platform.feed)
    assert harness.log.origins() <= {platform.base, f"{parts.scheme}://{parts.netloc}"}
    assert any(address.startswith("ws://") for address in harness.log.addresses)
    assert not harness.log.complaints


async def test_the_journey_in_french_at_a_desk(harness: NewHarness, platform: Running) -> None:
    people = await harness()
    await Journey(people, Pointer(), "table-ronde-1").run()
    _nothing_foreign(people, platform)


async def test_the_journey_in_english_on_a_phone(harness: NewHarness, platform: Running) -> None:
    people = await harness(lang="en", size=PHONE, touch=True)
    await Journey(people, Pointer(touch=True), "table-ronde-2").run()
    _nothing_foreign(people, platform)


async def test_the_journey_with_the_keyboard_alone(harness: NewHarness, platform: Running) -> None:
    people = await harness()
    await Journey(people, Keyboard(), "table-ronde-3").run()
    _nothing_foreign(people, platform)
