"""The kinds of value a programme file may hold: how each is read from the scalar a person typed and written back.

A kind's `read` takes the scalar's text exactly as typed (never what YAML would guess: `08:45` is no number here) and raises `Unfit` with
the code of the sentence; `write` gives the text back so that reading it again yields the same value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Protocol
from zoneinfo import available_timezones

from shared.address import carried
from shared.text import Unmendable, tidy, tidy_lines

UNKNOWN = "unknown"
"""The word for "the printed text does not say", which is not the same as empty."""


LAST_HOUR = 29
"""The last hour that still belongs to the night of a day: 29:59 is one minute to six the next morning."""

_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?P<sign> ?(?:h|u|uhr|[:.])(?: ?(?P<minute>[0-5][0-9])(?: ?uhr|:00)?)?)?(?: ?(?P<half>[ap])\.?m\.?)?"
)
_LINE_ENDS = re.compile("[\v\f\x85\u2028\u2029]")
"""Breaks that come along with pasted text; nobody types them."""


class Unfit(Exception):
    """A scalar that is not of its kind: `code` and `params` of the sentence that says why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Any] = params


class Kind(Protocol):
    def read(self, text: str) -> Any: ...

    def write(self, value: Any) -> str: ...


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day, to the minute, with the way it was printed (`8h45`, `08:45`). `hour` goes on after 23: `24:30` is half past
    midnight, in the night that follows the day."""

    hour: int
    minute: int
    text: str

    @property
    def minutes(self) -> int:
        """Minutes since the midnight that began the day."""
        return self.hour * 60 + self.minute

    def __str__(self) -> str:
        """As a clock on the wall shows it."""
        return f"{self.hour % 24:02}:{self.minute:02}"


def nearest(word: str, known: list[str]) -> str:
    """The known word most like `word`, or the empty text when none is like it."""
    found = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return found[0] if found else ""


def _pasted(text: str) -> str:
    """Without the invisible marks and blanks that copying adds; as it is when that cannot be done."""
    try:
        return tidy(text)
    except Unmendable:
        return text


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people: 1 to `max` characters, tidy (shared.text); several lines only where `lines` says so."""

    max: int
    lines: bool = False

    def read(self, text: str) -> str:
        try:
            value = tidy_lines(text if self.lines else _LINE_ENDS.sub(" ", text))
        except Unmendable:
            raise Unfit("programme.control_character") from None
        if not value:
            raise Unfit("programme.blank")
        if len(value) > self.max:
            raise Unfit("programme.too_long", length=len(value), max=self.max)
        if "\n" in value and not self.lines:
            raise Unfit("programme.one_line")
        return value

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Pattern:
    """A short text of a strict form, such as an id, an e-mail address or a checksum."""

    form: str
    code: str
    max: int = 200

    def read(self, text: str) -> str:
        value = _pasted(text)
        if len(value) > self.max or re.fullmatch(self.form, value) is None:
            raise Unfit(self.code, value=text[:60])
        return value

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An e-mail address, kept as it was typed."""

    def read(self, text: str) -> str:
        value = _pasted(text)
        try:
            carried(value)
        except ValueError:
            raise Unfit("programme.bad_email", value=text[:60]) from None
        return value

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of something described elsewhere in the file: `people`, `organisations`, `rooms` or `stages`."""

    of: str

    def read(self, text: str) -> str:
        return SLUG.read(text)

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a closed list."""

    words: tuple[str, ...]
    code: str = "programme.unknown_choice"

    def read(self, text: str) -> str:
        if text not in self.words:
            raise Unfit(self.code, value=text[:60], choices=", ".join(self.words), nearest=nearest(text, list(self.words)))
        return text

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    def read(self, text: str) -> int:
        if re.fullmatch(r"-?[0-9]{1,9}", text) is None:
            raise Unfit("programme.not_number", value=text[:60])
        value = int(text)
        if not self.low <= value <= self.high:
            raise Unfit("programme.out_of_range", value=value, low=self.low, high=self.high)
        return value

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Places:
    """How many people fit: a whole number, or `unlimited`."""

    def read(self, text: str) -> int | str:
        return text if text == "unlimited" else Number(0, 1_000_000).read(text)

    def write(self, value: int | str) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`, nothing else: `yes` and `on` mean different things to different YAML readers."""

    def read(self, text: str) -> bool:
        if text not in {"true", "false"}:
            raise Unfit("programme.not_flag", value=text[:60])
        return text == "true"

    def write(self, value: bool) -> str:
        return "true" if value else "false"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as people print it: `8h45`, `9 h 45`, `8h`, `08:45`, `9.45`, `9:45:00`, `9 Uhr 30`, `2 pm`, `24:30`. The blanks may
    be of any width. `9h5` is refused: nobody can know whether a digit is missing before or after the five."""

    def read(self, text: str) -> ClockTime:
        try:
            printed = tidy(text)
        except Unmendable:
            raise Unfit("programme.control_character") from None
        found = _CLOCK.fullmatch(printed.casefold())
        if found is None:
            raise Unfit("programme.bad_time", value=text[:60])
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if found["half"]:
            if not 1 <= hour <= 12:
                raise Unfit("programme.bad_time", value=text[:60])
            hour = hour % 12 + (12 if found["half"] == "p" else 0)
        elif not found["sign"] or hour > LAST_HOUR or (found["sign"] in (":", ".") and found["minute"] is None):
            raise Unfit("programme.bad_time", value=text[:60])
        return ClockTime(hour, minute, printed)

    def write(self, value: ClockTime) -> str:
        return value.text


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date, `2021-06-03` (ISO 8601)."""

    def read(self, text: str) -> date:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
            raise Unfit("programme.bad_date", value=text[:60])
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Unfit("programme.bad_date", value=text[:60]) from None

    def write(self, value: date) -> str:
        return value.isoformat()


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone of the IANA database, `Europe/Paris`."""

    def read(self, text: str) -> str:
        if text not in available_timezones():
            raise Unfit("programme.bad_timezone", value=text[:60])
        return text

    def write(self, value: str) -> str:
        return value


SLUG = Pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "programme.bad_id", max=80)
REASON = Pattern(r"[a-z0-9]+([-_][a-z0-9]+)*", "programme.bad_id", max=40)
"""Of a reason: Tablée's own are written with `_`."""
LANGUAGE = Pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "programme.bad_language", max=35)
EMAIL = MailAddress()
URL = Pattern(r"https?://[^\s<>\"]+", "programme.bad_url", max=2000)
SHA256 = Pattern(r"[0-9a-f]{64}", "programme.bad_digest")
FILE = Pattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*", "programme.bad_file", max=300)
COLOUR = Pattern(r"#[0-9A-Fa-f]{6}", "theme.bad_colour", max=7)
