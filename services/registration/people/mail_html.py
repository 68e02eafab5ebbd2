"""How a mail looks: one column, one button, every rule inline because mail programs keep no style sheet.

No picture, no font, nothing fetched from anywhere: the mail does not report that it was read. Ground and ink are the reader's own
(`color-scheme`), so that light and dark both read; only the button has colours. What must not be here: words, escaping (who fills it in).
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 560
"""Pixels of the column, at most."""
SANS: Final = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
SERIF: Final = "'Iowan Old Style','Palatino Linotype',Georgia,serif"
_BODY: Final = f"margin:0;padding:0;font-family:{SANS};font-size:17px;line-height:1.5;-webkit-text-size-adjust:100%"
_PARAGRAPH: Final = "margin:0 0 16px"
_SMALL: Final = "margin:0 0 12px;font-size:15px;line-height:1.45"
_RULE: Final = "margin:8px 0 20px;border:0;border-top:1px solid #8a857c"


@dataclass(frozen=True, slots=True)
class Button:
    """`colour` and `on_colour`: of its ground and of its words, as `#RRGGBB`; the contrast between them is the theme's affair."""

    address: str
    words: str
    colour: str
    on_colour: str

    def html(self) -> str:
        look = f"display:inline-block;padding:14px 28px;border:2px solid {self.colour};border-radius:6px;background-color:{self.colour};"
        look += f"color:{self.on_colour};font-size:18px;font-weight:600;line-height:1.2;text-decoration:none"
        return f'<p style="margin:24px 0"><a href="{html.escape(self.address)}" style="{look}">{html.escape(self.words)}</a></p>\n'


@dataclass(frozen=True, slots=True)
class Sheet:
    """`title` is plain; everything else is HTML: `heading`, paragraphs of `opening` and `facts`, `small` ones at the end. The address of
    the button stands below it for whoever cannot press, after the words `instead`."""

    language: str
    direction: str
    title: str
    heading: str
    opening: Sequence[str]
    button: Button
    instead: str
    facts: Sequence[str]
    small: Sequence[str]


def page(sheet: Sheet) -> str:
    """The whole document."""
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light dark">'
    head += f'<meta name="supported-color-schemes" content="light dark"><title>{html.escape(sheet.title)}</title>'
    root = f'<html lang="{sheet.language}" dir="{sheet.direction}" style="color-scheme:light dark">'
    cell = f'<td style="max-width:{WIDTH}px;padding:28px 20px 36px;overflow-wrap:anywhere">'
    table = f'<table role="presentation" dir="{sheet.direction}" align="center" width="100%" cellpadding="0" cellspacing="0" border="0"'
    look = f"max-width:{WIDTH}px;margin:0 auto;font-size:17px;line-height:1.5"
    body = f'{table} style="{look}"><tr>{cell}\n{_content(sheet)}</td></tr></table>'
    return f'<!doctype html>\n{root}\n<head>{head}</head>\n<body style="{_BODY}">\n{body}\n</body>\n</html>\n'


def _content(sheet: Sheet) -> str:
    heading = f'<h1 style="margin:0 0 20px;font-family:{SERIF};font-size:26px;font-weight:500;line-height:1.25">{sheet.heading}</h1>\n'
    address = html.escape(sheet.button.address)
    instead = _paragraphs([f"{sheet.instead}<br>{address}"], _SMALL)
    rule = f'<hr style="{_RULE}">\n' if sheet.facts or sheet.small else ""
    before, after = _paragraphs(sheet.opening, _PARAGRAPH), _paragraphs(sheet.facts, _PARAGRAPH)
    return f"{heading}{before}{sheet.button.html()}{instead}{rule}{after}{_paragraphs(sheet.small, _SMALL)}"


def _paragraphs(texts: Sequence[str], look: str) -> str:
    return "".join(f'<p style="{look}">{one}</p>\n' for one in texts)
