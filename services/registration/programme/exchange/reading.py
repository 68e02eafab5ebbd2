"""Values out of a file that somebody else wrote: tolerant of what is missing, clear about what cannot be used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from services.registration.programme.format.nodes import ProgrammeError, place
from shared.errors import FieldError


def number(value: Any) -> int:
    """0 when there is none."""
    found = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(found) if re.fullmatch(r"[0-9]{1,18}", found) else 0


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """`name` of the file, for whoever mends it."""

    name: str

    def refusal(self, path: str, code: str, line: int = 1, **params: object) -> ProgrammeError:
        return ProgrammeError([FieldError(place(self.name, line, path), code, params)])

    def malformed(self, line: int, column: int) -> ProgrammeError:
        return ProgrammeError([FieldError(place(self.name, line), "exchange.malformed", {"line": line, "column": column})])

    def block(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refusal(path, "exchange.not_schedule")
        return value

    def items(self, value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.refusal(path, "exchange.not_schedule")
        return value

    def several(self, value: Any) -> list[dict[str, Any]]:
        """The blocks of a list that may be missing, or hold what nobody knows."""
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

    def text(self, node: dict[str, Any], name: str) -> str:
        value = node.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        found = value.strip() if isinstance(value, str) else ""
        return "" if name == "time_zone_name" and found not in available_timezones() else found

    def required(self, node: dict[str, Any], name: str, path: str) -> str:
        found = self.text(node, name)
        if not found:
            raise self.refusal(f"{path}.{name}", "programme.missing_field", name=name)
        return found

    def day(self, value: Any, path: str) -> date:
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            raise self.refusal(path, "programme.bad_date", value=str(value)[:60]) from None

    def minutes(self, value: Any, path: str) -> int:
        """`1:30`, `01:30:00`."""
        found = re.fullmatch(r"([0-9]{1,3}):([0-9]{2})(?::[0-9]{1,2})?", str(value or ""))
        if found is None:
            raise self.refusal(path, "exchange.bad_duration", value=str(value)[:60])
        return int(found[1]) * 60 + int(found[2])
