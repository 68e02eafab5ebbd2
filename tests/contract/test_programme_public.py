"""The public programme and the event that tells it to the other services: shapes that others rely on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.registration.programme import Programme, load_event, parse, public_json, to_event
from shared.errors import Invalid
from shared.events.catalogue import CATALOGUE
from shared.events.programme import ProgrammePublished
from tests.support.paths import EXAMPLE

FOLDER = EXAMPLE
LOADED = load_event(FOLDER)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def shown(programme: Programme = LOADED.programme) -> dict[str, Any]:
    return public_json(programme, NOW)


def test_it_is_plain_json() -> None:
    assert json.loads(json.dumps(shown())) == shown()


def test_it_holds_the_whole_programme_in_print_order() -> None:
    found = shown()
    assert [session["start_printed"] for session in found["sessions"]][:3] == ["8h00", "8h45", "9h00"]
    assert len(found["people"]) == 23
    assert len(found["edito"]["paragraphs"]) == 9
    assert [one["name"] for one in found["edito"]["signatories"]] == ["Jacques MARCEAU"]
    assert [(tier["heading"], tier["members"]) for tier in found["partners"]] == [("En partenariat avec", []), ("Avec le soutien de", [])]
    assert found["notices"][0]["heading"] == "Droit à l’image"
    assert found["acknowledgements"][0]["text"].startswith("Aromates remercie Mireille Clapot")


def test_a_round_table_has_its_people_with_all_their_titles() -> None:
    table = next(session for session in shown()["sessions"] if session["id"] == "table-ronde-3")
    assert (table["label"], table["kind"], table["questions"], table["stream"]) == ("Table ronde 3", "round_table", True, True)
    assert table["moderators"] == ["henri-d-agrain"]
    assert [one["block_label"] for one in table["participants"]] == ["Introduction et modération", *["Intervenants"] * 4]
    charriere = table["participants"][1]
    assert charriere["name"] == "Marc CHARRIERE"
    assert len(charriere["titles"]) == 3
    assert charriere["titles"][0]["organisation"]["name"] == "Nokia France"


def test_assumed_values_are_marked_and_printed_ones_are_not() -> None:
    found = shown()
    assert (found["event"]["date"], found["event"]["date_assumed"]) == ("2026-11-23", True)
    assert (found["event"]["venue"]["name"], found["event"]["venue"]["assumed"]) == ("Grande salle", True)
    ends = [(session["end"], session["end_basis"], session["end_assumed"]) for session in found["sessions"]]
    assert ends[0] == ("08:45", "next_start", False)
    assert ends[9] == ("13:00", "assumed", True)


def test_a_printed_programme_alone_can_be_shown_though_not_published() -> None:
    printed = parse(LOADED.programme_text)
    found = shown(printed)
    assert (found["event"]["date"], found["event"]["venue"], found["now"]) == (None, None, [])
    with pytest.raises(Invalid, match=r"programme\.not_publishable") as caught:
        to_event(printed, digest="", now=NOW)
    assert [field.code for field in caught.value.fields] == ["programme.date_unknown"]


def test_it_says_what_is_on() -> None:
    assert (shown()["now"], shown()["next"]) == (["table-ronde-1"], ["table-ronde-2"])


def test_the_event_tells_other_services_what_they_need() -> None:
    event = to_event(LOADED.programme, digest=LOADED.digest, now=NOW)
    assert event.event_id == "assises-2021"
    assert [(stage.id, stage.name) for stage in event.stages] == [("grande-salle", "Grande salle")]
    by_id = {session.id: session for session in event.sessions}
    assert list(by_id) == [session.id for session in LOADED.programme.sessions]
    table = by_id["table-ronde-1"]
    assert (table.starts_at, table.ends_at) == ("2026-11-23T08:45:00.000Z", "2026-11-23T09:45:00.000Z")
    assert (table.moderators, len(table.speakers)) == (("valerie-montane",), 4)
    assert (table.stage, table.questions) == ("grande-salle", True)
    assert by_id["accueil-participants"].stage is None
    assert [id for id, session in by_id.items() if session.questions] == ["table-ronde-1", "table-ronde-2", "table-ronde-3"]


def test_the_event_fits_an_envelope() -> None:
    event = to_event(LOADED.programme, digest=LOADED.digest, now=NOW)
    envelope = event.to_envelope(id="00000000-0000-4000-8000-000000000000", subject="assises-2021", seq=1, time=NOW)
    assert json.loads(json.dumps(envelope.data)) == envelope.data
    assert CATALOGUE[envelope.type] is ProgrammePublished
