"""Values out of a file that somebody else wrote: tolerant of what is missing, clear about what cannot be used.

What is wrong is gathered, so that everything is told at once; what could not be taken over is noted, one finding for each kind of thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urljoin
from zoneinfo import available_timezones

from services.registration.programme.format.nodes import ProgrammeError, place
from shared.errors import FieldError

T = TypeVar("T")

YEARS: Final = range(1970, 2200)
"""Beyond them no calendar reckons with zones."""
MOST_EXAMPLES: Final = 5
"""Of one kind of finding; the count tells of the rest."""
_DURATION: Final = re.compile(
    r"(?:(?P<days>[0-9]{1,2}):(?=[0-9]+:[0-9]{2}:[0-9]{1,2}$))?(?P<hours>[0-9]{1,3}):(?P<minutes>[0-9]{2})(?::[0-9]{1,2})?"
)


def number(value: Any) -> int:
    """0 when there is none."""
    found = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(found) if re.fullmatch(r"[0-9]{1,18}", found) else 0


def joined(base: str, address: str) -> str:
    """`address` as `base` completes it; as it is where that cannot be done."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


@dataclass(slots=True)
class Notes:
    """What was not taken as it stood, by the code of its sentence: how often, the first examples, and what else the sentence names.
    `subject`: the talk or person at hand, an example of whatever is noted of it."""

    subject: str = ""
    examples: dict[str, list[str]] = field(default_factory=dict)
    params: dict[str, dict[str, object]] = field(default_factory=dict)

    def note(self, code: str, *examples: str, **params: object) -> None:
        known = self.examples.setdefault(code, [])
        known.extend(one for one in dict.fromkeys(examples) if one not in known)
        self.params.setdefault(code, {}).update(params)

    def note_here(self, code: str) -> None:
        self.note(code, self.subject)

    def findings(self, name: str) -> tuple[FieldError, ...]:
        """`name` of the file."""
        return tuple(FieldError(name, code, self._told(code)) for code in self.examples)

    def _told(self, code: str) -> dict[str, object]:
        shown = self.examples[code]
        examples = ", ".join(shown[:MOST_EXAMPLES]) + (", …" if len(shown) > MOST_EXAMPLES else "")
        return {**self.params[code], "count": len(shown), "examples": examples}


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """`name` of the file, for whoever mends it; `errors` are those of single talks, which are read on in spite of them."""

    name: str
    errors: list[FieldError] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def refusal(self, path: str, code: str, line: int = 1, **params: object) -> ProgrammeError:
        return ProgrammeError([FieldError(place(self.name, line, path), code, params)])

    def malformed(self, line: int, column: int) -> ProgrammeError:
        return ProgrammeError([FieldError(place(self.name, line), "exchange.malformed", {"line": line, "column": column})])

    def each(self, read: Callable[[], T]) -> tuple[T, ...]:
        """What `read` gives; nothing where it is refused, which is kept for `whole`."""
        try:
            return (read(),)
        except ProgrammeError as error:
            self.errors.extend(error.fields)
            return ()

    def whole(self) -> None:
        """Raises ProgrammeError with everything that was refused."""
        if self.errors:
            raise ProgrammeError(self.errors)

    def left_out(self, names: Iterable[str], known: frozenset[str]) -> None:
        """Note the names that a programme has no place for."""
        left = [name for name in names if name not in known]
        if left:
            self.notes.note("exchange.not_taken", *left)

    def block(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refusal(path, "exchange.not_schedule", missing=path or "schedule")
        return value

    def items(self, value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.refusal(path, "exchange.not_schedule", missing=path or "schedule")
        return value

    def several(self, value: Any) -> list[dict[str, Any]]:
        """The blocks of a list that may be missing, or hold what nobody knows."""
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

    def text(self, node: dict[str, Any], name: str) -> str:
        """Empty where there is none. Of a text in several languages (`{"en": …, "de": …}`) the first that is not empty."""
        value = node.get(name)
        if isinstance(value, dict):
            value = next((one for one in value.values() if isinstance(one, str) and one.strip()), "")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value.strip() if isinstance(value, str) else ""

    def texts(self, value: Any) -> tuple[str, ...]:
        return tuple(one for one in value if isinstance(one, str) and one.strip()) if isinstance(value, list) else ()

    def zone(self, node: dict[str, Any]) -> str:
        found = self.text(node, "time_zone_name")
        return found if found in available_timezones() else ""

    def required(self, node: dict[str, Any], name: str, path: str) -> str:
        found = self.text(node, name)
        if not found:
            raise self.refusal(f"{path}.{name}", "programme.missing_field", name=name)
        return found

    def day(self, value: Any, path: str) -> date:
        try:
            found = date.fromisoformat(str(value)[:10])
        except ValueError:
            found = date.min
        if found.year not in YEARS:
            raise self.refusal(path, "programme.bad_date", value=str(value)[:60])
        return found

    def minutes(self, value: Any, path: str) -> int:
        """`1:30`, `01:30:00`, `1:06:00:00` with days before; a number alone is minutes."""
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if re.fullmatch("[0-9]{1,4}", text):
            return int(text)
        found = _DURATION.fullmatch(text)
        if found is None:
            raise self.refusal(path, "exchange.bad_duration", value=text[:60])
        return (int(found["days"] or 0) * 24 + int(found["hours"])) * 60 + int(found["minutes"])

    def until(self, value: Any, begins: datetime) -> int | None:
        """Minutes from `begins` to a moment with an offset; None where there is no such moment after it."""
        try:
            length = datetime.fromisoformat(str(value)) - begins
        except (ValueError, TypeError):
            return None
        return int(length.total_seconds()) // 60 if length >= timedelta() else None
