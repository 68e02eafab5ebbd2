"""Calendars and JSON-LD say what holds, not what was printed: on every invented programme, and for an event that does not take place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from icalendar import Calendar

from services.registration.people.mail import calendar_method
from services.registration.programme import Programme, event_calendar, json_ld, parse, personal_calendar, public_json, session_calendar
from services.registration.programme import to_event as published
from services.registration.programme.day import days, spans
from services.registration.programme.exports.ics import Issue, sessions_calendar
from services.registration.programme.order.commands import Decision, decide
from services.registration.programme.order.decisions import UNDECIDED, Decisions
from services.registration.programme.running_order import running_order
from tests.support.programmes import programmes

PROGRAMMES: Final = {name: parse(text) for name, text in programmes().items()}
EACH: Final = pytest.mark.parametrize("name", PROGRAMMES)
URL: Final = "https://tablee.example.org/"


def the_day_before(programme: Programme) -> datetime:
    return min(start for start, _ in spans(programme, None).values() if start).astimezone(UTC) - timedelta(hours=20)


def decided(programme: Programme, name: Any, session: str, minutes: int | None = None) -> Decisions:
    return decide(programme, UNDECIDED, Decision(name, session, minutes), the_day_before(programme))


def entry(data: bytes) -> Any:
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    return found


def of_status(status: str) -> Programme:
    text = programmes()["symposium"].replace("status: published", f"status: {status}")
    assert f"status: {status}" in text
    return parse(text)


@EACH
def test_a_moved_session_says_its_new_hour_and_which_it_had(name: str) -> None:
    programme, first = PROGRAMMES[name], PROGRAMMES[name].sessions[0].id
    now, decisions = the_day_before(programme), decided(programme, "slide", first, 20)
    slot = running_order(programme, now, decisions)[first]
    before = entry(session_calendar(programme, first, now, url=URL))
    after = entry(session_calendar(programme, first, now, issue=Issue(7, now, decisions), url=URL))
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(minutes=20)
    assert (before["UID"], after["SEQUENCE"], after["STATUS"]) == (after["UID"], 7, before["STATUS"])
    node = json_ld(programme, now, decisions=decisions, url=URL)
    assert node is not None
    part = node["subEvent"][0]
    assert slot.printed[0] is not None
    assert part["previousStartDate"] == slot.printed[0].isoformat(timespec="minutes")
    assert datetime.fromisoformat(part["startDate"]) - slot.printed[0] == timedelta(minutes=20)
    moved_online = programme.event.status == "moved_online"
    assert part["eventStatus"] == f"https://schema.org/{'EventMovedOnline' if moved_online else 'EventRescheduled'}"


@EACH
def test_a_cancelled_session_is_cancelled_everywhere_and_stays_where_it_was_printed(name: str) -> None:
    programme, first = PROGRAMMES[name], PROGRAMMES[name].sessions[0].id
    now, decisions = the_day_before(programme), decided(programme, "cancel", first)
    found = entry(session_calendar(programme, first, now, issue=Issue(2, now, decisions), url=URL))
    assert (found["STATUS"], found["DTSTART"].dt) == ("CANCELLED", spans(programme, now)[first][0])
    node = json_ld(programme, now, decisions=decisions, url=URL)
    assert node is not None
    assert node["subEvent"][0]["eventStatus"] == "https://schema.org/EventCancelled"
    assert "previousStartDate" not in node["subEvent"][0]
    shown = public_json(programme, now, decisions)["sessions"][0]
    assert (shown["progress"], shown["moved"]) == ("cancelled", False)


@EACH
def test_the_print_and_what_others_take_for_it_never_change(name: str) -> None:
    programme, first = PROGRAMMES[name], PROGRAMMES[name].sessions[0].id
    now = the_day_before(programme)
    before, after = (public_json(programme, now, one)["sessions"] for one in (UNDECIDED, decided(programme, "slide", first, 20)))
    same = ("start", "start_printed", "end", "date", "printed", "title")
    assert [[one[key] for key in same] for one in before] == [[one[key] for key in same] for one in after]
    event = published(programme, digest="", now=now)
    assert [(one.starts_at, one.ends_at) for one in event.sessions] == [tuple(one["printed"].values()) for one in after]


@EACH
def test_the_day_tells_the_hours_that_hold_and_not_what_is_cancelled(name: str) -> None:
    programme, first = PROGRAMMES[name], PROGRAMMES[name].sessions[0]
    now = the_day_before(programme)
    slid, off = decided(programme, "slide", first.id, 20), decided(programme, "cancel", first.id)
    start = running_order(programme, now, slid)[first.id].actual[0]
    assert start is not None
    moved = Calendar.from_ical(event_calendar(programme, now, issue=Issue(2, now, slid), url=URL)).walk("VEVENT")[0]
    assert f"{start:%H:%M} · " in str(moved["DESCRIPTION"])
    without = Calendar.from_ical(event_calendar(programme, now, issue=Issue(2, now, off), url=URL)).walk("VEVENT")[0]
    assert len(str(without["DESCRIPTION"]).split("\n")) == len(str(moved["DESCRIPTION"]).split("\n")) - 1


def test_every_session_has_an_entry_of_its_own_whatever_its_kind() -> None:
    programme = PROGRAMMES["example"]
    now = the_day_before(programme)
    kinds = {session.kind for session in programme.sessions}
    assert kinds > {"keynote", "opening", "round_table"}
    assert len(Calendar.from_ical(sessions_calendar(programme, now, url=URL)).walk("VEVENT")) == len(programme.sessions)


@pytest.mark.parametrize(
    ("status", "calendar", "node"),
    [
        ("cancelled", "CANCELLED", "EventCancelled"),
        ("postponed", "TENTATIVE", "EventPostponed"),
        ("moved_online", "CONFIRMED", "EventMovedOnline"),
    ],
)
def test_an_event_that_does_not_take_place_as_printed_says_so(status: str, calendar: str, node: str) -> None:
    programme = of_status(status)
    now = the_day_before(programme)
    for found in Calendar.from_ical(sessions_calendar(programme, now, url=URL)).walk("VEVENT"):
        assert found["STATUS"] == calendar
    whole = Calendar.from_ical(event_calendar(programme, now, url=URL))
    assert (whole["METHOD"], {one["STATUS"] for one in whole.walk("VEVENT")}) == ("PUBLISH", {calendar})
    shown = json_ld(programme, now, url=URL)
    assert shown is not None
    assert {part["eventStatus"] for part in [shown, *shown["subEvent"]]} == {f"https://schema.org/{node}"}


@pytest.mark.parametrize(("status", "method"), [("cancelled", "CANCEL"), ("published", "PUBLISH"), ("postponed", "PUBLISH")])
def test_the_mail_takes_a_cancelled_event_out_of_the_calendar_that_has_it(status: str, method: str) -> None:
    programme = of_status(status)
    now = the_day_before(programme)
    sent = personal_calendar(
        programme, now, tuple(days(programme, now)), url=URL, door="remote", hint="Yours", join="Follow", issue=Issue(3, now)
    )
    calendar = Calendar.from_ical(sent)
    assert (calendar["METHOD"], calendar_method(sent.decode())) == (method, method)
    public = {one["UID"] for one in Calendar.from_ical(event_calendar(programme, now, url=URL)).walk("VEVENT")}
    assert {one["UID"] for one in calendar.walk("VEVENT")} == public
    assert {one["STATUS"] == "CANCELLED" for one in calendar.walk("VEVENT")} == {status == "cancelled"}
