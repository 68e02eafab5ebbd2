"""Fields that the format takes and nothing obeys yet: said at every check and import, so that nobody is promised what does not happen.

A field leaves this list in the change that makes the platform obey it; a test walks the format and finds what is in neither place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from services.registration.programme.format.model import Programme
from services.registration.programme.format.shape import shape

NOT_OBEYED: Final = frozenset(
    {
        "event.rooms.capacity",
        "event.hubs.capacity",
        "event.hubs.host",
        "people.titles.as_of",
        "people.photo",
        "people.links",
        "organisations.aliases",
        "organisations.logo",
        "sessions.signup",
        "sessions.items",
        "sessions.participants.position",
        "sessions.participants.presence",
        "partners.position",
        "notices.effective_from",
    }
)
"""Paths in the file without the numbers of lists and the keys of maps."""


def not_obeyed(programme: Programme) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Path, code and params of each such field that the programme uses."""
    return _walk(programme, "", "")


def _walk(block: Any, path: str, pattern: str) -> Iterator[tuple[str, str, dict[str, object]]]:
    for one in shape(type(block)):
        value = getattr(block, one.attribute)
        here, kind = (f"{path}.{one.name}", f"{pattern}.{one.name}") if path else (one.name, one.name)
        if one.from_key or value is None or value == one.default:
            continue
        elif kind in NOT_OBEYED:
            yield here, "not_obeyed", {"field": kind}
        elif one.block is not None:
            pairs = value.items() if one.many == "map" else enumerate(value) if one.many == "list" else [("", value)]
            for key, item in pairs:
                yield from _walk(item, f"{here}.{key}" if key != "" else here, kind)
