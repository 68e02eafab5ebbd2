"""The page that shows a person everything that is held about them, in words; the same as a file is in `people/held_api`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from services.registration.limits import GATHERING
from services.registration.pages.frame import Frame, page_route, to_link_page
from services.registration.people.gathering import Gathering
from shared.clock import from_text
from shared.messages.catalogue import Catalogue
from shared.messages.dates import named_day
from shared.service.route import Route

PAGE: Final = "/place/data"
FILE: Final = "/api/registration/me/data"
"""The same as JSON (`people/held_api`)."""
WORDED: Final = frozenset({"door", "state", "choice", "status", "made_for", "where", "language", "days", "passage", "standing"})
"""Facts that are one of a few words: shown in words of the page where it has some."""
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True, slots=True)
class HeldFact:
    """`name` in words, and one of `text` and `at`, an instant, with its day where the event is."""

    name: str
    text: str = ""
    at: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class HeldPart:
    """What a service keeps under one name: `entries` of facts each; `one`: there is never more than one, and it needs no title."""

    title: str
    entries: Sequence[Sequence[HeldFact]]
    one: bool = False


class HeldPages:
    def __init__(self, frame: Frame, gathering: Gathering) -> None:
        self._frame, self._gathering = frame, gathering

    def routes(self) -> list[Route]:
        return [page_route("GET", PAGE, self.data, "heldPage", "Everything that is held about oneself, in words", GATHERING)]

    async def data(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.caller(request)
        if caller is None:
            return to_link_page(request)
        held = await self._gathering.of_session(self._frame.cookies.session_of(request))
        zone = self._frame.publishing.running.programme.event.timezone
        words = HeldWords(self._frame.language(request), self._frame.ports.messages, ZoneInfo(zone))
        context = {
            "services": [(name, *parts(kept, words)) for name, kept in held.services.items()],
            "missing": held.missing,
            "made_at": held.at,
            "zone": zone,
            "file": FILE,
        }
        response = await self._frame.page(request, "held.html", context, caller=caller)
        response.headers["Cache-Control"] = "no-store"
        return response


def parts(kept: Mapping[str, object], words: HeldWords) -> tuple[list[HeldPart], list[str]]:
    """What there is, and the titles of what there is nothing of."""
    found: list[HeldPart] = []
    nothing: list[str] = []
    for name, value in kept.items():
        title = words.of("part", name)
        if value in ([], {}, 0, None, ""):
            nothing.append(title)
        elif isinstance(value, Mapping):
            found.append(HeldPart(title, [words.facts(value)], one=True))
        elif isinstance(value, list):
            found.append(HeldPart(title, [words.facts(each) if isinstance(each, Mapping) else [words.fact("", each)] for each in value]))
        else:
            found.append(HeldPart(title, [[replace(words.fact("", value), name=title)]], one=True))
    return found, nothing


class HeldWords:
    """`held.<kind>.<name>` in the reader's language; what a service names without words of ours stands as it is."""

    def __init__(self, lang: str, messages: Catalogue, zone: ZoneInfo) -> None:
        self._lang, self._messages, self._zone = lang, messages, zone

    def of(self, kind: str, name: str) -> str:
        key = f"held.{kind}.{name}"
        return self._messages.text(self._lang, key) if key in self._messages else name.replace("_", " ")

    def facts(self, value: Mapping[str, Any]) -> list[HeldFact]:
        return [self.fact(name, each) for name, each in value.items() if each not in (None, "", [], {})]

    def fact(self, name: str, value: object) -> HeldFact:
        title = self.of("fact", name) if name else ""
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return HeldFact(title, at=value, day=self._day(value))
        return HeldFact(title, self._text(name, value))

    def _day(self, instant: str) -> str:
        return from_text(instant).astimezone(self._zone).date().isoformat()

    def _text(self, name: str, value: object) -> str:
        if isinstance(value, bool):
            return self.of("value", "yes" if value else "no")
        if isinstance(value, Mapping):
            return " · ".join(f"{self.of('fact', key)} {self._text(key, each)}" for key, each in value.items() if each is not None)
        if isinstance(value, list):
            return " ; ".join(self._text(name, each) for each in value)
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return named_day(self._messages, self._lang, self._day(value))
        return self.of("value", str(value)) if name in WORDED else str(value)
