"""schedule.json and schedule.xml: what goes out is valid and comes back, what others write is taken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import jsonschema
import pytest

from services.registration.programme import Programme, ProgrammeError, load_event, parse
from services.registration.programme.exchange.inward import Imported, from_json, from_xml
from services.registration.programme.exchange.model import Embedded, Exchange
from services.registration.programme.exchange.outward import LARGEST_NUMBER, exchange_of, number_of, uri
from services.registration.programme.exchange.schedule_json import write_json
from services.registration.programme.exchange.schedule_xml import write_xml
from tests.support.paths import EXAMPLE
from tests.support.schedule_schema import SCHEDULE_JSON, faults_of_xml

NOW: Final = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
URL: Final = "https://tablee.example.org/"
FORMATS: Final = ("json", "xml")


def sent(exchange: Exchange, form: str) -> str:
    text = write_json(exchange) if form == "json" else write_xml(exchange)
    if form == "json":
        jsonschema.validate(json.loads(text), SCHEDULE_JSON, format_checker=jsonschema.FormatChecker())
    else:
        assert faults_of_xml(text) == []
    return text


def received(text: str, form: str) -> Imported:
    return from_json(text, "f.json") if form == "json" else from_xml(text, "f.xml")


def example(*, embedded: bool = True) -> tuple[Exchange, Embedded]:
    loaded = load_event(EXAMPLE)
    files = Embedded(loaded.programme_text, loaded.completion_text)
    return exchange_of(loaded.programme, NOW, url=URL, version="3", embedded=files if embedded else None), files


@pytest.mark.parametrize("form", FORMATS)
def test_the_example_goes_out_valid_and_comes_back_byte_for_byte(form: str) -> None:
    exchange, files = example()
    assert received(sent(exchange, form), form) == Imported(files.programme, files.completion)


@pytest.mark.parametrize("form", FORMATS)
def test_what_the_standard_can_say_comes_back_without_the_rest(form: str) -> None:
    exchange, _ = example(embedded=False)
    programme = parse(received(sent(exchange, form), form).programme)
    original = load_event(EXAMPLE).programme
    assert [(one.title, str(one.start), one.kind) for one in programme.sessions] == [
        (one.title, str(one.start), one.kind) for one in original.sessions
    ]
    assert [len(one.participants) for one in programme.sessions] == [len(one.participants) for one in original.sessions]
    assert [room.name for room in programme.event.rooms] == ["Grande salle"]
    if form == "json":
        roles = [[one.roles for one in session.participants] for session in original.sessions]
        assert [[one.roles for one in session.participants] for session in programme.sessions] == roles
        assert any("moderation" in one for session in roles for one in session)
        titles = [one.titles_here for session in programme.sessions for one in session.participants]
        assert all(titles)


HARD: Final = """format_version: 1
language: ar
event:
  id: a-b
  name: "مؤتمر & <b>قاهرة</b> ]]>"
  date: 2025-10-25
  timezone: Asia/Kathmandu
  url: "https://exämple.org/é?q=a%zz|{}"
  rooms:
    - {id: r, name: "قاعة <1>", capacity: unlimited}
sessions:
  - id: a
    kind: other
    title: "]]> <!-- --> &amp; <?x?>"
    start: "23:30"
    end: "24:30"
    room: r
    stream: false
    record: false
    description: "LONG"
    participants:
      - {person: p, roles: [speaker]}
    resources:
      - {label: Ünï, url: "https://de.example/wiki/Ä|ö?x=%zz"}
      - {label: Odd, url: "http://[x"}
  - id: b
    kind: break
    title: 後の話
    start: "25:00"
  - {id: c, kind: other, title: Two days, date: 2025-10-27, start: "10:00", duration: 1440}
people:
  p: {display: 花子, bio: "a\\n\\nb"}
""".replace("LONG", "ü" * 29_000)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("is_whole", [True, False])
def test_whatever_a_programme_holds_goes_out_valid_and_comes_back(form: str, is_whole: bool) -> None:
    exchange = exchange_of(parse(HARD), NOW, url=URL, version="1", embedded=Embedded(HARD) if is_whole else None)
    back = received(sent(exchange, form), form)
    assert [one.title for one in parse(back.programme).sessions] == ["]]> <!-- --> &amp; <?x?>", "後の話", "Two days"]
    assert back == Imported(HARD) or not is_whole


@pytest.mark.parametrize(
    ("address", "sent_as"),
    [
        ("https://x.example/a?b=c#d", "https://x.example/a?b=c#d"),
        ("https://ü.example:8/ß%20%zz", "https://xn--tda.example:8/%C3%9F%20%25zz"),
        ("https://a@ü.example", "https://a@xn--tda.example"),
        ("http://[::1]/a[b]?c[]=1", "http://[::1]/a%5Bb%5D?c%5B%5D=1"),
        ("http://[x", "http://%5Bx"),
    ],
)
def test_addresses_go_out_as_the_standards_want_them_and_stay_so(address: str, sent_as: str) -> None:
    assert uri(address) == uri(sent_as) == sent_as


def test_numbers_of_talks_are_their_own_even_where_two_would_be_alike() -> None:
    guid = "0a1b2c3d-0000-4000-8000-000000000099"
    first = number_of(guid)
    assert [number_of(guid, {first}), number_of(guid, {first, first + 1})] == [first + 1, first + 2]
    assert number_of(str(UUID(int=LARGEST_NUMBER - 1)), {LARGEST_NUMBER}) == 1


def pretalx(**changes: Any) -> dict[str, Any]:
    """A file as pretalx writes them: no e-mail of anybody, people of one name, several rooms, a day that changes at six."""
    event = {
        "id": 7, "guid": "0a1b2c3d-0000-4000-8000-000000000007", "logo": "", "date": "2025-08-01T23:30:00+02:00", "start": "23:30",
        "duration": "01:00", "room": "Zelt", "slug": "lager-7-nacht", "url": "https://x.example/7", "title": "Nacht", "subtitle": "",
        "track": "Kunst", "type": "Talk", "language": "de", "abstract": "Kurz.", "description": "Lang.\nUnd breit.",
        "recording_license": "", "do_not_record": True, "persons": [{"id": 1, "code": "ABC", "public_name": "erdgeist", "biography": None}],
        "links": [{"title": "Seite", "url": "https://x.example"}, "https://y.example"], "attachments": [], "answers": [], **changes,
    }  # fmt: skip
    late = {
        **event, "id": 8, "guid": "0a1b2c3d-0000-4000-8000-000000000008", "date": "2025-08-02T00:45:00+02:00", "start": "00:45",
        "title": "後の話", "room": "Halle", "slug": "lager-8", "persons": [{"id": 2, "public_name": "erdgeist"}, {"public_name": "花子"}],
        "do_not_stream": True,
    }  # fmt: skip
    morning = {**event, "id": 9, "guid": "0a1b2c3d-0000-4000-8000-000000000009", "date": "2025-08-02T10:00:00+02:00", "title": "Nacht",
               "type": "Panel Discussion", "slug": "lager-9"}  # fmt: skip
    days = [
        {"index": 1, "date": "2025-08-01", "day_start": "2025-08-01T06:00:00+02:00", "day_end": "2025-08-02T06:00:00+02:00",
         "rooms": {"Zelt": [event], "Halle": [late]}},
        {"index": 2, "date": "2025-08-02", "day_start": "2025-08-02T06:00:00+02:00", "day_end": "2025-08-03T06:00:00+02:00",
         "rooms": {"Zelt": [morning]}},
    ]  # fmt: skip
    conference = {"acronym": "lager", "title": "Lager 2025", "start": "2025-08-01", "end": "2025-08-02", "daysCount": 2,
                  "timeslot_duration": "00:05", "time_zone_name": "Europe/Berlin",
                  "rooms": [{"name": "Halle", "guid": "x", "capacity": 90}],
                  "days": days}  # fmt: skip
    return {"schedule": {"version": "0.3", "base_url": "https://x.example/", "conference": conference}}


def taken(file: dict[str, Any]) -> Programme:
    return parse(received(json.dumps(file), "json").programme)


def test_a_file_of_pretalx_becomes_a_programme() -> None:
    programme = taken(pretalx())
    assert (programme.event.id, programme.event.name, programme.event.timezone) == ("lager", "Lager 2025", "Europe/Berlin")
    assert [(one.id, str(one.date), one.start and one.start.text, one.end and one.end.text, one.room) for one in programme.sessions] == [
        ("nacht", "None", "23:30", "24:30", "zelt"),
        ("session", "None", "24:45", "25:45", "halle"),
        ("nacht-2", "2025-08-02", "10:00", "11:00", "zelt"),
    ]
    assert [person.display for person in programme.people.values()] == ["erdgeist", "erdgeist", "花子"]
    assert programme.sessions[0].description == "Kurz.\n\nLang.\nUnd breit."
    assert [(one.stream, one.record, one.kind) for one in programme.sessions] == [
        (None, False, "other"), (False, False, "other"), (None, False, "round_table")
    ]  # fmt: skip
    assert {link.url for link in programme.sessions[0].resources} == {"https://x.example", "https://y.example"}


def test_a_file_of_frab_becomes_a_programme() -> None:
    text = """<?xml version="1.0"?><schedule><version>1</version><conference><title>Camp</title><acronym>camp</acronym></conference>
    <day index="1" date="2025-08-01" start="2025-08-01T06:00:00+02:00" end="2025-08-02T06:00:00+02:00"><room name="Zelt">
    <event id="5" guid="x"><room>Zelt</room><title>Eins &amp; zwei</title><subtitle/><type>lecture</type><start>01:30</start>
    <duration>0:45</duration><abstract/><slug>a</slug><track/><persons><person id="3">Anna</person><person>Bo</person></persons>
    <recording><license/><optout>true</optout></recording></event></room></day></schedule>"""
    programme = parse(received(text, "xml").programme)
    (session,) = programme.sessions
    assert (session.title, session.start and session.start.text, session.record) == ("Eins & zwei", "25:30", False)
    assert [programme.people[one.person].display for one in session.participants] == ["Anna", "Bo"]


@pytest.mark.parametrize(
    ("text", "form", "code"),
    [
        ("{", "json", "exchange.malformed"),
        ("[]", "json", "exchange.not_schedule"),
        ('{"schedule": {}}', "json", "exchange.not_schedule"),
        ("[" * 100_000, "json", "exchange.malformed"),
        ("<a>", "xml", "exchange.malformed"),
        ("<a/>", "xml", "exchange.not_schedule"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><schedule/>', "xml", "exchange.doctype"),
        (json.dumps(pretalx(duration="bald")), "json", "exchange.bad_duration"),
        (json.dumps(pretalx(title=None)), "json", "programme.missing_field"),
        ('{"schedule": {"conference": {"title": "x", "days": []}}}', "json", "programme.no_sessions"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, form: str, code: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        received(text, form)
    assert caught.value.fields[0].code == code
