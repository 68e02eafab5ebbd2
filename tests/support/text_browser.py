"""A browser of text as a program: it follows links and redirects, fills in forms, presses buttons by their words, keeps cookies. It says
where a form stood (Referer) and nothing else of where it comes from, as such browsers do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from tests.support.html_tree import Element, tree_of

MOST_REDIRECTS: Final = 6


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    """As they came: `Set-Cookie`."""
    text: str


Send = Callable[[str, str, Mapping[str, str], str], Awaitable[Reply]]
"""(method, path with its query, headers, body) → what came."""


@dataclass(slots=True)
class TextBrowser:
    """`origin`: of the site as its users see it."""

    send: Send
    origin: str
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name → (value, path)."""
    path: str = "/"
    reply: Reply = Reply(0, {}, (), "")
    headers: dict[str, str] = field(default_factory=dict)
    went: list[str] = field(default_factory=list)
    """Every address that was asked for since the last step of the person."""

    async def open(self, path: str) -> TextBrowser:
        self.went = []
        return await self._go("GET", path, "")

    async def follow(self, words: str) -> TextBrowser:
        """The link of these words."""
        return await self.open(urljoin(self.path, next(a for a in self.page.all("a") if a.text == words).attributes["href"]))

    async def press(self, button: str, beside: str = "", **filled: str) -> TextBrowser:
        """The button of these words, beside a text where there are several. `filled`: field → what is typed or chosen; "" for a box that is
        not ticked."""
        self.went = []
        form, pressed = self._button(button, beside)
        fields = _as_shown(form)
        for name, value in filled.items():
            if value or name in ("text", "name"):
                fields[name] = value
            else:
                fields.pop(name, None)
        sent = [*fields.items(), (pressed.attributes["name"], pressed.attributes["value"])]
        return await self._go("POST", form.attributes["action"], urlencode(sent))

    async def again(self, body: Mapping[str, str], path: str) -> TextBrowser:
        """A form that was sent before."""
        return await self._go("POST", path, urlencode(body))

    @property
    def page(self) -> Element:
        return tree_of(self.reply.text)

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def words(self) -> str:
        return next(self.page.all("body")).text

    def said(self, role: str) -> str:
        """What the page says was done (`status`) or was not (`alert`); empty when it says nothing."""
        return " ".join(one.text for one in self.page.all("p") if one.attributes.get("role") == role)

    def typed(self, name: str = "text") -> str:
        """What stands in a field."""
        for one in self.page.all("textarea", "input"):
            if one.attributes.get("name") == name:
                return one.text if one.name == "textarea" else one.attributes.get("value", "")
        raise AssertionError(f"no field {name}")

    def buttons(self) -> list[str]:
        return [one.attributes["value"] for one in self.page.all("input") if one.attributes.get("type") == "submit"]

    def _button(self, words: str, beside: str) -> tuple[Element, Element]:
        for form in self.page.all("form"):
            for one in form.all("input"):
                if one.attributes.get("type") == "submit" and one.attributes["value"] == words and beside in _around(one).text:
                    return form, one
        raise AssertionError(f"no button “{words}” {beside!r} on {self.path}: {self.buttons()}")

    async def _go(self, method: str, path: str, body: str) -> TextBrowser:
        came_from = self.path
        for _ in range(MOST_REDIRECTS):
            self.went.append(f"{method} {path}")
            headers = {"Accept": "text/html", "Cookie": self._cookies_for(path), **self.headers}
            if method == "POST":
                headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{self.origin}{came_from}"}
            reply = await self.send(method, path, {name: value for name, value in headers.items() if value}, body)
            self._keep(reply)
            self.path, self.reply = path, reply
            if reply.status not in (302, 303):
                return self
            method, body, path = "GET", "", urljoin(path, reply.headers["Location"])
        raise AssertionError(f"led in circles: {self.went}")

    def _cookies_for(self, path: str) -> str:
        return "; ".join(f"{name}={value}" for name, (value, of) in self.cookies.items() if urlsplit(path).path.startswith(of))

    def _keep(self, reply: Reply) -> None:
        for text in reply.cookies:
            for name, morsel in SimpleCookie(text).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = (morsel.value, morsel["path"] or "/")


def _around(element: Element) -> Element:
    """The line of a list, or else the form it is in."""
    here: Element = element
    while here.parent is not None and here.name not in ("li", "form"):
        here = here.parent
    return here


def _as_shown(form: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in form.all("input", "textarea", "select"):
        name, kind = one.attributes.get("name", ""), one.attributes.get("type", "")
        if one.name == "textarea":
            found[name] = one.text
        elif one.name == "select":
            chosen = [option for option in one.all("option") if "selected" in option.attributes]
            found[name] = chosen[0].attributes["value"] if chosen else ""
        elif kind not in ("submit", "checkbox", "radio") or (kind in ("checkbox", "radio") and "checked" in one.attributes):
            found[name] = one.attributes.get("value", "")
    return found
