"""Browsers for the people of a test: one each, with their language, their screen size and their personal link."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Browser, BrowserContext, Page, Playwright

from shared.ids import new_id
from tests.e2e.browser_log import BrowserLog
from tests.e2e.mailbox import letter_to
from tests.e2e.page_driver import PageDriver, Pointer
from tests.e2e.words import Words
from tests.support import chromium

ARGUMENTS: Final = (
    *chromium.ARGUMENTS,
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
DESK: Final = (1440, 900)
PHONE: Final = (360, 780)
PATIENCE_MS: Final = 20_000
"""Longest wait for anything a page is to show, on a busy machine."""


async def launch(playwright: Playwright, program: Path | None) -> Browser:
    return await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)


@dataclass
class BrowserHarness:
    """`base` is the platform's address without a final slash; `links` as `tablee links --json` prints them; `mail` its folder of mails."""

    browser: Browser
    base: str
    links: dict[str, str]
    mail: Path | None = None
    lang: str = "fr"
    size: tuple[int, int] = DESK
    touch: bool = False
    log: BrowserLog = field(default_factory=BrowserLog)
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def words(self) -> Words:
        return Words(self.lang)

    async def stranger(self, *, size: tuple[int, int] | None = None, scheme: Literal["light", "dark"] = "light") -> Page:
        """A fresh browser of somebody who has chosen this harness's language."""
        width, height = size or self.size
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=self.touch and size is None,
            is_mobile=self.touch and size is None,
            color_scheme=scheme,
            reduced_motion="reduce",
            locale=self.lang,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        self.log.record(context)
        await context.add_cookies([{"name": "tablee_lang", "value": self.lang, "url": self.base}])
        return await context.new_page()

    async def enter(self, link: str, path: str = "", **how: object) -> Page:
        """Through a personal link and its button, then to `path`."""
        page = await self.stranger(**how)  # type: ignore[arg-type]
        await self.press_enter(page, link)
        if path:
            await page.goto(self.base + path)
        return page

    async def press_enter(self, page: Page, link: str, driver: PageDriver | None = None) -> None:
        """The page of one's role has begun to load."""
        await page.goto(link)
        await (driver or Pointer()).press(page.get_by_role("button", name=self.words("enter.button")))
        await page.wait_for_url(lambda url: "/l/" not in url, wait_until="commit")

    async def newcomer(self, door: str, name: str = "Nora Lefèvre", *, image_rights: str = "refused") -> str:
        """The personal link of somebody who has just registered, through the interface that the form uses too."""
        assert self.mail is not None
        address = f"{new_id()}@example.org"
        body = {"name": name, "email": address, "door": door, "language": self.lang, "image_rights": image_rights}
        context = await self.browser.new_context()
        try:
            answer = await context.request.post(f"{self.base}/api/registration/registrations", data=body)
            assert answer.status == 202, await answer.text()
        finally:
            await context.close()
        return (await letter_to(self.mail, address)).link

    async def close(self) -> None:
        for context in self.contexts:
            await context.close()
        self.contexts.clear()
