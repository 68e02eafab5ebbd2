"""JSON-LD of the event page: what search engines require of an Event that is in a room and online at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.registration.programme import json_ld, load_event, parse
from tests.support.paths import EXAMPLE

FOLDER = EXAMPLE
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def node() -> dict[str, Any]:
    found = json_ld(load_event(FOLDER).programme, NOW, url="https://tablee.example.org/")
    assert found is not None
    return found


def test_the_event_says_when_where_and_how_to_attend() -> None:
    event = node()
    assert (event["@context"], event["@type"]) == ("https://schema.org", "Event")
    assert event["startDate"] == "2026-11-23T08:00+01:00"
    assert event["endDate"] == "2026-11-23T13:00+01:00"
    assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert [place["@type"] for place in event["location"]] == ["Place", "VirtualLocation"]
    assert event["organizer"]["name"] == "Aromates"


def test_every_session_is_a_part_of_the_event_with_its_people() -> None:
    event = node()
    assert len(event["subEvent"]) == 10
    table = event["subEvent"][8]
    assert table["superEvent"] == {"@id": event["@id"]}
    assert table["performer"][0]["name"] == "Henri d’AGRAIN"
    assert table["performer"][0]["familyName"] == "d’AGRAIN"
    assert all(part["startDate"] < part["endDate"] for part in event["subEvent"])


def test_nothing_unknown_is_said_and_everything_is_json() -> None:
    text = json.dumps(node(), ensure_ascii=False)
    assert "null" not in text
    assert json.loads(text) == node()


def test_without_a_date_there_is_no_event_to_announce() -> None:
    assert json_ld(parse((FOLDER / "programme.yaml").read_text(encoding="utf-8")), NOW) is None


def test_a_closed_session_is_not_said_to_be_online() -> None:
    programme = load_event(FOLDER).programme
    closed = replace(programme, sessions=tuple(replace(one, stream=False) for one in programme.sessions))
    found = json_ld(closed, NOW, url="https://tablee.example.org/")
    assert found is not None
    assert {place["@type"] for part in found["subEvent"] for place in part["location"]} == {"Place"}
    assert {part["eventAttendanceMode"] for part in found["subEvent"]} == {"https://schema.org/OfflineEventAttendanceMode"}
