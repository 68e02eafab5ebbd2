"""A page as a tree, with the language and direction that each text has (HTML, sections 3.2.6.2 and 3.2.6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use", "path", "circle"]
)  # the last three: of our drawings, written without an end
NO_WORDS: Final = frozenset({"script", "style", "svg"})


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    parent: Element | None
    children: list[Element | str] = field(default_factory=list)

    @property
    def lang(self) -> str:
        return self._inherited("lang")

    @property
    def dir(self) -> str:
        return self._inherited("dir")

    def _inherited(self, name: str) -> str:
        return self.attributes.get(name) or (self.parent._inherited(name) if self.parent is not None else "")

    @property
    def text(self) -> str:
        """All words in it, blanks single."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for child in self.children if self.name not in NO_WORDS else ():
            yield from (child,) if isinstance(child, str) else child._words()

    def all(self, *names: str) -> Iterator[Element]:
        """Itself and everything below, in the order of the page."""
        if not names or self.name in names:
            yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all(*names)

    def sayings(self) -> dict[str, list[Element]]:
        """Words → the innermost elements that say exactly these."""
        found: dict[str, list[Element]] = {}
        for one in self.all():
            if one.name not in NO_WORDS:
                found.setdefault(one.text, []).append(one)
        inner = {words: {id(one.parent) for one in some} for words, some in found.items()}
        return {words: [one for one in some if id(one) not in inner[words]] for words, some in found.items()}


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.here = self.root = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(made)
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.here.name != tag:
            raise ValueError(f"</{tag}> closes <{self.here.name}>")
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def tree_of(html: str) -> Element:
    """Raises ValueError where an element is closed by another's end tag: the pages leave none open."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    if builder.here is not builder.root:
        raise ValueError(f"<{builder.here.name}> is never closed")
    return builder.root
