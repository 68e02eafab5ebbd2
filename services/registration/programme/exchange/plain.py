"""Texts with HTML or with the links of Markdown → plain text, which is all that a description or a biography may be."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_TAG: Final = re.compile(
    r"</?(a|abbr|b|blockquote|br|code|dd|div|dl|dt|em|figure|h[1-6]|hr|i|img|li|ol|p|pre|section|small|span|strong|sub|sup|table|tbody|td|th"
    r"|tr|tt|u|ul)(\s[^<>]*)?/?>",
    re.IGNORECASE,
)
"""Whoever writes `a < b` or `<name>` means just that."""
_LINK: Final = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)")
_PARAGRAPHS: Final = frozenset({
    "blockquote", "div", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "table", "ul",
})  # fmt: skip
_LINES: Final = frozenset({"br", "dd", "dt", "hr", "li", "tr"})


def plain(text: str) -> str:
    """`text` itself where it has no markup."""
    linked = _LINK.sub(lambda found: _with_address(found[1], found[2]), text)
    return _unmarked(linked) if _TAG.search(linked) else linked


def _with_address(label: str, address: str) -> str:
    return address if label.strip() in {"", address} else f"{label.strip()} ({address})"


def _unmarked(text: str) -> str:
    reader = _Text()
    reader.feed(text)
    reader.close()
    lines = (" ".join(line.split(" ")).strip() for line in "".join(reader.parts).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Text(HTMLParser):
    """What a page would show, a blank line around every paragraph; addresses stand behind their links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[tuple[str, int]] = []
        """Address of each open link, and where its words begin."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append("\n• " if tag == "li" else "\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag == "a" and self._links:
            address, at = self._links.pop()
            label = "".join(self.parts[at:])
            if address.startswith(("http://", "https://")):
                self.parts[at:] = [_with_address(label, address)]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
