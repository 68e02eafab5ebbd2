"""Three ways to do the same on a page: with a mouse, with a finger, with the keyboard alone."""

from __future__ import annotations

from typing import Final, Protocol

from playwright.async_api import Locator, Page, expect

from tests.e2e.words import Words

MOST_TABS: Final = 120
MOST_STEPS: Final = 40


def card_of(page: Page, text: str) -> Locator:
    return page.locator("tablee-desk li.card").filter(has_text=text)


def row_of(page: Page, text: str) -> Locator:
    """A published question in the list of the watch and room pages."""
    return page.locator("tablee-questions .questions__list > li.question").filter(has_text=text)


class PageDriver(Protocol):
    async def ask(self, page: Page, text: str) -> None: ...
    async def vote(self, page: Page, text: str) -> None: ...
    async def command(self, page: Page, words: Words, text: str, command: str) -> None: ...
    async def decline(self, page: Page, words: Words, text: str, reason: str, note: str) -> None: ...
    async def press(self, target: Locator) -> None: ...
    async def write(self, target: Locator, text: str) -> None: ...
    async def choose(self, radio: Locator) -> None: ...


class Pointer:
    """A mouse, or a finger where the page was opened on a touch screen."""

    def __init__(self, *, touch: bool = False) -> None:
        self._touch = touch

    async def press(self, target: Locator) -> None:
        await (target.tap() if self._touch else target.click())

    async def write(self, target: Locator, text: str) -> None:
        await self.press(target)
        await target.fill(text)

    async def choose(self, radio: Locator) -> None:
        await radio.check()

    async def ask(self, page: Page, text: str) -> None:
        await self.write(page.locator("#ask-text"), text)
        await self.press(page.locator("tablee-ask .button--primary"))

    async def vote(self, page: Page, text: str) -> None:
        await self.press(row_of(page, text).locator("button.vote"))

    async def command(self, page: Page, words: Words, text: str, command: str) -> None:
        await self.show_card(page, text)
        await self.press(card_of(page, text).locator(".card__text"))
        await self.press(card_of(page, text).locator(f".card__commands button[data-command={command}]"))

    async def show_card(self, page: Page, text: str) -> None:
        """Where one column at a time is shown, its tab leads there."""
        column = page.locator("section.desk__column").filter(has=page.locator("li.card").filter(has_text=text))
        await expect(column).to_be_attached()
        if not await column.is_visible():
            name = str(await column.get_attribute("aria-labelledby")).removeprefix("column-")
            await self.press(page.locator(f".desk__tab[data-tab={name}]"))
        await expect(card_of(page, text)).to_be_visible()

    async def decline(self, page: Page, words: Words, text: str, reason: str, note: str) -> None:
        await self.command(page, words, text, "decline")
        dialog = page.get_by_role("dialog")
        await self.press(dialog.locator("label.choice").filter(has_text=words(f"reason.{reason}")))
        await self.write(dialog.locator("textarea"), note)
        await self.press(dialog.locator(".button--primary"))


class Keyboard:
    """Tab, Enter, Space, and the desk's own keys. No pointer ever moves."""

    async def press(self, target: Locator) -> None:
        await self._reach(target)
        await target.page.keyboard.press("Enter")

    async def write(self, target: Locator, text: str) -> None:
        await self._reach(target)
        await target.page.keyboard.type(text)

    async def choose(self, radio: Locator) -> None:
        """Tab leads into a group of radio buttons, arrows through it; the last leads to the first again."""
        name = await radio.get_attribute("name")
        await self._tab_until(radio.page, "(name) => document.activeElement.name === name", name)
        for _ in range(await radio.page.locator(f"input[name={name}]").count() + 1):
            if await radio.is_checked():
                return
            await radio.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{radio} is not chosen with the arrows")

    async def ask(self, page: Page, text: str) -> None:
        await self.write(page.locator("#ask-text"), text)
        await self.press(page.locator("tablee-ask .button--primary"))

    async def vote(self, page: Page, text: str) -> None:
        await self.press(row_of(page, text).locator("button.vote"))

    async def command(self, page: Page, words: Words, text: str, command: str) -> None:
        await self._choose(page, text)
        await page.keyboard.press(words(f"key.{command}")[0])

    async def decline(self, page: Page, words: Words, text: str, reason: str, note: str) -> None:
        await self.command(page, words, text, "decline")
        dialog = page.get_by_role("dialog")
        await expect(dialog.locator("input[type=radio]").first).to_be_focused()
        await self.choose(dialog.locator(f"input[value={reason}]"))
        await self.write(dialog.locator("textarea"), note)
        await self.press(dialog.locator(".button--primary"))

    async def _reach(self, target: Locator) -> None:
        await expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if await target.evaluate("(one) => one === document.activeElement"):
                return
            await target.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached with Tab")

    async def _tab_until(self, page: Page, condition: str, argument: object) -> None:
        for _ in range(MOST_TABS):
            if await page.evaluate(condition, argument):
                return
            await page.keyboard.press("Tab")
        raise AssertionError(f"Tab never leads to where {condition} holds")

    async def _choose(self, page: Page, text: str) -> None:
        """Up and down each column, from the leftmost one, until the card with `text` is the chosen one."""
        await expect(card_of(page, text)).to_be_visible()
        if not await self._chosen(page):
            await self._reach(page.locator("tablee-desk li.card[tabindex='0']"))
        while await self._step(page, "ArrowLeft"):
            pass
        for _ in range(MOST_STEPS):
            while await self._step(page, "k"):
                pass
            while text not in await self._chosen(page):
                if not await self._step(page, "j"):
                    break
            else:
                return
            if not await self._step(page, "ArrowRight"):
                break
        raise AssertionError(f"no key leads to the card “{text}”")

    async def _step(self, page: Page, key: str) -> bool:
        """Whether another card is chosen now."""
        before = await self._chosen_id(page)
        await page.keyboard.press(key)
        return await self._chosen_id(page) != before

    @staticmethod
    async def _chosen_id(page: Page) -> str:
        return str(await page.evaluate("document.querySelector('tablee-desk .card--chosen')?.id ?? ''"))

    @staticmethod
    async def _chosen(page: Page) -> str:
        texts = await page.locator("tablee-desk .card--chosen .card__text").all_text_contents()
        return " ".join(texts[0].split()) if texts else ""  # the page sets French spaces
