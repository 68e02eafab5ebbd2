"""A programme file with an error: each is told with its file, its line and its field, in words of both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.registration.programme import ProgrammeError, load_event, parse
from services.registration.programme.format.nodes import MAX_BYTES, MAX_ERRORS
from tests.support.messages import MESSAGES

GOOD = """\
format_version: 1
language: fr
event:
  id: essai
  name: Un essai
  date: 2021-06-03
sessions:
  - id: ouverture
    kind: opening
    title: Ouverture
    start: 8h45
    end: 9h00
    end_basis: next_start
    participants:
      - person: mireille-clapot
        roles: [opening]
  - id: debat
    kind: round_table
    title: Débat
    start: "09:00"
people:
  mireille-clapot:
    given: Mireille
    family: CLAPOT
    display: Mireille CLAPOT
    sort_key: clapot mireille
"""


def errors(text: str, completion: str | None = None) -> list[tuple[str, str]]:
    with pytest.raises(ProgrammeError) as caught:
        parse(text, completion)
    for field in caught.value.fields:
        said = MESSAGES.sentences(field.code, field.params or {})
        assert field.code in MESSAGES
        assert "…" not in said["fr"].replace("…)", "").replace("- …", "").replace("https://…", "")
        assert "{" not in said["en"]
    assert caught.value.code == "programme.invalid"
    return [(field.path, field.code) for field in caught.value.fields]


def test_a_good_file_is_taken() -> None:
    programme = parse(GOOD)
    assert str(programme.sessions[0].start) == "08:45"
    assert programme.sessions[1].end is None


@pytest.mark.parametrize(
    ("old", "new", "path", "code"),
    [
        ("  name: Un essai", "  name: [Un essai", "programme.yaml:6", "programme.malformed"),
        ("  name: Un essai", "  name: Un essai\n\tid: x", "programme.yaml:6", "programme.malformed"),
        ("  name: Un essai", "  name: Un\x07essai", "programme.yaml:5", "programme.malformed"),
        ("    title: Débat", "    titel: Débat", "programme.yaml:19 sessions.1.titel", "programme.unknown_field_near"),
        ("    title: Débat", "    title: Débat\n    zzz: 1", "programme.yaml:20 sessions.1.zzz", "programme.unknown_field"),
        ("    title: Débat", "    title: [Débat]", "programme.yaml:19 sessions.1.title", "programme.not_scalar"),
        ("    title: Débat\n", "", "programme.yaml:17 sessions.1.title", "programme.missing_field"),
        ("    title: Débat", "    title: ''", "programme.yaml:19 sessions.1.title", "programme.blank"),
        ("    title: Débat", "    title: ~", "programme.yaml:19 sessions.1.title", "programme.blank"),
        ("    title: Débat", "    title: Débat\n    title: Encore", "programme.yaml:20 sessions.1.title", "programme.duplicate_field"),
        ("    title: Débat", '    title: "Dé\\nbat"', "programme.yaml:19 sessions.1.title", "programme.one_line"),
        ("    title: Débat", '    title: "D\\u0007"', "programme.yaml:19 sessions.1.title", "programme.control_character"),
        ("    title: Débat", '    title: "D\\ud800"', "programme.yaml:19 sessions.1.title", "programme.control_character"),
        ("    title: Débat", f"    title: {'x' * 301}", "programme.yaml:19 sessions.1.title", "programme.too_long"),
        ("    roles: [opening]", "    roles: opening", "programme.yaml:16 sessions.0.participants.0.roles", "programme.not_list"),
        ("[opening]", "[opener]", "programme.yaml:16 sessions.0.participants.0.roles.0", "programme.unknown_role"),
        ("person: mireille-clapot", "person: mireille", "programme.yaml:15 sessions.0.participants.0.person", "programme.unknown_person"),
        ("8h45", "8h75", "programme.yaml:11 sessions.0.start", "programme.bad_time"),
        ("8h45", "30h00", "programme.yaml:11 sessions.0.start", "programme.bad_time"),
        ("8h45", "huit heures", "programme.yaml:11 sessions.0.start", "programme.bad_time"),
        ("8h45", "9h30", "programme.yaml:12 sessions.0.end", "programme.end_before_start"),
        ("end: 9h00", "end: 8h50", "programme.yaml:12 sessions.0.end", "programme.end_not_next_start"),
        ("end_basis: next_start", "end_basis: guess", "programme.yaml:13 sessions.0.end_basis", "programme.unknown_choice"),
        ("end_basis: next_start", "end_basis: unknown", "programme.yaml:13 sessions.0.end_basis", "programme.end_basis"),
        ('"09:00"', "8h00", "programme.yaml:20 sessions.1.start", "programme.out_of_order"),
        ("id: debat", "id: ouverture", "programme.yaml:17 sessions.1.id", "programme.duplicate_id"),
        ("id: debat", "id: Débat", "programme.yaml:17 sessions.1.id", "programme.bad_id"),
        ("2021-06-03", "2021-02-30", "programme.yaml:6 event.date", "programme.bad_date"),
        ("2021-06-03", "today", "programme.yaml:6 event.date", "programme.bad_date"),
        ("format_version: 1", "format_version: 2", "programme.yaml:1 format_version", "programme.out_of_range"),
        ("format_version: 1", "format_version: un", "programme.yaml:1 format_version", "programme.not_number"),
        ("language: fr", "language: français", "programme.yaml:2 language", "programme.bad_language"),
        ("  name: Un essai", "  name: Un essai\n  timezone: Paris", "programme.yaml:6 event.timezone", "programme.bad_timezone"),
        ("  name: Un essai", "  name: Un essai\n  contact: moi", "programme.yaml:6 event.contact", "programme.bad_email"),
        ("  name: Un essai", "  name: Un essai\n  url: javascript:1", "programme.yaml:6 event.url", "programme.bad_url"),
        ("  name: Un essai", "  name: &a Un essai\n  theme: *a", "programme.yaml:6", "programme.alias"),
        ("  name: Un essai", "  name: !!python/object:os.system x", "programme.yaml:5", "programme.tag"),
        ("  name: Un essai", "  name: Un essai\n  registration: {opens_at: 9h}", "programme.yaml:6 event.registration.opens_at",
         "programme.hour_without_day"),
        ("  name: Un essai", "  name: Un essai\n  registration: {opens: 2021-05-02, closes: 2021-05-01}",
         "programme.yaml:6 event.registration.closes", "programme.closes_before_opens"),
        ("  name: Un essai", "  name: Un essai\n  capacity: {days: [{day: 1, in_room: 2}, {day: 1, hub: 2}]}",
         "programme.yaml:6 event.capacity.days.1.day", "programme.duplicate_id"),
        ("sessions:\n", "sessions:\n  a: 1\nsession:\n", "programme.yaml:7 sessions", "programme.not_list"),
        ("people:\n", "---\npeople:\n", "programme.yaml:21", "programme.several_documents"),
        ("  mireille-clapot:\n", "  Mireille:\n", "programme.yaml:22 people.Mireille", "programme.bad_id"),
        ("title: Débat", "title: Débat\n    stream: yes", "programme.yaml:20 sessions.1.stream", "programme.not_flag"),
        ("title: Débat", "title: Débat\n    stream: true", "programme.yaml:20 sessions.1.stream", "programme.stream_without_stage"),
        ("title: Débat", "title: Débat\n    room: salle", "programme.yaml:20 sessions.1.room", "programme.unknown_room"),
        ("title: Débat", "title: Débat\n    stage: salle", "programme.yaml:20 sessions.1.stage", "programme.unknown_stage"),
        ("name: Un essai", "name: Un essai\n  organiser: moi", "programme.yaml:6 event.organiser", "programme.unknown_organisation"),
        ("event:\n  id", "event: x\nedito:\n  id", "programme.yaml:3 event", "programme.not_block"),
        ("event:\n", "? [a]\n: b\nevent:\n", "programme.yaml:3", "programme.not_name"),
    ],
)  # fmt: skip
def test_an_error_names_its_file_its_line_and_its_field(old: str, new: str, path: str, code: str) -> None:
    assert old in GOOD
    assert (path, code) in errors(GOOD.replace(old, new, 1))


def test_all_errors_are_told_at_once() -> None:
    text = GOOD.replace("8h45", "8h99").replace("[opening]", "[chair]").replace("Débat", "''")
    assert [code for _, code in errors(text)] == ["programme.bad_time", "programme.unknown_role", "programme.blank"]


def test_told_errors_are_bounded() -> None:
    assert len(errors(GOOD + "\n".join(f"champ{n}: 1" for n in range(MAX_ERRORS + 50)))) == MAX_ERRORS


def test_a_nearest_name_is_proposed() -> None:
    with pytest.raises(ProgrammeError) as caught:
        parse(GOOD.replace("sort_key", "sortkey"))
    assert caught.value.fields[0].params == {"name": "sortkey", "nearest": "sort_key"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "programme.empty"),
        ("# rien\n", "programme.empty"),
        ("- a\n- b\n", "programme.not_block"),
        ("x: " + "[" * 40 + "]" * 40, "programme.too_deep"),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "programme.alias"),
        ("x: [" + "a," * 50_000 + "]", "programme.too_many_values"),
        ("x: " + "a" * MAX_BYTES, "programme.too_big"),
        ("[" * 100_000, "programme.too_deep"),
        ("x: \ud800", "programme.malformed"),
    ],
)  # fmt: skip
def test_a_hostile_or_empty_text_is_refused_at_little_cost(text: str, code: str) -> None:
    assert [found for _, found in errors(text)] == [code]


def test_a_list_longer_than_any_programme_is_refused() -> None:
    text = GOOD.replace("roles: [opening]", "roles: [" + "opening, " * 501 + "]")
    assert errors(text) == [("programme.yaml:16 sessions.0.participants.0.roles", "programme.too_many_items")]


def test_words_that_yaml_would_take_for_something_else_stay_words() -> None:
    programme = parse(GOOD.replace("title: Débat", "title: no").replace("Un essai", "2021"))
    assert (programme.sessions[1].title, programme.event.name) == ("no", "2021")


def test_a_folder_without_programme_and_a_file_that_is_not_utf8_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError) as none:
        load_event(tmp_path)
    (tmp_path / "programme.yaml").write_bytes(b"format_version: 1\nlanguage: \xe9\n")
    with pytest.raises(ProgrammeError) as latin:
        load_event(tmp_path)
    assert [none.value.fields[0].code, latin.value.fields[0].code] == ["programme.no_file", "programme.not_utf8"]
    assert latin.value.fields[0].path == "programme.yaml:2"


POLLS = GOOD.replace(
    """\
    start: "09:00"
""",
    """\
    start: "09:00"
    polls:
      - {id: un, kind: single, question: "Oui ?", options: [Oui]}
      - {id: un, kind: quiz, question: "Combien ?", options: [Un, Un, Deux]}
      - {id: trois, kind: words, question: "Un mot ?", options: [A, B], most: 9}
      - {id: quatre, kind: single, question: "%s", options: [Oui, Non], low_label: Peu}
"""
    % ("q" * 281),
)


def test_a_poll_that_could_not_be_asked_is_refused_with_its_line() -> None:
    assert errors(POLLS) == [
        ("programme.yaml:23 sessions.1.polls.1.id", "programme.duplicate_id"),
        ("programme.yaml:22 sessions.1.polls.0.options", "qa.poll_options_number"),
        ("programme.yaml:23 sessions.1.polls.1.options", "qa.poll_options_same"),
        ("programme.yaml:23 sessions.1.polls.1.right", "qa.poll_right_missing"),
        ("programme.yaml:24 sessions.1.polls.2.options", "qa.poll_no_options"),
        ("programme.yaml:24 sessions.1.polls.2.most", "qa.poll_words_number"),
        ("programme.yaml:25 sessions.1.polls.3.question", "qa.poll_long"),
        ("programme.yaml:25 sessions.1.polls.3.low_label", "qa.poll_labels_only_scale"),
    ]


def test_more_polls_than_a_session_may_prepare_are_refused() -> None:
    many = "".join(f"      - {{id: p{n}, kind: words, question: Q}}\n" for n in range(21))
    text = GOOD.replace('    start: "09:00"\n', f'    start: "09:00"\n    polls:\n{many}')
    assert errors(text) == [("programme.yaml:21 sessions.1.polls", "programme.too_many_items")]
