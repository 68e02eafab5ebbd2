"""What a programme is handed out as when it is not the example: other languages, no venue, several days, cancelled or moved online."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from icalendar import Calendar

from services.registration.programme import Programme, event_calendar, json_ld, parse, public_json, session_calendar
from services.registration.programme.exports.wording import direction

NOW: Final = datetime(2025, 1, 1, 12, tzinfo=UTC)
URL: Final = "https://tablee.example.org/"
BASE: Final = """\
format_version: 1
language: de
event:
  id: tagung
  name: Tagung
  date: 2025-01-30
  timezone: Europe/Berlin
sessions:
  - id: a
    kind: keynote
    label: Vortrag
    title: Anfang
    start: 9 Uhr
    end: 9.45 Uhr
    language: ar
    description: Worum es geht.
  - id: b
    kind: other
    title: Glocke
    date: 2025-01-31
    start: 9h00
    end: 9h00
"""


def programme(*changes: tuple[str, str]) -> Programme:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse(text)


def entries(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl"), ("he", "rtl"), ("ku", "ltr"), ("ku-Arab", "rtl"), ("ar-Latn", "ltr"), ("ja", "ltr")],
)
def test_a_language_tells_which_way_its_texts_run(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_each_text_comes_with_its_language_and_direction_and_a_headline() -> None:
    shown = public_json(programme(), NOW)
    assert (shown["language"], shown["dir"], shown["event"]["headline"]) == ("de", "ltr", "Tagung")
    assert [(one["language"], one["dir"], one["date"]) for one in shown["sessions"]] == [
        ("ar", "rtl", "2025-01-30"),
        ("de", "ltr", "2025-01-31"),
    ]
    assert shown["event"]["days"] == ["2025-01-30", "2025-01-31"]


def test_each_day_is_an_entry_of_the_calendar_and_the_first_keeps_its_uid() -> None:
    first, second = entries(event_calendar(programme(), NOW, url=URL))
    (alone,) = entries(event_calendar(programme(("    date: 2025-01-31\n", "")), NOW, url=URL))
    assert first["UID"] == alone["UID"] != second["UID"]
    assert "Glocke" not in first["DESCRIPTION"]
    assert "Vortrag: Anfang" in first["DESCRIPTION"]


def test_a_session_says_its_room_before_the_venue_and_what_it_is_about() -> None:
    place = ("  timezone", "  venue:\n    name: Haus\n    address: Weg 1\n  rooms:\n    - id: r\n      name: Saal 2\n  timezone")
    (entry,) = entries(session_calendar(programme(place, ("    description", "    room: r\n    description")), "a", NOW))
    assert str(entry["LOCATION"]) == "Saal 2, Haus, Weg 1"
    assert "Worum es geht." in entry["DESCRIPTION"]


def test_a_marker_of_no_length_has_no_end() -> None:
    (entry,) = entries(session_calendar(programme(), "b", NOW))
    assert "DTEND" not in entry


@pytest.mark.parametrize(
    ("status", "calendar", "schema"),
    [
        ("published", "CONFIRMED", "EventScheduled"), ("draft", "TENTATIVE", "EventScheduled"),
        ("postponed", "TENTATIVE", "EventPostponed"),
        ("cancelled", "CANCELLED", "EventCancelled"), ("moved_online", "CONFIRMED", "EventMovedOnline"),
    ],
)  # fmt: skip
def test_the_state_of_the_event_is_that_of_all_its_entries(status: str, calendar: str, schema: str) -> None:
    moved = programme(("  timezone", f"  status: {status}\n  venue:\n    name: Haus\n  timezone"))
    found = [*entries(event_calendar(moved, NOW, url=URL)), *entries(session_calendar(moved, "a", NOW, url=URL))]
    assert {str(entry["STATUS"]) for entry in found} == {calendar}
    node = json_ld(moved, NOW, url=URL)
    assert node is not None
    assert {one["eventStatus"] for one in (node, *node["subEvent"])} == {f"https://schema.org/{schema}"}
    assert ("Haus" in str(found[0]["LOCATION"])) == (status != "moved_online")
    assert [place["@type"] for place in node["location"]] == (["VirtualLocation"] if status == "moved_online" else ["Place"])


def test_without_a_venue_the_page_is_the_place() -> None:
    node = json_ld(programme(), NOW, url=URL)
    assert node is not None
    for one in (node, *node["subEvent"]):
        assert {"name", "startDate", "endDate", "location"} <= set(one)
        assert one["location"] == [{"@type": "VirtualLocation", "url": URL}]
