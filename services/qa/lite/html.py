"""HTML from values: the only place of these pages where marks are written, so that no text ever is one. Pure."""

from __future__ import annotations

from html import escape
from typing import Final

VOID: Final = frozenset({"input", "link", "meta", "br"})
"""Elements without content (HTML, section 13.1.2)."""


class Html(str):
    """Text that is HTML already. Made by `tag`, `together` and `DOCTYPE` alone."""

    __slots__ = ()


DOCTYPE: Final = Html("<!DOCTYPE html>")
Inside = Html | str | None
"""A plain text is escaped; None is nothing."""


def together(*inside: Inside) -> Html:
    return Html("".join(each if isinstance(each, Html) else escape(each) for each in inside if each is not None))


def tag(name: str, /, *inside: Inside, **attributes: str | bool | None) -> Html:
    """An element. `for_` is the attribute `for`, `aria_label` is `aria-label`; True is an attribute without a value, False and None are
    none."""
    marks = "".join(_attribute(key, value) for key, value in attributes.items())
    return Html(f"<{name}{marks}>") if name in VOID else Html(f"<{name}{marks}>{together(*inside)}</{name}>")


def _attribute(key: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    written = key.strip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(value)}"'
