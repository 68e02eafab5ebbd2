"""What the browsers of a test requested, complained about and received over the live feed. Judging it is up to the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, WebSocket


@dataclass
class BrowserLog:
    addresses: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    """Errors of scripts, of the console (violations of the content policy are among them), and requests that were refused."""
    frames: dict[Page, list[str]] = field(default_factory=dict)

    def record(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.addresses.add(request.url))
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("page", self._page)

    def origins(self) -> set[str]:
        """`scheme://host:port` of everything that was asked for, but for what a page holds in itself."""
        parts = (urlsplit(address) for address in self.addresses)
        return {f"{one.scheme}://{one.netloc}" for one in parts if one.scheme not in ("blob", "data")}

    def received(self, page: Page) -> str:
        """Every frame of the live feed that reached `page`."""
        return "\n".join(self.frames.get(page, []))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _page(self, page: Page) -> None:
        frames = self.frames.setdefault(page, [])

        def opened(socket: WebSocket) -> None:
            self.addresses.add(socket.url)
            socket.on("framereceived", lambda frame: frames.append(frame if isinstance(frame, str) else ""))

        page.on("websocket", opened)
