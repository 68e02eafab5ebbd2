"""What holds for any programme, whatever it leaves out: nothing is called None, nothing is empty, every standard gets what it requires."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import jsonschema
import pytest
from icalendar import Calendar

from services.registration.programme import (
    Programme,
    event_calendar,
    json_ld,
    now_next,
    parse,
    parse_with_warnings,
    public_json,
    session_calendar,
    to_event,
    write,
)  # fmt: skip
from services.registration.programme.day import days, spans
from services.registration.programme.exchange.inward import Imported, from_json, from_xml
from services.registration.programme.exchange.model import Embedded
from services.registration.programme.exchange.outward import exchange_of
from services.registration.programme.exchange.schedule_json import write_json
from services.registration.programme.exchange.schedule_xml import write_xml
from services.registration.programme.exports.ics import sessions_calendar
from tests.support.messages import MESSAGES
from tests.support.programmes import programmes
from tests.support.schedule_schema import SCHEDULE_JSON, faults_of_xml

TEXTS: Final = programmes()
PROGRAMMES: Final = {name: parse(text) for name, text in TEXTS.items()}
NOW: Final = datetime(2025, 1, 1, 12, tzinfo=UTC)
URL: Final = "https://tablee.example.org/"
EACH: Final = pytest.mark.parametrize("name", TEXTS)


def values(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar below a JSON value, with where it is."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from values(value, f"{path}.{key}")
    else:
        yield path, node


def entries_of(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def local(programme: Programme) -> list[tuple[str, str]]:
    """Title and start of every session, in a form that does not depend on how they were printed."""
    when = spans(programme, NOW)
    starts = [(session.title, when[session.id][0]) for session in programme.sessions]
    return sorted((title, start.astimezone(UTC).isoformat()) for title, start in starts if start)


def test_the_programmes_differ_in_what_matters() -> None:
    assert len(TEXTS) >= 10
    assert {len(programme.people) for programme in PROGRAMMES.values()} >= {1, 40, 300}
    assert {len(programme.sessions) for programme in PROGRAMMES.values()} >= {1, 4, 200}
    assert {len(days(programme, NOW)) for programme in PROGRAMMES.values()} >= {1, 2, 3}
    assert {programme.language.split("-")[0] for programme in PROGRAMMES.values()} >= {"de", "ar", "ja", "en", "fr"}


@EACH
def test_it_is_taken_with_questions_in_words_and_written_the_same_twice(name: str) -> None:
    programme, warnings = parse_with_warnings(TEXTS[name])
    assert parse(write(programme)) == programme
    assert write(parse(write(programme))) == write(programme)
    for warning in warnings:
        assert warning.code in MESSAGES
        assert re.match(r"programme\.yaml:[1-9]", warning.path)


@EACH
def test_what_everyone_may_know_holds_no_none_and_no_empty_text(name: str) -> None:
    shown = public_json(PROGRAMMES[name], NOW)
    assert json.loads(json.dumps(shown)) == shown
    for path, value in values(shown):
        assert value != "None", path
        assert value != "", path
    assert shown["event"]["headline"]
    assert {one["dir"] for one in shown["sessions"]} <= {"ltr", "rtl"}
    assert len({person["id"] for person in shown["people"]}) == len(PROGRAMMES[name].people)


@EACH
def test_the_event_for_the_other_services_has_every_session_with_its_hours(name: str) -> None:
    event = to_event(PROGRAMMES[name], digest="0" * 64, now=NOW)
    assert len(event.sessions) == len(PROGRAMMES[name].sessions)
    assert all(session.starts_at for session in event.sessions)


@EACH
def test_calendars_are_read_back_with_the_same_hours(name: str) -> None:
    programme = PROGRAMMES[name]
    entries = entries_of(sessions_calendar(programme, NOW, url=URL))
    found = sorted((str(entry["SUMMARY"]), entry["DTSTART"].dt.astimezone(UTC).isoformat()) for entry in entries)
    assert sorted(start for _, start in found) == sorted(start for _, start in local(programme))
    assert len({str(entry["UID"]) for entry in entries}) == len(entries)
    per_day = entries_of(event_calendar(programme, NOW, url=URL))
    assert len(per_day) == len(days(programme, NOW))
    for entry in [*entries, *per_day]:
        assert "None" not in entry.to_ical().decode()
        assert "DTEND" not in entry or entry["DTEND"].dt > entry["DTSTART"].dt
    first = programme.sessions[0].id
    assert b"BEGIN:VEVENT" in session_calendar(programme, first, NOW)


def places_of(node: Any) -> set[str]:
    """The kinds of its locations, each whole by what Google requires: an address of a place, a URL of a virtual one."""
    for place in node["location"]:
        assert place["url"].startswith("https://") if place["@type"] == "VirtualLocation" else place["name"] and place["address"]
    return {place["@type"] for place in node["location"]}


BY_MODE: Final = {
    "https://schema.org/OfflineEventAttendanceMode": {"Place"},
    "https://schema.org/OnlineEventAttendanceMode": {"VirtualLocation"},
    "https://schema.org/MixedEventAttendanceMode": {"Place", "VirtualLocation"},
}


@EACH
def test_search_engines_get_what_they_require_and_recommend(name: str) -> None:
    node = json_ld(PROGRAMMES[name], NOW, url=URL)
    assert node is not None
    for one in (node, *node["subEvent"]):
        assert one["@type"] == "Event"
        assert one["name"]
        assert one["url"].startswith("https://")
        assert datetime.fromisoformat(one["startDate"]).tzinfo is not None
        assert datetime.fromisoformat(one["endDate"]) >= datetime.fromisoformat(one["startDate"])
        assert re.fullmatch("https://schema.org/Event(Scheduled|Cancelled|Postponed|Rescheduled|MovedOnline)", one["eventStatus"])
        assert places_of(one)
        assert "eventAttendanceMode" not in one or places_of(one) == BY_MODE[one["eventAttendanceMode"]]
        assert one["organizer"]["name"]
        assert one["organizer"]["url"].startswith("http")
        assert all(performer["name"] for performer in one.get("performer", ()))
        assert not {"offers", "isAccessibleForFree"} & {*one}
    assert node["description"]
    for path, value in values(node):
        assert value not in (None, "", "None"), path


def test_how_to_attend_is_said_of_every_programme_that_says_where_it_is() -> None:
    """The minimal one does not: it has no place and no stream."""
    silent = {name for name, programme in PROGRAMMES.items() if "eventAttendanceMode" not in (json_ld(programme, NOW, url=URL) or {})}
    assert silent == {
        name for name, one in PROGRAMMES.items() if not (one.event.venue or one.event.rooms or one.event.stages or one.event.modes)
    }


@EACH
@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_standards_of_the_field_take_it_and_give_it_back(name: str, form: str) -> None:
    programme, files = PROGRAMMES[name], Embedded(TEXTS[name])
    exchange = exchange_of(programme, NOW, url=URL, version="1", embedded=files)
    text = write_json(exchange) if form == "json" else write_xml(exchange)
    if form == "json":
        jsonschema.validate(json.loads(text), SCHEDULE_JSON, format_checker=jsonschema.FormatChecker())
    else:
        assert faults_of_xml(text) == []
    taken = from_json if form == "json" else from_xml
    assert taken(text, "f") == Imported(files.programme)
    bare = exchange_of(programme, NOW, url=URL, version="1")
    back = parse(taken(write_json(bare) if form == "json" else write_xml(bare), "f").programme)
    cancelled = {session.title for session in programme.sessions if session.status == "cancelled"}
    assert local(back) == [one for one in local(programme) if one[0] not in cancelled]


@EACH
def test_now_is_nothing_before_and_after_and_the_first_session_is_next_before(name: str) -> None:
    programme = PROGRAMMES[name]
    before, after = (now_next(programme, datetime(year, 1, 1, tzinfo=UTC)) for year in (2020, 2030))
    assert (before.now, after.now, after.next) == ((), (), ())
    assert before.next[0] == programme.sessions[0].id
    assert min(days(programme, NOW)) == (programme.event.date or date.min)
