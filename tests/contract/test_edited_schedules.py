"""A schedule of ours that somebody edited on its way back: what they changed wins, and nothing else is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Final

import pytest

from services.registration.programme import Programme, load_event, parse
from services.registration.programme.exchange.inward import from_json, from_xml
from services.registration.programme.exchange.model import Embedded
from services.registration.programme.exchange.outward import exchange_of
from tests.contract.test_exchange import FORMATS, NOW, URL, example, received, sent
from tests.support.paths import EXAMPLE

GUID: Final = "0a1b2c3d-0000-4000-8000-000000000099"
FREE: Final = """format_version: 1
language: de
event:
  id: forum
  name: Forum
  theme: Wasser
  date: 2025-03-01
  timezone: Europe/Berlin
  url: https://forum.example/
  rooms:
    - {id: saal, name: Saal, capacity: 90}
  stages:
    - {id: eins, name: Bühne, room: saal}
sessions:
  - id: runde
    kind: round_table
    label: Runde 1
    title: Ufer
    start: "10:00"
    end: "11:00"
    room: saal
    stage: eins
    questions: true
    description: Am Fluss.
    participants:
      - {person: ana, roles: [moderation], block_label: Leitung}
      - {person: bo, roles: [speaker], titles_here: [Imkerin]}
    resources:
      - {label: Karte, url: "https://a.example/karte"}
  - id: aus
    kind: other
    title: Fällt weg
    start: "12:00"
    status: cancelled
people:
  ana: {given: Ana, family: Mar, display: Ana Mar, bio: Lebt am See.}
  bo: {display: Bo}
notices:
  - {id: bild, kind: image_rights, text: Wir filmen.}
"""


def returned(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> Programme:
    """Out as schedule.json, changed by `change(event, conference)`, and in again; what no schedule can say is as it was."""
    node = json.loads(sent(exchange_of(parse(FREE), NOW, url=URL, version="1", embedded=Embedded(FREE)), "json"))
    conference = node["schedule"]["conference"]
    change(conference["days"][0]["rooms"]["Saal"][0], conference)
    programme, original = parse(from_json(json.dumps(node), "f.json").programme), parse(FREE)
    assert (programme.notices, programme.session("aus")) == (original.notices, original.session("aus"))
    assert [(one.stage, one.questions) for one in programme.sessions if one.id == "runde"] == [("eins", True)]
    return programme


@pytest.mark.parametrize(
    ("changed", "field", "value"),
    [
        ({"title": "Quelle"}, "title", "Quelle"),
        ({"subtitle": "Runde 2"}, "label", "Runde 2"),
        ({"description": "Im Fluss."}, "description", "Im Fluss."),
        ({"type": "workshop"}, "kind", "workshop"),
        ({"language": "fr"}, "language", "fr"),
        ({"date": "2025-03-01T10:15:00+01:00", "duration": "00:45"}, "start", "10:15"),
        ({"duration": "00:30"}, "end", "10:30"),
        ({"room": "Garten"}, "room", "garten"),
        ({"do_not_stream": True}, "stream", False),
        ({"do_not_record": True}, "record", False),
        ({"links": []}, "resources", ()),
    ],
)
def test_whatever_is_changed_of_a_session_wins_and_the_rest_stays(changed: dict[str, Any], field: str, value: object) -> None:
    before = parse(FREE).session("runde")
    session = returned(lambda event, _: event.update(changed)).session("runde")
    assert session is not None
    assert before is not None
    found = getattr(session, field)
    assert (str(found) if field in {"start", "end"} else found) == value
    assert session.participants == before.participants
    touched = {field, "end", "end_basis"} if {"date", "duration"} & {*changed} else {field}
    assert {one.name for one in fields(session) if getattr(session, one.name) != getattr(before, one.name)} <= touched


def test_whatever_is_changed_of_people_rooms_and_the_event_wins() -> None:
    programme = returned(lambda event, _: event["persons"][0].update(name="Ana M.", biography="Lebt am Fluss."))
    assert (programme.people["ana"].display, programme.people["ana"].bio) == ("Ana M.", "Lebt am Fluss.")
    assert [one.roles for session in programme.sessions for one in session.participants] == [("moderation",), ("speaker",)]
    programme = returned(lambda event, _: event["persons"].pop(0))
    assert [(one.person, one.titles_here) for session in programme.sessions for one in session.participants] == [("bo", ("Imkerin",))]
    programme = returned(lambda _, conference: conference["rooms"][0].update(name="Aula", capacity=70))
    assert [(one.id, one.name, one.capacity) for one in programme.event.rooms] == [("saal", "Aula", 70)]
    programme = returned(lambda _, conference: conference.update(title="Großes Forum", description="Luft", url="https://f.example"))
    assert (programme.event.name, programme.event.theme, programme.event.url) == ("Großes Forum", "Luft", "https://f.example")


def test_a_session_more_or_less_wins() -> None:
    def add(event: dict[str, Any], conference: dict[str, Any]) -> None:
        new = {**event, "guid": GUID, "date": "2025-03-01T11:30:00+01:00", "title": "Neu", "persons": [*event["persons"], {"name": "Cem"}]}
        conference["days"][0]["rooms"]["Hof"] = [new]

    programme = returned(add)
    assert [(one.id, len(one.participants)) for one in programme.sessions] == [("runde", 2), ("neu", 3), ("aus", 0)]
    assert [one.id for one in programme.people.values()] == ["ana", "bo", "cem"]


def test_a_changed_schedule_xml_is_not_taken_for_the_loss_of_what_it_cannot_say() -> None:
    text = sent(exchange_of(parse(FREE), NOW, url=URL, version="1", embedded=Embedded(FREE)), "xml").replace(">Ufer<", ">Quelle<")
    original = parse(FREE)
    assert parse(from_xml(text, "f.xml").programme) == replace(
        original, sessions=(replace(original.sessions[0], title="Quelle"), *original.sessions[1:])
    )


@pytest.mark.parametrize("form", FORMATS)
def test_a_change_of_what_the_completion_assumed_wins_and_says_so(form: str) -> None:
    exchange, files = example()
    first, *others = exchange.talks
    moved = replace(exchange, talks=(replace(first, room="Petite salle"), *others))
    found = received(sent(moved, form), form)
    assert [one.code for one in found.warnings] == ["exchange.completion_merged"]
    assert found.completion is None
    programme, original = parse(found.programme), parse(files.programme, files.completion)
    room = programme.room(programme.sessions[0].room)
    assert room is not None
    assert room.name == "Petite salle"
    assert [(one.id, one.stage, one.questions) for one in programme.sessions] == [
        (one.id, one.stage, one.questions) for one in original.sessions
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_what_somebody_changed_on_the_way_is_taken_over_and_nothing_else(form: str) -> None:
    exchange, files = example()
    moved, gone, *others = exchange.talks
    changed = replace(exchange, talks=(replace(moved, title="Un autre accueil", minutes=30), *others))
    programme = parse(received(sent(changed, form), form).programme, files.completion)
    original = load_event(EXAMPLE).programme
    assert [one.id for one in programme.sessions] == [one.id for one in original.sessions if one.id != original.sessions[1].id]
    assert (programme.sessions[0].title, str(programme.sessions[0].end)) == ("Un autre accueil", "08:30")
    assert programme.sessions[1].participants == original.sessions[2].participants
    assert programme.edito == original.edito
    assert gone.title not in [one.title for one in programme.sessions]
