"""Schedules as other systems write them: every shape that was met in the wild, in small invented cases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from services.registration.programme import Programme, ProgrammeError, parse
from services.registration.programme.day import spans
from services.registration.programme.exchange.inward import Imported, from_json, from_xml
from services.registration.programme.exchange.model import MOST_PEOPLE, MOST_TALKS
from services.registration.programme.exchange.outward import exchange_of
from services.registration.programme.exchange.schedule_json import write_json
from services.registration.programme.exchange.schedule_xml import write_xml
from tests.support.messages import MESSAGES

NOW: Final = datetime(2025, 1, 1, tzinfo=UTC)
EVENT: Final[dict[str, Any]] = {
    "guid": "0a1b2c3d-0000-4000-8000-000000000001", "id": 1, "date": "2025-08-01T10:00:00+02:00", "start": "10:00", "duration": "00:45",
    "room": "Zelt", "slug": "lager-1-eins", "url": "https://x.example/1", "title": "Eins", "subtitle": None, "track": None, "type": "talk",
    "language": "de", "abstract": None, "persons": [], "links": [],
}  # fmt: skip


def schedule(*events: dict[str, Any], day: str = "2025-08-01", rooms: Any = None, **conference: Any) -> str:
    listed = {"Zelt": [{**EVENT, **event} for event in events]} if rooms is None else rooms
    head = {"acronym": "lager", "title": "Lager", "time_zone_name": "Europe/Berlin", "days": [{"index": 1, "date": day, "rooms": listed}]}
    return json.dumps({"schedule": {"version": "1", "base_url": "https://x.example/plan/", "conference": {**head, **conference}}})


def taken(text: str) -> Programme:
    return parse(brought(text).programme)


def brought(text: str) -> Imported:
    return from_xml(text, "plan.xml") if text.startswith("<") else from_json(text, "plan.json")


def codes(text: str) -> dict[str, str]:
    """What was not taken, with its examples; each in words."""
    found = brought(text).warnings
    assert all(one.code in MESSAGES and "{" not in MESSAGES.sentence("en", one.code, one.params or {}) for one in found)
    return {one.code: str((one.params or {})["examples"]) for one in found if one.code != "exchange.no_stages"}


def hours(programme: Programme) -> list[tuple[str, str, str, str]]:
    """Title, day as written, start and end of each session."""
    return [(one.title, str(one.date), one.start.text if one.start else "", one.end.text if one.end else "") for one in programme.sessions]


def test_a_plain_file_is_taken_whole() -> None:
    assert codes(schedule({})) == {}
    assert hours(taken(schedule({}))) == [("Eins", "None", "10:00", "10:45")]


@pytest.mark.parametrize(
    ("duration", "end"),
    [("1:30", "11:30"), ("01:30:00", "11:30"), ("0:45", "10:45"), (90, "11:30"), ("90", "11:30"), ("0:00", "10:00"), ("1:00:10:00", "")],
)
def test_lengths_are_taken_in_every_form(duration: object, end: str) -> None:
    assert hours(taken(schedule({"duration": duration})))[0][3] == end


def test_an_end_stands_for_a_missing_length() -> None:
    assert hours(taken(schedule({"duration": None, "end": "2025-08-01T11:15:00+02:00"})))[0][2:] == ("10:00", "11:15")


def test_a_talk_outside_the_night_of_its_day_is_on_its_own_day() -> None:
    late = {"guid": "x", "title": "Früh", "date": "2025-08-02T09:30:00+02:00", "start": "09:30"}
    night = {"guid": "y", "title": "Nachts", "date": "2025-08-02T00:15:00+02:00", "start": "00:15"}
    assert hours(taken(schedule({}, late, night))) == [
        ("Eins", "None", "10:00", "10:45"), ("Nachts", "None", "24:15", "25:00"), ("Früh", "2025-08-02", "09:30", "10:15"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "dates", "expected", "code"),
    [
        ("Europe/Berlin", ["2025-08-01T10:00:00+02:00"], "Europe/Berlin", None),
        ("Europe/Berlin", ["2025-08-01T08:00:00Z"], "Europe/Berlin", None),
        (None, ["2025-08-01T10:00:00+02:00"], "Etc/GMT-2", "exchange.zone_assumed"),
        (None, ["2025-08-01T10:00:00+00:00"], "UTC", "exchange.zone_assumed"),
        (None, ["2025-10-25T10:00:00+02:00", "2025-10-26T10:00:00+01:00"], "Europe/Amsterdam", "exchange.zone_assumed"),
        ("UTC", ["2025-08-01T10:00:00+02:00"], "Etc/GMT-2", "exchange.zone_wrong"),
        ("Nowhere/Land", ["2025-08-01T10:00:00+02:00"], "Etc/GMT-2", "exchange.zone_assumed"),
        (None, [None], "UTC", "exchange.zone_unknown"),
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(zone: str | None, dates: list[str | None], expected: str, code: str | None) -> None:
    events = [{"guid": str(n), "date": date, "start": "10:00"} for n, date in enumerate(dates)]
    text = schedule(*events, day=(dates[0] or "2025-08-01")[:10], time_zone_name=zone)
    programme = taken(text)
    assert (programme.event.timezone, programme.sessions[0].start and programme.sessions[0].start.text) == (expected, "10:00")
    assert (code in codes(text)) if code else codes(text) == {}
    instants = [start for start, _ in spans(programme, NOW).values()]
    assert instants == [datetime.fromisoformat(date) if date else datetime(2025, 8, 1, 10, tzinfo=UTC) for date in dates]


def test_a_moment_without_an_offset_is_in_the_zone_of_the_file() -> None:
    assert hours(taken(schedule({"date": "2025-08-01T10:05", "start": None})))[0][2:] == ("10:05", "10:50")


def test_half_hours_of_a_zone_are_kept() -> None:
    programme = taken(schedule({"date": "2025-08-01T10:00:00+05:45"}, time_zone_name=None))
    assert next(iter(spans(programme, NOW).values()))[0] == datetime.fromisoformat("2025-08-01T10:00:00+05:45")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("de, en", "de"),
        ("en/fr", "en"),
        ("de-formal", "de"),
        ("pt_BR", "pt-BR"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("", None),
        ("Deutsch!", None),
    ],
)
def test_languages_of_every_form_are_taken_or_left(given: str, expected: str | None) -> None:
    text = schedule({"language": given})
    assert taken(text).sessions[0].language == expected
    assert taken(text).language == (expected or "en").split("-")[0]
    assert ("exchange.language_first" in codes(text)) == ("," in given or "/" in given)


def test_markup_becomes_plain_text() -> None:
    html = '<p>Zwei <em>Teile</em> &amp; mehr.</p><ul><li>eins</li><li><a href="https://y.example">zwei</a></li></ul>'
    text = schedule({"subtitle": "Unter", "abstract": html, "description": "Mit [Seite](https://z.example), a < b.\r\n\r\nEnde."})
    assert taken(text).sessions[0].description == (
        "Unter\n\nZwei Teile & mehr.\n\n• eins\n• zwei (https://y.example)\n\nMit Seite (https://z.example), a < b.\n\nEnde."
    )
    assert codes(text) == {"exchange.markup": "Eins"}


def test_what_is_no_markup_stays() -> None:
    words = "vector<int> & a < b > c, <name>, [1](2), ![Bild](https://y.example/a.png)"
    assert taken(schedule({"abstract": words})).sessions[0].description == words


def test_people_come_in_the_shapes_of_three_systems() -> None:
    persons = [
        {"id": 1, "public_name": "erdgeist"}, {"id": "?", "code": "MÄ0", "public_name": "Mänu", "biography": None},
        {"guid": "9", "name": "花子", "public_name": "花子", "avatar": None}, {"name": ""}, {"full_public_name": "Ana María"}, "nobody",
    ]  # fmt: skip
    programme = taken(schedule({"persons": persons}, {"guid": "2", "title": "Zwei", "persons": [{"id": 1, "public_name": "erdgeist"}]}))
    assert [one.display for one in programme.people.values()] == ["erdgeist", "Mänu", "花子", "Ana María"]
    assert [len(one.participants) for one in programme.sessions] == [4, 1]


def test_links_and_attachments_are_taken_with_whole_addresses() -> None:
    links = ["https://a.example", {"url": "https://b.example", "title": "B"}, {"url": "mailto:x@y.example"}, None]
    attachments = [{"url": "/files/s.pdf?1", "title": "Folien"}, {"url": "https://c.example", "type": "slides"}]
    text = schedule({"links": links, "attachments": attachments})
    assert [(one.label, one.url) for one in taken(text).sessions[0].resources] == [
        ("https://a.example", "https://a.example"), ("B", "https://b.example"), ("Folien", "https://x.example/files/s.pdf?1"),
        ("https://c.example", "https://c.example"),
    ]  # fmt: skip
    assert codes(text) == {"exchange.link_left": "Eins"}


@pytest.mark.parametrize("flag", [True, "true", "1"])
def test_flags_are_obeyed_in_every_form(flag: object) -> None:
    session = taken(schedule({"do_not_record": flag, "do_not_stream": flag})).sessions[0]
    assert (session.record, session.stream) == (False, False)
    session = taken(schedule({"do_not_record": None, "do_not_stream": False})).sessions[0]
    assert (session.record, session.stream) == (None, None)


@pytest.mark.parametrize("title", ["CANCELLED: Eins", "[canceled] Eins", "Abgesagt – Eins", "ANNULÉ : Eins", "(entfällt) Eins"])
def test_a_title_that_says_so_is_a_cancelled_session(title: str) -> None:
    session = taken(schedule({"title": title})).sessions[0]
    assert (session.title, session.status) == ("Eins", "cancelled")
    assert "exchange.cancelled_title" in codes(schedule({"title": title}))


def test_a_title_about_cancelling_is_no_cancelled_session() -> None:
    assert taken(schedule({"title": "Cancelled flights and what they cost"})).sessions[0].status == "planned"


def test_what_a_programme_has_no_place_for_is_named_once() -> None:
    text = schedule(
        {"track": "Kunst", "logo": "/a.png", "answers": [{"question": 1}]}, {"guid": "2", "track": "Kunst"}, colors={"primary": "#fff000"}
    )
    assert codes(text) == {"exchange.not_taken": "track, logo, answers, colors"}


def test_texts_that_are_too_long_are_cut_and_named() -> None:
    text = schedule({"title": "T" * 400, "abstract": "a" * 40_000})
    session = taken(text).sessions[0]
    assert (len(session.title), len(session.description or "")) == (300, 30_000)
    assert codes(text) == {"exchange.text_cut": "T" * 60}


def test_rooms_may_be_empty_missing_or_a_list() -> None:
    assert taken(schedule(rooms={"Zelt": [EVENT], "Leer": []})).event.rooms[0].name == "Zelt"
    assert taken(schedule(rooms={"": [{**EVENT, "room": None}]})).sessions[0].room is None
    with pytest.raises(ProgrammeError) as caught:
        brought(schedule(rooms=[]))
    assert [one.code for one in caught.value.fields] == ["programme.no_sessions"]


def test_version_2_is_taken() -> None:
    room = {"name": "Saal", "guid": "r", "capacity": 965}
    event = {
        "guid": "a", "type": "talk", "start": "2024-12-28T00:15:00+01:00", "end": "2024-12-28T00:55:00+01:00", "room": room, "slug": "x",
        "title": "Eins", "subtitle": None, "language": "en", "track": {"slug": "cc"}, "abstract": {"en": "Short.", "de": "Kurz."},
        "description": None, "participants": [{"guid": "p", "name": "senficon", "role": "speaker"}], "url": "https://x.example",
        "links": [{"type": "activitypub", "url": "https://y.example/@a"}], "logo": {"url": "https://x.example/a.png"},
    }  # fmt: skip
    conference = {
        "acronym": "x38", "title": "X38", "time_zone_name": "Europe/Berlin", "rooms": [room], "tracks": [{"slug": "cc", "name": "CC"}],
        "days": [{"index": 1, "date": "2024-12-27", "start": "2024-12-27T09:30:00+00:00", "end": "2024-12-28T06:00:00+01:00"}],
    }  # fmt: skip
    text = json.dumps(
        {"schedule": {"conference": conference, "events": [event], "persons": [{"guid": "p", "name": "senficon", "biography": "B."}]}}
    )
    programme = taken(text)
    assert hours(programme) == [("Eins", "None", "24:15", "24:55")]
    assert (programme.event.date and programme.event.date.isoformat(), programme.event.rooms[0].capacity) == ("2024-12-27", 965)
    assert [(one.display, one.bio) for one in programme.people.values()] == [("senficon", "B.")]
    assert programme.sessions[0].description == "Short."


XML: Final = """<?xml version='1.0' encoding='utf-8' ?>
<!-- made with love --><schedule xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="x">
<generator name="x" version="1"/><version>1</version><conference><title>Forum</title><subtitle/><venue>Hof</venue><city>Ort</city>
<day_change>09:00:00</day_change><timeslot_duration>00:05:00</timeslot_duration><track name="A" slug="a"/></conference>
<day index='1' date='2018-02-03'><room name='Aula'><event id='6'><start>10:00</start><duration>00:50</duration><room>Aula</room>
<slug>s</slug><title>Eins</title><subtitle>Zwei</subtitle><track>K</track><type>keynote</type><language/><description>&lt;p&gt;Text.&lt;/p&gt;
</description><persons><person id='2'>Ana</person><person guid='3'>Bo</person><person/></persons><links>
<link href='https://a.example'>A</link>
<link>https://b.example</link></links><attachments><attachment href="f.pdf">F</attachment></attachments>
</event></room><room name='Leer'/></day>
<day index='2' date='2018-02-04'/></schedule>"""


def test_an_old_schedule_xml_without_dates_guids_or_zone_is_taken() -> None:
    programme = taken(XML)
    assert hours(programme) == [("Eins", "None", "10:00", "10:50")]
    assert (programme.event.id, programme.event.venue and programme.event.venue.name) == ("forum", "Hof, Ort")
    assert (programme.sessions[0].kind, programme.sessions[0].description) == ("keynote", "Zwei\n\nText.")
    assert [one.display for one in programme.people.values()] == ["Ana", "Bo"]
    assert [one.url for one in programme.sessions[0].resources] == ["https://a.example", "https://b.example"]
    assert set(codes(XML)) == {
        "exchange.zone_unknown", "exchange.no_language", "exchange.markup", "exchange.not_taken", "exchange.link_left",
    }  # fmt: skip


def test_a_schedule_xml_is_read_whatever_its_declaration_says() -> None:
    assert taken(XML.replace("encoding='utf-8'", "encoding='x-unknown'").replace("Eins", "Größe")).sessions[0].title == "Größe"


def test_words_about_document_types_are_not_one() -> None:
    assert taken(XML.replace("&lt;p&gt;Text.&lt;/p&gt;", "<![CDATA[Say <!DOCTYPE html> first.]]>")).sessions[0].description == (
        "Zwei\n\nSay <!DOCTYPE html> first."
    )


@pytest.mark.parametrize("hidden", ["<!-- <schedule -->", ""])
def test_a_document_type_is_refused_wherever_it_stands(hidden: str) -> None:
    bomb = f'<?xml version="1.0"?>{hidden}<!DOCTYPE schedule [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>'
    with pytest.raises(ProgrammeError) as caught:
        brought(bomb)
    assert [one.code for one in caught.value.fields] == ["exchange.doctype"]


def test_every_talk_that_cannot_be_read_is_told_at_once_with_its_place() -> None:
    text = schedule({"title": None}, {"guid": "2", "duration": "bald"}, {"guid": "3", "date": None, "start": "irgendwann"})
    with pytest.raises(ProgrammeError) as caught:
        brought(text)
    assert [(one.path, one.code) for one in caught.value.fields] == [
        ("plan.json:1 schedule.conference.days.0.rooms.Zelt.0.title", "programme.missing_field"),
        ("plan.json:1 schedule.conference.days.0.rooms.Zelt.1.duration", "exchange.bad_duration"),
        ("plan.json:1 schedule.conference.days.0.rooms.Zelt.2.start", "programme.bad_time"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"schedule": {"2024-11-02": {"540": {}}}}', "exchange.not_schedule"),
        ('<schedule created="2014"><day date="2014-07-21"><entry id="1"/></day></schedule>', "exchange.not_schedule"),
        (schedule({})[:-2], "exchange.malformed"),
        (schedule({"date": "9999-12-31T23:59:59+00:00"}), "programme.bad_date"),
        (schedule({}, day="0001-01-01"), "programme.bad_date"),
        (schedule({"duration": {"hours": 1}}), "exchange.bad_duration"),
        (schedule({"date": None, "start": None}), "programme.bad_time"),
        (schedule(*({"guid": str(n)} for n in range(MOST_TALKS + 1))), "exchange.too_many_talks"),
        (schedule({"persons": [{"guid": str(n), "name": "A"} for n in range(MOST_PEOPLE + 1)]}), "exchange.too_many_people"),
        (schedule(*({"guid": str(n), "abstract": f"{n} " + "a b" * 9_000} for n in range(40))), "programme.too_big"),
    ],
)
def test_what_cannot_be_taken_says_why_in_words(text: str, code: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        brought(text)
    (error,) = caught.value.fields
    assert error.code == code
    assert error.path.startswith("plan.")
    assert "{" not in MESSAGES.sentence("fr", error.code, error.params or {})


@pytest.mark.parametrize("form", ["json", "xml"])
def test_going_out_and_coming_in_again_changes_nothing_more(form: str) -> None:
    """The first import may tidy; after it, rounds are stable."""
    html = {"subtitle": "Unter", "abstract": "<p>A</p>", "persons": [{"name": "A"}, {"id": 3, "public_name": "A"}], "language": "de, en"}
    texts = [brought(schedule({}, {**html, "guid": "2", "date": "2025-08-02T00:30:00+02:00"}, time_zone_name=None)).programme]
    write, read = (write_json, from_json) if form == "json" else (write_xml, from_xml)
    for _ in range(2):
        out = write(exchange_of(parse(texts[-1]), NOW, url="https://t.example/", version="1"))
        texts.append(read(out, "plan").programme)
    assert texts[1] == texts[2]
    assert spans(parse(texts[0]), NOW) == spans(parse(texts[1]), NOW)
