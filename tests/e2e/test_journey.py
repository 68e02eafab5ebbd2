"""The journey in a real browser, at a desk, on a phone, with the keyboard alone; nothing foreign is asked for, nothing complains."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import NewHouse
from tests.e2e.hands import Keyboard, Pointer
from tests.e2e.house import PHONE, House
from tests.e2e.journey import Journey
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


def _nothing_foreign(house: House, platform: Running) -> None:
    """Only the platform's own origin and its feed were asked for, and no script, console or content policy complained."""
    parts = urlsplit(platform.feed)
    assert house.witness.origins() <= {platform.base, f"{parts.scheme}://{parts.netloc}"}
    assert any(address.startswith("ws://") for address in house.witness.addresses)
    assert not house.witness.complaints


async def test_the_journey_in_french_at_a_desk(house: NewHouse, platform: Running) -> None:
    people = await house()
    await Journey(people, Pointer(), "table-ronde-1").run()
    _nothing_foreign(people, platform)


async def test_the_journey_in_english_on_a_phone(house: NewHouse, platform: Running) -> None:
    people = await house(lang="en", size=PHONE, touch=True)
    await Journey(people, Pointer(touch=True), "table-ronde-2").run()
    _nothing_foreign(people, platform)


async def test_the_journey_with_the_keyboard_alone(house: NewHouse, platform: Running) -> None:
    people = await house()
    await Journey(people, Keyboard(), "table-ronde-3").run()
    _nothing_foreign(people, platform)
