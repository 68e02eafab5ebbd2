"""Calendars: what RFC 5545 and RFC 7986 ask for, checked on the bytes themselves and by an independent reading of the zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from services.registration.programme import event_calendar, load_event, parse, personal_calendar, session_calendar
from services.registration.programme.day import days
from services.registration.programme.exports.ics import Issue
from shared.errors import Invalid, NotFound
from tests.support.paths import EXAMPLE

FOLDER = EXAMPLE
PROGRAMME = load_event(FOLDER).programme
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
URL = "https://tablee.example.org/"
DAYS = tuple(days(PROGRAMME, NOW))
HINT = "Your link is in the mail."


def personal(door: str) -> bytes:
    return personal_calendar(PROGRAMME, NOW, DAYS, url=URL, door=door, hint=HINT, join="Follow online")


def everything() -> list[bytes]:
    found = [
        event_calendar(PROGRAMME, NOW, url=URL),
        personal("remote"),
    ]
    return found + [session_calendar(PROGRAMME, session.id, NOW, url=URL) for session in PROGRAMME.sessions]


def entry_of(data: bytes) -> Any:
    """The one entry of a calendar, as the library reads it back."""
    (entry,) = Calendar.from_ical(data).walk("VEVENT")
    return entry


def lines(data: bytes) -> list[str]:
    return data.decode("utf-8").replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("data", everything())
def test_lines_are_folded_at_75_octets_and_end_in_crlf(data: bytes) -> None:
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        line.decode("utf-8")  # no character was cut in two


@pytest.mark.parametrize("data", everything())
def test_each_entry_has_what_the_standard_requires(data: bytes) -> None:
    calendar = Calendar.from_ical(data)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    entry = entry_of(data)
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "ORGANIZER"} <= set(entry)
    assert "DURATION" not in entry
    assert entry["DTSTART"].dt < entry["DTEND"].dt
    assert entry["DTSTART"].params["TZID"] == "Europe/Paris"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]


def test_the_zone_it_brings_along_says_what_the_time_zone_database_says() -> None:
    (rules,) = Calendar.from_ical(event_calendar(PROGRAMME, NOW)).timezones
    zone = rules.to_tz(lookup_tzid=False)
    for day in range(0, 365 * 12, 7):
        moment = datetime(2020, 1, 1, 12) + timedelta(days=day)
        assert moment.replace(tzinfo=zone).utcoffset() == moment.replace(tzinfo=ZoneInfo("Europe/Paris")).utcoffset()


def test_uids_stay_while_sequence_rises() -> None:
    first, second = (entry_of(session_calendar(PROGRAMME, "table-ronde-2", NOW, issue=Issue(n))) for n in (1, 2))
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (1, 2)
    assert len({entry_of(data)["UID"] for data in everything()}) == len(PROGRAMME.sessions) + 1


def test_the_same_moment_gives_the_same_bytes() -> None:
    assert event_calendar(PROGRAMME, NOW, issue=Issue(4)) == event_calendar(PROGRAMME, NOW, issue=Issue(4))
    assert "DTSTAMP:20261123T073000Z" in lines(event_calendar(PROGRAMME, NOW))


def test_the_whole_day_lasts_from_the_first_start_to_the_assumed_end() -> None:
    found = lines(event_calendar(PROGRAMME, NOW, url=URL))
    assert "DTSTART;TZID=Europe/Paris:20261123T080000" in found
    assert "DTEND;TZID=Europe/Paris:20261123T130000" in found
    assert f"SOURCE;VALUE=URI:{URL}calendar.ics" in found
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in found


def test_the_personal_calendar_leads_to_the_public_page_and_lets_nobody_in() -> None:
    found = "\n".join(lines(personal("remote")))
    assert re.search(rf"^CONFERENCE;FEATURE=AUDIO,VIDEO,CHAT;LABEL=Follow online;VALUE=URI:{URL}watch$", found, re.MULTILINE)
    assert (found.count("METHOD:PUBLISH"), found.count(HINT)) == (1, 1)
    assert not any(b"/l/" in data for data in everything())
    assert b"CONFERENCE" not in personal("in_room")
    assert "Follow online" in "\n".join(lines(personal("hub")))


def test_the_same_version_is_the_same_bytes_at_any_moment_of_the_day() -> None:
    later = NOW + timedelta(minutes=7)
    assert event_calendar(PROGRAMME, later, issue=Issue(3, NOW)) == event_calendar(PROGRAMME, NOW, issue=Issue(3, NOW))
    one = session_calendar(PROGRAMME, "table-ronde-1", later, issue=Issue(3, NOW))
    assert one == session_calendar(PROGRAMME, "table-ronde-1", NOW, issue=Issue(3, NOW))
    assert b"DTSTAMP:20261123T073000Z" in one


def test_a_round_table_names_who_moderates_and_who_speaks() -> None:
    entry = entry_of(session_calendar(PROGRAMME, "table-ronde-3", NOW))
    assert "Introduction et modération : Henri d’AGRAIN, délégué général du CIGREF" in entry["DESCRIPTION"]
    assert "Laurent SILVESTRI, président, Open IP ; président, CDRT" in entry["DESCRIPTION"]


def test_another_time_zone_brings_its_own_rules() -> None:
    text = (FOLDER / "programme.yaml").read_text(encoding="utf-8").replace("date: unknown", "date: 2021-06-03\n  timezone: Indian/Reunion")
    data = session_calendar(parse(text), "ouverture", NOW)
    assert "DTSTART;TZID=Indian/Reunion:20210603T084500" in lines(data)
    assert "TZID:Indian/Reunion" in lines(data)


def test_without_a_date_or_a_session_there_is_no_calendar() -> None:
    printed = parse((FOLDER / "programme.yaml").read_text(encoding="utf-8"))
    with pytest.raises(Invalid, match=r"programme\.date_unknown"):
        event_calendar(printed, NOW)
    with pytest.raises(NotFound, match=r"programme\.session_unknown"):
        session_calendar(PROGRAMME, "autre", NOW)
