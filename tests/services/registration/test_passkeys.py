"""Passkeys in a real browser with a device of its own: set up, used, refused by its holder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import CDPSession, Page, async_playwright, expect

from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import RegistrationHarness
from tests.services.registration.test_any_event import event
from tests.services.registration.test_signing_in import PUBLIC, give
from tests.support.chromium import ARGUMENTS
from tests.support.messages import MESSAGES
from tests.support.ports import free_port

PATIENCE = 60_000


@pytest.fixture
async def local(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    """Under the one name without https that browsers know passkeys for."""
    port = free_port()
    async with event(database, tmp_path, PUBLIC, origin=f"http://localhost:{port}", port=port) as harness:
        yield harness


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
        try:
            opened = await (await browser.new_context(locale="fr-FR")).new_page()
            opened.set_default_timeout(PATIENCE)
            expect.set_options(timeout=PATIENCE)
            yield opened
        finally:
            await browser.close()


def words(key: str) -> str:
    return MESSAGES.text("fr", key)


async def device(page: Page) -> tuple[CDPSession, str]:
    """One that asks its holder for a finger, as phones and laptops do."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    made = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


@pytest.mark.timeout(300)
async def test_a_passkey_is_set_up_and_signs_in_and_its_holder_may_refuse(local: RegistrationHarness, page: Page) -> None:
    link = f"{(await give(local, 'Zoé', 'operator'))[1]['link']}?to=/people"
    devtools, id = await device(page)
    await page.goto(link)
    await page.get_by_role("button", name=words("enter.button")).click()
    await page.get_by_role("button", name=words("login.passkey.add")).click()
    await expect(page.locator("h1")).to_have_text(words("login.spare.title"))
    await page.get_by_role("link", name=words("login.go")).click()
    await expect(page.locator("h1")).to_have_text(words("people.title"))

    await page.context.clear_cookies()
    await page.goto(link)
    await page.get_by_role("button", name=words("enter.button")).click()
    await devtools.send("WebAuthn.setUserVerified", {"authenticatorId": id, "isUserVerified": False})
    await page.get_by_role("button", name=words("login.passkey.use")).click()
    await expect(page.get_by_role("alert")).to_have_text(words("login.passkey.failed"))
    await devtools.send("WebAuthn.setUserVerified", {"authenticatorId": id, "isUserVerified": True})
    await page.get_by_role("button", name=words("login.passkey.use")).click()
    await expect(page.locator("h1")).to_have_text(words("people.title"))
    assert page.url == f"{local.settings.origin}/people"

    other = await page.context.browser.new_context() if page.context.browser else None
    assert other is not None
    stranger = await other.new_page()
    await device(stranger)
    await stranger.goto(f"{link}&lang=fr")
    await stranger.get_by_role("button", name=words("enter.button")).click()
    await stranger.get_by_role("button", name=words("login.passkey.use")).click()
    await expect(stranger.get_by_role("alert")).to_have_text(words("login.passkey.failed"))
