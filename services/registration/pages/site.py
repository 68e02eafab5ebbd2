"""What pages are made of: templates, the import map, and the version under which assets are served.

Read once, when the service is built.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from markupsafe import Markup

from services.registration.pages import outline
from services.registration.pages.assets import Assets
from services.registration.programme.exports.wording import colon, direction, quotation_marks
from shared.clock import from_text
from shared.messages import dates
from shared.messages.catalogue import DEFAULT_LANGUAGE, Catalogue
from shared.messages.typesetting import typeset

WEB: Final = Path(__file__).resolve().parents[3] / "web"
KILOBYTES: Final = "\ue000"
"""Where a page says what it weighs, until it is whole and that is known."""


class _Compiled(BytecodeCache):
    """Templates as code, for the life of the process: to compile one takes far longer than to fill it in.

    Kept with the hash of their text, by which the library knows one that changed.
    """

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = _Compiled()


class Site:
    """`web`: the folder with pages/, css/, js/, locales/, vendor/."""

    def __init__(self, messages: Catalogue, web: Path = WEB) -> None:
        self._messages = messages
        self._web = web
        self._assets = Assets(web)
        self._environment = Environment(
            loader=FileSystemLoader(web / "pages"),
            autoescape=True,
            auto_reload=False,
            bytecode_cache=_COMPILED,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def assets(self) -> dict[str, Path]:
        """URL prefix → folder."""
        return self._assets.folders

    @property
    def script_hashes(self) -> tuple[str, ...]:
        return self._assets.script_hashes

    def sheet(self, name: str) -> str:
        return self._assets.sheet(name)

    def file(self, name: str) -> Path:
        return self._web / name

    def render(self, template: str, *, lang: str, path: str, query: Mapping[str, str], context: Mapping[str, Any]) -> str:
        def lang_url(other: str) -> str:
            return f"{path}?{urlencode({**query, 'lang': other})}"

        messages = self._messages
        html = self._environment.get_template(template).render(
            {
                "t": partial(messages.text, lang),
                "text_in": messages.text,
                "language_name": partial(_language_name, messages, lang),
                "tn": partial(messages.counted, lang),
                "day_text": partial(_day, messages, lang),
                "named_days": partial(_named_days, messages, lang),
                "days_text": partial(_days, messages, lang),
                "hour_text": partial(_hour, messages, lang),
                "clock_text": partial(_clock, messages, lang),
                "moment_text": partial(dates.moment, messages, lang),
                "zone_text": partial(dates.zone, messages, lang),
                "outline": outline,
                "direction": direction,
                "colon": colon,
                "quotation_marks": quotation_marks,
                "typeset": typeset,
                "lang": lang,
                "languages": [(language, messages.text(language, "language.name")) for language in messages.languages],
                "fallback_language": DEFAULT_LANGUAGE if lang in messages.missing() else None,
                "path": path,
                "asset": self._assets.url,
                "import_map": partial(self._assets.import_map, lang=lang),
                "preloads": self._assets.preloads,
                "lang_url": lang_url,
                "kilobytes": KILOBYTES,
                **context,
            }
        )
        return html.replace(KILOBYTES, str(self._assets.kilobytes(html))) if KILOBYTES in html else html


def data_block(value: object) -> Markup:
    """A JSON-LD data block (no code: browsers do not run it, so the policy needs no hash), or nothing for None."""
    if value is None:
        return Markup("")
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704


def _day(messages: Catalogue, lang: str, iso: str) -> str:
    """`jeudi 18 mars 2021` from `2021-03-18`."""
    return dates.day(messages, lang, date.fromisoformat(iso[:10]))


def _days(messages: Catalogue, lang: str, days: Sequence[str]) -> str:
    """One day, or the first and the last of several."""
    first, last = _day(messages, lang, days[0]), _day(messages, lang, days[-1])
    return first if len(days) == 1 else messages.text(lang, "format.days", first=first, last=last)


def _named_days(messages: Catalogue, lang: str, ids: Sequence[str]) -> str:
    return " · ".join(dates.named_day(messages, lang, id) for id in ids)


def _clock(messages: Catalogue, lang: str, instant: str, zone: str) -> str:
    """The hour of an instant on the clocks of a zone."""
    return dates.hour(messages, lang, from_text(instant).astimezone(ZoneInfo(zone)).time())


def _language_name(messages: Catalogue, lang: str, code: str) -> str:
    """`allemand` for `de`, `anglais australien` for `en-AU`; the code where nobody has a name for it."""
    names = messages.locale(lang).languages
    return str(names.get(code.replace("-", "_")) or names.get(code.partition("-")[0]) or code)


def _hour(messages: Catalogue, lang: str, text: str) -> str:
    """`8 h 45` or `8:45` from what a programme file may say: `08:45` or `8h45`."""
    hours, _, minutes = text.replace("h", ":").partition(":")
    return dates.hour(messages, lang, time(int(hours) % 24, int(minutes or 0)))
