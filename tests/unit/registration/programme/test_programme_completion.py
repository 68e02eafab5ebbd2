"""The completion: fills what the print leaves unknown, says so, and never touches what was printed."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.programme import Programme, ProgrammeError, load_event, parse, write
from services.registration.programme.format.completion import printed
from tests.support.paths import EXAMPLE

FOLDER = EXAMPLE
TEXT = (FOLDER / "programme.yaml").read_text(encoding="utf-8")
HEAD = "format_version: 1\ncompletes: assises-2021\n"


def errors(completion: str) -> list[tuple[str, str]]:
    with pytest.raises(ProgrammeError) as caught:
        parse(TEXT, completion)
    return [(field.path, field.code) for field in caught.value.fields]


def completed(text: str) -> Programme:
    return parse(TEXT, HEAD + text)


def test_an_unknown_value_is_filled_and_marked() -> None:
    programme = completed("event:\n  date: 2021-06-03\nsessions:\n  cloture:\n    end: 13h00\n")
    assert programme.event.date == date(2021, 6, 3)
    assert not programme.rehearsal
    assert (programme.sessions[9].end_basis, str(programme.sessions[9].end)) == ("assumed", "13:00")
    assert programme.assumed == {"event.date", "sessions.cloture.end"}


def test_polls_are_prepared_in_the_completion_and_no_part_of_the_print() -> None:
    programme = completed("sessions:\n  cloture:\n    polls:\n      - {id: mot, kind: words, question: Un mot}\n")
    assert [(poll.id, poll.kind, poll.question) for poll in programme.sessions[9].polls] == [("mot", "words", "Un mot")]
    assert write(programme) == TEXT


def test_taking_the_completion_off_gives_the_printed_programme_again() -> None:
    programme = load_event(FOLDER).programme
    assert printed(programme) == parse(TEXT)
    assert write(programme) == TEXT


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("sessions:\n  lieu-lien:\n    end: 9h30\n", "completion.yaml:5 sessions.lieu-lien.end", "completion.printed"),
        ("sessions:\n  lieu-lien:\n    title: Autre\n", "completion.yaml:5 sessions.lieu-lien.title", "programme.unknown_field"),
        ("event:\n  name: Autre\n", "completion.yaml:4 event.name", "programme.unknown_field"),
        ("event:\n  dat: today\n", "completion.yaml:4 event.dat", "programme.unknown_field_near"),
        ("sessions:\n  lieu-lie:\n    record: true\n", "completion.yaml:4 sessions.lieu-lie", "completion.unknown_id"),
        ("sessions:\n  cloture:\n    end: 12h00\n", "completion.yaml:5 sessions.9.end", "programme.end_before_start"),
        ("sessions:\n  cloture:\n    polls: [{id: a, kind: quiz, question: Q}]\n", "completion.yaml:5 sessions.9.polls.0.options",
         "qa.poll_options_number"),
        ("every_session:\n  room: salle\n", "completion.yaml:4 sessions.0.room", "programme.unknown_room"),
        ("sessions:\n  cloture:\n    room: salle\n", "completion.yaml:5 sessions.9.room", "programme.unknown_room"),
        ("every_sessions:\n  room: salle\n", "completion.yaml:3 every_sessions", "programme.unknown_field_near"),
        ("event:\n  date: demain\n", "completion.yaml:4 event.date", "programme.bad_date"),
        ("event: today\n", "completion.yaml:3 event", "programme.not_block"),
        ("sessions: []\n", "completion.yaml:3 sessions", "programme.not_block"),
        ("why: [x]\n", "completion.yaml:3 why", "programme.not_scalar"),
        ("event:\n  date: [\n", "completion.yaml:5", "programme.malformed"),
    ],
)  # fmt: skip
def test_an_error_of_the_completion_names_its_own_file(text: str, path: str, code: str) -> None:
    assert (path, code) in errors(HEAD + text)


def test_a_printed_date_cannot_be_replaced_even_by_today() -> None:
    with pytest.raises(ProgrammeError) as caught:
        parse(TEXT.replace("date: unknown", "date: 2021-06-03"), HEAD + "event:\n  date: today\n")
    assert [field.code for field in caught.value.fields] == ["completion.printed"]


def test_a_completion_of_another_event_is_refused() -> None:
    assert errors("format_version: 1\ncompletes: autre\n") == [("completion.yaml:2 completes", "completion.other_event")]


def test_a_completion_must_say_what_it_completes() -> None:
    assert errors("format_version: 1\n") == [("completion.yaml:1 completes", "programme.missing_field")]


def test_what_holds_for_every_session_leaves_alone_what_a_session_says_itself() -> None:
    programme = completed(
        "event:\n  rooms:\n    - {id: a, name: A}\n    - {id: b, name: B}\nevery_session:\n  room: a\nsessions:\n  cloture:\n    room: b\n"
    )
    assert [session.room for session in programme.sessions] == ["a"] * 9 + ["b"]


def test_an_error_of_the_printed_file_keeps_its_line_beside_a_completion() -> None:
    with pytest.raises(ProgrammeError) as caught:
        parse(TEXT.replace("end: 8h45", "end: 8h40"), HEAD)
    assert [field.code for field in caught.value.fields] == ["programme.end_not_next_start"]
    assert caught.value.fields[0].path.startswith("programme.yaml:")
