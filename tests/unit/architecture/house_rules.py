"""What no line of the table of rooms may say, whoever writes it: the rules of the house that the table is only the detail of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from tests.unit.architecture.rooms import Room

SERVICES: Final = ("registration", "streaming", "qa")
ONE_ROOM: Final = {
    "motor": "storage/mongo",
    "pymongo": "storage/mongo",
    "aio_pika": "bus/rabbit",
    "aiosmtplib": "mail/smtp",
    "websockets": "qa/feed/server",
    "jinja2": "registration/site",
    "segno": "registration/qr",
    "icalendar": "registration/exports",
    "yaml": "registration/format",
    "ffmpeg": "streaming/pipeline",
    "imageio_ffmpeg": "streaming/encoding",
    "jwt": "auth",
    "cryptography": "auth",
}
"""The only room of each driver and each library that has one purpose."""
ADAPTERS: Final = frozenset({"bus/rabbit", "bus/embedded", "storage/mongo", "storage/mongod", "storage/program", "mail/smtp", "mail/files"})
ROOTS: Final = frozenset({"compose", "doctor", "links", "main", "programme_commands"})
TRANSPORT: Final = frozenset({"aiohttp", "websockets", "jinja2", "motor", "pymongo", "aio_pika", "aiosmtplib", "ffmpeg"})
PURE_LIBRARIES: Final = frozenset(
    {"yaml", "icalendar", "pydantic", "ffmpeg", "segno", "babel", "email_validator", "rapidfuzz", "snowballstemmer"}
)
"""Libraries that take values and give values."""
ROLES_NEVER: Final = {
    "domain": (
        "*/store",
        "*/app",
        "*/api",
        "*/reactions",
        "*/service",
        "*/feed",
        "*/feed/server",
        "*/pages",
        "storage",
        "bus",
        "http",
        "service",
    ),
    "store": ("*/app", "*/api", "*/reactions", "*/service", "*/feed", "*/feed/*", "*/admission", "*/pages", "http", "bus"),
    "app": ("*/api", "*/reactions", "*/feed/server", "*/admission", "*/pages", "*/service", "http", "config"),
    "reactions": ("*/api", "*/feed/server", "*/admission", "*/pages", "*/service", "http"),
    "api": ("*/store", "*/reactions", "*/service", "*/feed/server", "storage"),
    "pages": ("*/store", "*/reactions", "*/service", "storage"),
    "feed": ("*/store", "*/app", "*/api", "*/reactions", "*/service", "*/feed/server", "storage", "bus", "http"),
}
"""By the last word of a room's name: rooms that it never uses."""


def faults_of_table(rooms: Mapping[str, Room]) -> list[str]:
    found: list[str] = []
    for name, room in rooms.items():
        used = _used(rooms, name)
        found += [f"{name} {fault}" for fault in _faults(rooms, name, room, used)]
    return found


def _faults(rooms: Mapping[str, Room], name: str, room: Room, used: set[str]) -> Iterator[str]:
    yield from _unknown(rooms, room)
    yield from _library_faults(name, room)
    yield from _direction_faults(name, used)
    if room.level == "pure":
        yield from (f"is pure and uses {other}, which is not" for other in sorted(used) if rooms[other].level != "pure")
        yield from (f"is pure and has {library}" for library in sorted(set(room.libraries.split()) - PURE_LIBRARIES))
    role = name.rpartition("/")[2]
    if role in ROLES_NEVER and service_of(name):
        never = ROLES_NEVER[role]
        yield from (f"uses {other}" for other in sorted(used) for pattern in never if fnmatchcase(other, pattern) and other != name)
    if role in ("app", "reactions", "store", "domain", "feed") and service_of(name):
        yield from (f"has {library}" for library in sorted(set(room.libraries.split()) & TRANSPORT))
        if room.level == "edge":
            yield "may use files, processes and sockets"


def _unknown(rooms: Mapping[str, Room], room: Room) -> Iterator[str]:
    for pattern in room.uses.split():
        if not any(fnmatchcase(other, pattern) for other in rooms):
            yield f"uses {pattern}, which is no room"


def _library_faults(name: str, room: Room) -> Iterator[str]:
    for library in sorted(room.libraries.split()):
        if ONE_ROOM.get(library, name) != name:
            yield f"has {library}, which belongs to {ONE_ROOM[library]}"


def _direction_faults(name: str, used: set[str]) -> Iterator[str]:
    own = service_of(name)
    for other in sorted(used):
        theirs = service_of(other)
        if name in ROOTS:
            if other == "compose" and name != "main":
                yield "uses the composition root"
            continue
        if theirs and theirs != own:
            yield f"uses {other}"
        if other in ROOTS:
            yield f"uses {other}"
        if other in ADAPTERS and name not in ADAPTERS:
            yield f"uses the adapter {other}"


def _used(rooms: Mapping[str, Room], name: str) -> set[str]:
    patterns = rooms[name].uses.split()
    return {other for other in rooms for pattern in patterns if fnmatchcase(other, pattern) and other != name}


def service_of(room: str) -> str:
    first = room.partition("/")[0]
    return first if first in SERVICES else ""
