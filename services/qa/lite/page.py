"""What every page without script has: its frame, its notices, its buttons, a question's text.

No script, no picture; one small sheet of styles that a browser keeps. What must not be here: what one page shows, HTTP.
"""

from __future__ import annotations

from typing import Any, Final

from services.qa.lite.html import DOCTYPE, Html, Inside, tag, together
from services.qa.lite.words import Words
from shared.writing import direction

Json = dict[str, Any]

SHEET: Final = "/lite.css"
"""Served by registration, which knows the organiser's colours."""
ROOT: Final = "/lite"


def address(session: str, rest: str = "") -> str:
    return f"{ROOT}/{session}{rest}"


def document(words: Words, *, title: str, here: str, main: Html, event: str = "", foot: Inside = None) -> str:
    """`here`: the path of the page, for the links to it in other languages; empty: there are none, for a form was sent here."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width"),
        tag("title", title),
        tag("link", rel="stylesheet", href=SHEET),
        tag("link", rel="icon", href="data:,"),
    )
    top = tag("header", link("/", event or words.t("page.programme")), _languages(words, here))
    body = tag("body", top, tag("main", main), None if foot is None else tag("footer", foot))
    return together(DOCTYPE, tag("html", head, body, lang=words.lang, dir=direction(words.lang)))


def _languages(words: Words, here: str) -> Inside:
    others = [lang for lang in words.languages if lang != words.lang]
    if not here or not others:
        return None
    found = [together(" ", tag("a", words.named(lang), href=f"{here}?lang={lang}", lang=lang, hreflang=lang)) for lang in others]
    return tag("nav", *found, aria_label=words.t("frame.languages"))


def link(where: str, text: str) -> Html:
    return tag("a", text, href=where)


def notice(text: str) -> Html:
    """Something was done."""
    return tag("p", text, role="status")


def alert(text: str) -> Html:
    """Something was not done, and why."""
    return tag("p", text, role="alert")


def button(name: str, text: str, described_by: str | None = None) -> Html:
    """A button that says by its name which one was pressed: browsers of text send no other value than what they show."""
    return tag("input", type="submit", name=name, value=text, aria_describedby=described_by)


def hidden(name: str, value: str) -> Html:
    return tag("input", type="hidden", name=name, value=value)


def form(action: str, *inside: Inside) -> Html:
    return tag("form", *inside, method="post", action=action)


def spoken(name: str, text: str, language: str, id: str | None = None) -> Html:
    """Words of the event or of its people, in their own language and direction."""
    return tag(name, Words.set(text, language), lang=language or None, dir=direction(language) if language else "auto", id=id)


def asked(text: str, language: str, id: str | None = None) -> Html:
    """A question: which way it runs its own letters say, whatever language its author's page was in."""
    return tag("p", Words.set(text, language), lang=language or None, dir="auto", id=id)


def field(id: str, label: str, control: Html, help: str = "") -> Html:
    return tag("p", tag("label", label, for_=id), tag("br"), control, tag("small", tag("br"), help) if help else None)


def back(words: Words, session: str) -> Html:
    return tag("p", link(address(session), words.t("lite.back")))


def bare(words: Words, text: str, *, kept: str = "", session: str = "") -> str:
    """A page that could not be made: why, the way on, and what was typed on it."""
    typed = together(tag("p", words.t("lite.typed")), tag("textarea", kept, readonly=True, rows="6")) if kept else None
    on = back(words, session) if session else tag("p", link("/", words.t("page.programme")))
    return document(words, title=words.t("lite.title"), here="", main=together(tag("h1", words.t("lite.title")), alert(text), typed, on))
