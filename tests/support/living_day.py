"""An invented day that is going on now, in two halls, wherever the clock stands: a folder of an event, its programme as it is changed, and
who changes it.

It takes place where it is about noon, so that none of its hours crosses midnight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.support.people import Person

ORDER: Final = "/api/registration/running-order"
EVENT: Final = "harbour-day"
STAGE: Final = "quay"
LOFT_STAGE: Final = "loft-live"
NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """`begins` and `lasts` in minutes, the former from the moment the day was made."""

    id: str
    title: str
    begins: int
    lasts: int
    kind: str = "round_table"
    room: str | None = "quay-hall"
    stage: str | None = STAGE
    people: Sequence[str] = ("noor",)
    day: int = 0
    """Days from today on."""
    stream: bool | None = None


TIDES: Final = Entry("tides", "Who keeps the tides?", -20, 50)
NETS: Final = Entry("nets", "Nets, old and new", 30, 45)
SALT: Final = Entry("salt", "Salt: a workshop", -10, 60, "workshop", "loft", None)
ROPES: Final = Entry("ropes", "Ropes and knots", 50, 40, "workshop", "loft", None)
SUPPER: Final = Entry("supper", "Soup for everyone", 75, 30, "break", None, None, ())
LAMPS: Final = Entry("lamps", "Lamps over the water", 105, 45)


@dataclass(frozen=True, slots=True)
class LivingDay:
    made: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=0, microsecond=0))
    entries: tuple[Entry, ...] = (TIDES, SALT, NETS, ROPES, SUPPER, LAMPS)
    language: str = "en"
    loft_stage: bool = False
    """Whether the loft has a stage too, LOFT_STAGE."""
    tag: str = ""
    """Ends every session's id: what was decided about the sessions of one day says nothing about those of another."""

    def id(self, name: str) -> str:
        return f"{name}-{self.tag}" if self.tag else name

    @property
    def zone(self) -> str:
        """Where it is noon: `Etc/GMT+8` is eight hours behind UTC."""
        ahead = NOON - self.made.hour
        return "Etc/GMT" if ahead == 0 else f"Etc/GMT{-ahead:+d}"

    def local(self, minutes: int) -> datetime:
        """Where the event is, without a zone."""
        return (self.made + timedelta(hours=NOON - self.made.hour, minutes=minutes)).replace(tzinfo=None)

    def hour(self, minutes: int) -> str:
        """As English pages write it."""
        at = self.local(minutes)
        return f"{at.hour}:{at.minute:02}"

    def without(self, id: str) -> LivingDay:
        return replace(self, entries=tuple(one for one in self.entries if one.id != id))

    def changed(self, id: str, **change: object) -> LivingDay:
        return replace(self, entries=tuple(replace(one, **change) if one.id == id else one for one in self.entries))  # type: ignore[arg-type]

    def text(self) -> str:
        """programme.yaml."""
        day = self.local(0).date().isoformat()
        lines = [
            f"format_version: 1\nlanguage: {self.language}\nevent:\n  id: {EVENT}\n  name: Harbour day\n  date: {day}",
            f"  timezone: {self.zone}\n  status: published\n  rooms:",
            "    - {id: quay-hall, name: Quay hall}\n    - {id: loft, name: The loft}",
            "    - {id: cellar, name: The cellar}\n    - {id: roof, name: The roof}",
            f"  stages:\n    - {{id: {STAGE}, name: Quay stage, room: quay-hall}}",
            *([f"    - {{id: {LOFT_STAGE}, name: Loft stage, room: loft}}"] if self.loft_stage else []),
            "sessions:",
            *(self._entry(one) for one in sorted(self.entries, key=lambda one: (one.day, one.begins))),
            "people:\n  noor: {given: Noor, family: Haddad, display: Noor Haddad}\n  jens: {given: Jens, family: Lund, display: Jens Lund}",
        ]
        return "\n".join(lines) + "\n"

    def _entry(self, one: Entry) -> str:
        lines = [f"  - id: {self.id(one.id)}", f"    kind: {one.kind}", f"    title: '{one.title}'"]
        lines += [f"    date: {self.local(0).date() + timedelta(days=one.day)}"] if one.day else []
        lines += [f"    start: '{self.local(one.begins):%H:%M}'", f"    end: '{self.local(one.begins + one.lasts):%H:%M}'"]
        lines += [f"    room: {one.room}"] if one.room else []
        lines += [f"    stage: {one.stage}"] if one.stage else []
        lines += [f"    stream: {str(one.stream).lower()}"] if one.stream is not None else []
        if one.people:
            lines += ["    participants:", *(f"      - {{person: {person}, roles: [speaker]}}" for person in one.people)]
        return "\n".join(lines)

    def write(self, folder: Path) -> Path:
        """The folder of the event, for TABLEE_EVENT."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "programme.yaml").write_text(self.text(), "utf-8")
        return folder


def crowd(day: LivingDay, sessions: int) -> LivingDay:
    """With so many sessions, on three days from today on, in four halls."""
    own = len(day.entries)
    halls = ["quay-hall", "loft", "cellar", "roof"]
    others = [
        Entry(
            f"more-{n}",
            f"One of many, number {n}",
            -180 + 30 * (n // len(halls) % 16),
            30,
            "other",
            halls[n % len(halls)],
            None,
            (),
            n // 67,
        )
        for n in range(sessions - own)
    ]
    return replace(day, entries=(*day.entries, *others))


@dataclass(frozen=True, slots=True)
class Operator:
    """Changes the day as the control page and the import do."""

    person: Person

    async def publish(self, day: LivingDay) -> LivingDay:
        _, programme = await self.person.insist("GET", "/api/registration/programme")
        body = {"yaml": day.text(), "expected_version": programme["version"]}
        status, answer = await self.person.insist("POST", "/api/registration/programme", body)
        assert status == 200, answer
        return day

    async def order(self) -> dict[str, Any]:
        return (await self.person.insist("GET", ORDER))[1]

    async def change(self, command: str, session: str | None = None, **more: Any) -> None:
        order = await self.order()
        status, answer = await self.person.insist(
            "POST", ORDER, {"command": command, "session": session, "expected_version": order["version"], **more}
        )
        assert status == 200, answer
