"""The hub keeps its law for any sequence of events, however late or doubled, and nothing that was never published leaves it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.qa.facts import Contents
from services.qa.feed.aspects import new_aspects
from services.qa.feed.hub import MOST_SESSIONS, Hub, TooManySessions
from services.qa.feed.projection import View
from services.qa.life import VISIBLE
from shared.events.access import AccessRevoked
from shared.events.programme import ProgrammePublished
from shared.events.question import QuestionAsked, QuestionPublished, QuestionStaged, QuestionState
from shared.events.running_order import RunningOrderChanged
from shared.events.vocabulary import QUESTION_STATUSES, Attendance, Progress
from shared.events.votes import Ballot, VoteCount, VotesCounted
from tests.support.feed_reducer import apply, texts
from tests.unit.qa.feed.scene import (
    ANNE,
    BASILE,
    BEFORE,
    NOW,
    Q1,
    Q2,
    SESSION,
    STAGE,
    Scene,
    floor,
    moved,
    order,
    programme,
    question,
    session_ref,
)

AUDIENCES: list[tuple[View, str]] = [
    ("public", ANNE),
    ("public", BASILE),
    ("public", "person-other"),
    ("moderator", "person-mod"),
    ("display", "person-screen"),
]
STATUSES = QUESTION_STATUSES


def history(id: str, author: str, draw: st.DrawFn) -> list[QuestionState]:
    """Versions of one question. Each version has its own text, so that one can tell which of them leaked."""
    steps = []
    for version in range(1, draw(st.integers(1, 5)) + 1):
        status = draw(st.sampled_from(STATUSES))
        text = f"text-{id[-1]}-{version}-{status}."
        original = f"original-{id[-1]}-{version}-{status}."
        state = replace(question(id, author=author), version=version, status=status, text=text, original=original)
        steps.append(replace(state, votes=draw(st.integers(0, 3)), votes_rev=draw(st.integers(0, 4))))
    return steps


@st.composite
def programmes(draw: st.DrawFn, version: int) -> tuple[ProgrammePublished, int]:
    """With and without the session, under one title or another, on one stage or another."""
    ids = draw(st.lists(st.sampled_from([SESSION, BEFORE, "other"]), unique=True))
    refs = [session_ref(id, title=draw(st.sampled_from(["a", "b"])), stage=draw(st.sampled_from([STAGE, None]))) for id in ids]
    return programme(*refs), version


@st.composite
def orders(draw: st.DrawFn, version: int) -> tuple[RunningOrderChanged, int]:
    ids = draw(st.lists(st.sampled_from([SESSION, BEFORE, "other"]), unique=True))
    return order(*((id, draw(st.sampled_from(get_args(Progress))), draw(st.integers(8, 12))) for id in ids)), version


@st.composite
def events(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """Any steps of two questions, votes and floors: doubled, out of order, some missing."""
    told: list[tuple[str, Any]] = [("put", state) for id, author in ((Q1, ANNE), (Q2, BASILE)) for state in history(id, author, draw)]
    for _ in range(draw(st.integers(0, 6))):
        id, rev = draw(st.sampled_from([Q1, Q2])), draw(st.integers(1, 6))
        ballot = Ballot(id, draw(st.sampled_from([ANNE, BASILE])), draw(st.booleans()), rev)
        told.append(("votes", ({id: (rev, rev)}, ballot)))
    told += [("floor", (draw(st.sampled_from(["open", "paused", "closed"])), version)) for version in range(2, draw(st.integers(2, 4)))]
    told += [("stream", (draw(st.sampled_from(["live", "fallback"])), seq)) for seq in range(2, draw(st.integers(2, 4)))]
    told += [("programme", draw(programmes(version))) for version in range(2, draw(st.integers(2, 4)))]
    told += [("order", draw(orders(version))) for version in range(1, draw(st.integers(1, 3)))]
    told += [("tick", None)]
    return draw(st.permutations(told + draw(st.lists(st.sampled_from(told), max_size=4))))


def play(scene: Scene, step: tuple[str, Any]) -> None:
    kind, value = step
    if kind == "put":
        scene.put(value)
    elif kind == "votes":
        scene.votes(value[0], value[1])
    elif kind == "floor":
        scene.floor(*value)
    elif kind in ("programme", "order"):
        scene.tell(value[0], subject="assises", seq=value[1])
    elif kind == "stream":
        scene.stream(value[0], "rtmp", value[1])
    else:
        scene.presence()


@settings(max_examples=150, deadline=None)
@given(events(), st.sampled_from(AUDIENCES), st.data())
def test_snapshot_then_events_is_a_fresh_snapshot_also_over_a_cut(
    told: list[tuple[str, Any]], audience: tuple[View, str], data: st.DataObject
) -> None:
    scene = Scene(*audience).keep()
    join, away, back = sorted(data.draw(st.lists(st.integers(0, len(told)), min_size=3, max_size=3)))
    for step in told[:join]:
        play(scene, step)
    scene.join()
    for step in told[join:away]:
        play(scene, step)

    def meanwhile() -> None:
        for step in told[away:back]:
            play(scene, step)

    scene.leave_and_come_back(meanwhile)
    for step in told[back:]:
        play(scene, step)
    state: Mapping[str, Any] = reduce(apply, scene.told, scene.snapshot)
    assert state == scene.fresh()
    numbers = [frame["seq"] for frame in scene.told]
    assert numbers == sorted(numbers)


@settings(max_examples=150, deadline=None)
@given(events())
def test_no_public_frame_contains_a_text_that_was_never_public(told: list[tuple[str, Any]]) -> None:
    scenes = [Scene("public", "person-other"), Scene("public", BASILE), Scene("display", "person-screen")]
    for scene in scenes:
        scene.join()
        for step in told:
            play(scene, step)
    public = {state.text for kind, state in told if kind == "put" and state.status in VISIBLE}
    for scene in scenes:
        own = {text for kind, state in told if kind == "put" and state.author == scene.person for text in (state.text, state.original)}
        said = json.dumps([scene.snapshot, scene.told, scene.fresh()])
        for kind, state in told:
            if kind == "put":
                assert state.text in public | own or state.text not in said
                assert state.original in own or state.original not in said
        if scene.view == "public" and scene.person == "person-other":
            assert ANNE not in said
            assert BASILE not in said


def test_a_late_or_doubled_version_says_nothing() -> None:
    scene = Scene("public", "person-other")
    scene.join()
    asked = question()
    published = moved(asked, "published")
    scene.put(asked, published)
    said = len(scene.told)
    scene.put(published, asked)
    assert len(scene.told) == said


@settings(max_examples=150, deadline=None)
@given(events(), st.sampled_from(AUDIENCES))
def test_a_replay_holds_no_text_that_a_fresh_snapshot_does_not(told: list[tuple[str, Any]], audience: tuple[View, str]) -> None:
    """Wherever a client says it stands, and whether it ever was there or not."""
    scene = Scene(*audience).keep()
    for step in told:
        play(scene, step)
    fresh = texts(scene.fresh())
    for seq in range(scene.seq + 1):
        assert texts(scene.replay(seq)) <= fresh, seq


@settings(max_examples=100, deadline=None)
@given(events())
def test_a_viewer_cannot_read_from_the_numbers_what_was_not_shown(told: list[tuple[str, Any]]) -> None:
    scene = Scene("public", "person-other").keep()
    scene.join()
    first = scene.seq
    for step in told:
        play(scene, step)
    assert [frame["seq"] for frame in scene.told] == list(range(first + 1, first + 1 + len(scene.told)))


def test_who_asks_again_from_the_same_place_gets_what_is_personal_again_and_nothing_else() -> None:
    scene = Scene("public", ANNE)
    scene.put(question())
    assert [frame["kind"] for frame in scene.replay(scene.seq)] == ["mine"]


def test_a_journal_that_ran_over_gives_a_snapshot() -> None:
    hub: Hub[str] = Hub("e1", new_aspects(), most_entries=3)
    hub.load(Contents(sessions={SESSION: STAGE}))
    for n in range(5):
        asked = moved(question(f"q{n}", author="person-other"), "published")
        hub.on_event(QuestionPublished(asked), seq=2)
    back = {seq: ops(connect(hub, seq=seq)) for seq in (0, 1, 2, 4, 5, 6)}
    assert back == {0: ["snapshot"], 1: ["snapshot"], 2: ["event"] * 3, 4: ["event"], 5: [], 6: ["snapshot"]}
    assert ops(connect(hub, seq=5, epoch="another")) == ["snapshot"]


def test_what_a_person_missed_is_bounded_too() -> None:
    hub: Hub[str] = Hub("e1", new_aspects(), most_entries=3)
    hub.load(Contents(sessions={SESSION: STAGE}))
    for n in range(4):
        hub.on_event(QuestionAsked(question(f"q{n}")), seq=1)
    assert ops(connect(hub, seq=0)) == ["snapshot"]
    assert ops(connect(hub, seq=0, person=BASILE)) == []


def test_the_caller_s_correlation_id_reaches_moderators_only() -> None:
    scene = Scene("public", "person-other")
    hub = scene.hub
    listeners: list[tuple[str, View, str]] = [("public", "public", ANNE), ("screen", "display", "s"), ("desk", "moderator", "m")]
    for key, view, person in listeners:
        hub.connect(key, session=SESSION, view=view, person=person, entrance="remote", epoch=None, seq=None)
    staged = moved(moved(question(), "published"), "on_stage")
    outs = hub.on_event(QuestionStaged(staged), seq=3, correlation="chosen-by-the-caller")
    counted = VotesCounted(SESSION, {Q1: VoteCount(1, 1)}, (Ballot(Q1, ANNE, True, 1),))
    outs += hub.on_event(counted, seq=1, correlation="chosen-by-the-caller")
    assert {key for out in outs if b"chosen-by-the-caller" in out.frame for key in out.to} == {"desk"}
    assert {key for out in outs for key in out.to} == {"public", "screen", "desk"}


def test_a_programme_of_too_many_sessions_is_refused() -> None:
    hub: Hub[str] = Hub("e1", new_aspects())
    with pytest.raises(TooManySessions):
        hub.load(Contents(sessions={f"s{n}": None for n in range(MOST_SESSIONS + 1)}))


def connect(hub: Hub[str], *, seq: int | None = None, epoch: str | None = "e1", key: str = "k", person: str = ANNE) -> list[bytes]:
    _, frames = hub.connect(key, session=SESSION, view="public", person=person, entrance="remote", epoch=epoch, seq=seq)
    hub.disconnect(key)
    return frames


def ops(frames: list[bytes]) -> list[str]:
    return [json.loads(frame)["op"] for frame in frames]


def test_one_frame_is_encoded_once_for_a_whole_audience() -> None:
    scene = Scene("public", ANNE)
    hub = scene.hub
    for n in range(50):
        hub.connect(f"k{n}", session=SESSION, view="public", person=f"p{n}", entrance="remote", epoch=None, seq=None)
    outs = hub.on_event(QuestionPublished(moved(question(), "published")), seq=2)
    assert [len(out.to) for out in outs] == [50], "one frame for the public; nobody of the other audiences is there"


def test_presence_counts_people_not_connections() -> None:
    hub: Hub[str] = Hub("e1", new_aspects())
    hub.load(Contents(sessions={SESSION: STAGE}))
    arrivals: list[tuple[str, str, Attendance]] = [
        ("a1", "a", "remote"),
        ("a2", "a", "remote"),
        ("b", "b", "in_room"),
        ("c", "c", "hub"),
        ("m", "m", "staff"),
    ]
    for key, person, door in arrivals:
        hub.connect(key, session=SESSION, view="public", person=person, entrance=door, epoch=None, seq=None)
    (said,) = hub.tick(NOW)
    assert json.loads(said.frame)["data"] == {"in_room": 1, "remote": 1, "hub": 1}
    assert hub.tick(NOW) == [], "nothing is said while nothing changes"
    hub.disconnect("a1")
    assert hub.tick(NOW) == []
    hub.disconnect("a2")
    hub.disconnect("a2")
    (said,) = hub.tick(NOW)
    assert json.loads(said.frame)["data"] == {"in_room": 1, "remote": 0, "hub": 1}
    assert hub.state(SESSION, "public", "a")["presence"] == {"in_room": 1, "remote": 0, "hub": 1}


def test_a_reload_says_only_what_is_newer() -> None:
    scene = Scene("public", ANNE)
    asked = question()
    scene.put(asked)
    scene.join()
    missed = replace(moved(asked, "published"), votes=2, votes_rev=2)
    contents = Contents(
        sessions={SESSION: STAGE}, floors=[floor("paused", 3)], questions=[missed], ballots=[(SESSION, Ballot(Q1, ANNE, True, 2))]
    )
    outs = scene.hub.load(contents)
    assert [json.loads(out.frame)["kind"] for out in outs] == ["item", "mine", "voted", "floor"]
    assert scene.hub.load(contents) == []


def test_a_removed_session_is_forgotten_once_nobody_is_there_and_nothing_was_asked() -> None:
    scene = Scene("public", ANNE)
    hub = scene.hub
    scene.put(question())
    scene.programme(1, session_ref(), session_ref(BEFORE))
    scene.join()
    hub.connect("other", session=BEFORE, view="public", person=ANNE, entrance="remote", epoch=None, seq=None)
    scene.programme(2)
    assert [hub.refusal(id, "public") for id in (SESSION, BEFORE)] == ["qa.session_removed"] * 2
    assert [hub.refusal(id, "moderator") for id in (SESSION, BEFORE)] == ["", ""]
    scene.programme(3)
    assert hub.refusal(BEFORE, "public") == "qa.session_removed", "somebody is still there"
    hub.disconnect("other")
    hub.disconnect("listener")
    scene.programme(4)
    assert [hub.refusal(id, "public") for id in (SESSION, BEFORE)] == ["qa.session_removed", "qa.unknown_session"], "one has a question"
    scene.programme(5, session_ref(), session_ref(BEFORE))
    assert [hub.refusal(id, "public") for id in (SESSION, BEFORE)] == ["", ""]
    assert list(scene.fresh()["items"]) == []
    assert list(scene.fresh()["mine"]) == [Q1], "its questions are back with it"


def test_whoever_stood_in_a_forgotten_session_gets_a_snapshot_when_it_comes_back() -> None:
    hub: Hub[str] = Hub("e1", new_aspects())
    for version in range(1, 9):
        hub.on_event(programme(session_ref(title=f"{version}")), seq=version)
    for version in (9, 10):
        hub.on_event(programme(), seq=version)
    assert hub.refusal(SESSION, "public") == "qa.unknown_session"
    hub.on_event(programme(session_ref()), seq=11)
    assert [ops(connect(hub, seq=seq)) for seq in range(9)] == [["snapshot"]] * 9


def test_a_foreign_event_is_ignored() -> None:
    hub: Hub[str] = Hub("e1", new_aspects())
    foreign = AccessRevoked(event_id="e", person_id="p", revoked_at="2021-06-03T08:00:00.000Z", reason="")
    assert hub.on_event(foreign, seq=1) == []
