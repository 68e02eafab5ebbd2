"""Which stage a session is watched on, and which stages it closes: the room of a stage is where its cameras stand."""

from __future__ import annotations

import pytest

from services.registration.programme import ProgrammeError, parse, parse_with_warnings, to_event
from services.registration.programme.format.halls import closes, room_of, stage_of, takes_up
from shared.clock import utc_now
from shared.events.programme import MOST_STAGES

HEAD = """\
format_version: 1
language: en
event:
  id: halls
  name: Halls
  date: 2025-01-30
  rooms:
    - {id: hall, name: Hall}
    - {id: tower, name: Tower}
    - {id: attic, name: Attic}
  stages:
    - {id: hall-live, name: Hall, room: hall}
    - {id: tower-live, name: Tower, room: tower}
    - {id: tower-signed, name: Tower with sign language, room: tower}
    - {id: pool, name: Pool}
sessions:
  - id: one
    kind: other
    title: One
    start: "9:00"
    end: "10:00"
"""


@pytest.mark.parametrize(
    ("says", "stage", "room", "closed"),
    [
        ("", None, None, ()),
        ("room: hall", None, "hall", ()),
        ("stage: tower-live", "tower-live", "tower", ()),
        ("stage: tower-live, room: attic", "tower-live", "attic", ()),
        ("stage: pool", "pool", None, ()),
        ("room: tower, stream: true", "tower-live", "tower", ()),
        ("room: tower, stream: true, stage: tower-signed", "tower-signed", "tower", ()),
        ("room: hall, stream: false", None, "hall", ("hall-live",)),
        ("room: attic, stream: false", None, "attic", ()),
        ("stream: false", None, None, ()),
        ("stage: pool, stream: false", None, None, ("pool",)),
        ("stage: tower-signed, stream: false", None, "tower", ("tower-signed", "tower-live")),
        ("stage: pool, room: tower, stream: false", None, "tower", ("pool", "tower-live", "tower-signed")),
    ],
)
def test_what_a_session_says_of_its_hall(says: str, stage: str | None, room: str | None, closed: tuple[str, ...]) -> None:
    lines = "".join(f"    {each}\n" for each in says.split(", ") if each)
    programme = parse(HEAD + lines)
    session = programme.sessions[0]
    found = stage_of(programme, session)
    assert (found.id if found else None, room_of(programme, session), closes(programme, session)) == (stage, room, closed)
    assert takes_up(programme, session) == (stage or (closed[0] if closed else None))
    told = to_event(programme, digest="d", now=utc_now()).sessions[0]
    assert (told.stage, told.room) == (stage, room)
    assert tuple(filter(None, (told.closed_stage, *told.also_closed))) == closed


@pytest.mark.parametrize("says", ["stream: true", "room: attic\n    stream: true"])
def test_a_session_is_not_streamed_from_where_no_camera_stands(says: str) -> None:
    with pytest.raises(ProgrammeError) as refused:
        parse(f"{HEAD}    {says}\n")
    assert [field.code for field in refused.value.fields] == ["programme.stream_without_stage"]


def test_two_sessions_at_once_on_one_stage_are_asked_about_however_they_name_it() -> None:
    other = '  - {id: two, kind: other, title: Two, start: "9:30", end: "10:30", room: tower, stream: false}\n'
    codes = [warning.code for warning in parse_with_warnings(f"{HEAD}    stage: tower-live\n{other}")[1]]
    assert "programme.warn.stage_overlap" in codes


def test_more_stages_than_are_broadcast_are_a_warning() -> None:
    def with_stages(count: int) -> list[str]:
        more = "".join(f"    - {{id: s{number}, name: S}}\n" for number in range(count - 4))
        text = HEAD.replace("    - {id: pool, name: Pool}\n", f"    - {{id: pool, name: Pool}}\n{more}")
        return [warning.code for warning in parse_with_warnings(text)[1]]

    assert "programme.warn.too_many_stages" not in with_stages(MOST_STAGES)
    assert "programme.warn.too_many_stages" in with_stages(MOST_STAGES + 1)
