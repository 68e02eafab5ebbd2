"""Invented programmes that differ in everything a programme may leave out: the files of tests/fixtures/programmes, the example, and large
ones made here. What holds for any programme is tested on all of them."""

from __future__ import annotations

from typing import Final

from tests.support.paths import EXAMPLE, ROOT

FOLDER: Final = ROOT / "tests" / "fixtures" / "programmes"


def programmes() -> dict[str, str]:
    """Text by name."""
    found = {file.stem: file.read_text("utf-8") for file in sorted(FOLDER.glob("*.yaml"))}
    example = (EXAMPLE / "programme.yaml").read_text("utf-8").replace("date: unknown", "date: 2021-06-03", 1)
    return {
        **found,
        "example": example,
        "forty_people": _large(people=40, sessions=4, days=1),
        "congress": _large(people=300, sessions=200, days=3),
    }


def _large(*, people: int, sessions: int, days: int) -> str:
    """Several halls at once, sessions in order, every person somewhere."""
    halls = 1 if sessions < people // 10 else 4
    head = f"format_version: 1\nlanguage: en\nevent:\n  id: congress-{people}\n  name: Congress of {people}\n  date: 2025-08-01\n"
    lines = [f"{head}  timezone: Pacific/Auckland\n  rooms:"]
    for hall in range(halls):
        lines += [f"    - id: hall-{hall}", f"      name: Hall {hall}"]
    lines.append("sessions:")
    per_day = -(-sessions // days)
    for number in range(sessions):
        slot, hall = divmod(number % per_day, halls)
        minutes = 9 * 60 + slot * 30
        lines += [f"  - id: s{number}", "    kind: other", f"    title: Session {number}"]
        lines += [f"    date: 2025-08-{1 + number // per_day:02}"] if number % per_day == 0 and number else []
        lines += [f'    start: "{minutes // 60:02}:{minutes % 60:02}"', "    duration: 30", f"    room: hall-{hall}", "    participants:"]
        for one in range(number * people // sessions, (number + 1) * people // sessions):
            lines += [f"      - person: p{one}", "        roles: [speaker]"]
        if lines[-1].endswith("participants:"):
            lines.append(f"      - person: p{number}\n        roles: [speaker]")
    lines.append("people:")
    for one in range(people):
        lines += [f"  p{one}:", "    given: Kim", f"    family: Number{one}", f"    display: Kim Number{one}"]
    return "\n".join(lines) + "\n"
