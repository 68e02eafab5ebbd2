"""One client and several processes over the same store: wherever it comes back to, and wherever it was cut off, it misses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.qa.facts import Contents
from services.qa.feed.aspects import new_aspects
from services.qa.feed.epoch import OVERLAP_MS, Epoch, parse_epoch
from services.qa.feed.hub import Hub
from services.qa.feed.projection import View
from shared.events.votes import Ballot
from tests.support.feed_reducer import apply
from tests.unit.qa.feed.scene import ANNE, AUDIENCES, BASILE, NOW, Q1, Q2, SESSION, STAGE, Scene, moved, question, seat
from tests.unit.qa.feed.test_feed_hub import events, play

LATEST_SECONDS = 25
"""How late a process hears of something, in these tests."""


class Client:
    """A page: its state, and where it says to stand."""

    def __init__(self, view: View, person: str) -> None:
        self.view, self.person = view, person
        self.state: Mapping[str, Any] = {}
        self.epoch: str | None = None
        self.seq: int | None = None
        self.kinds: list[str] = []
        self.at: Scene | None = None

    def go(self, to: Scene, taken: int | None = None) -> None:
        """Leave, and come in there; `taken`: cut off after so many frames."""
        self.leave()
        self.epoch, frames = to.hub.connect(
            "listener", session=SESSION, view=self.view, person=self.person, entrance="remote", epoch=self.epoch, seq=self.seq
        )
        self.at, self.kinds = to, []
        self._take(frames[:taken])
        if taken is not None:
            self.leave()

    def leave(self) -> None:
        if self.at is not None:
            self.hear()
            self.at.hub.disconnect("listener")
            self.at = None

    def hear(self) -> None:
        assert self.at is not None
        self._take([json.dumps(frame) for frame in self.at.told])
        self.at.told.clear()

    def _take(self, frames: Sequence[str | bytes]) -> None:
        for frame in map(json.loads, frames):
            self.kinds.append(frame.get("kind", frame["op"]))
            if frame["op"] == "snapshot":
                self.state, self.epoch = frame["state"], frame["epoch"]
            else:
                assert self.seq is not None
                assert frame["seq"] >= self.seq, "the feed went back"
                self.state = apply(self.state, frame)
            self.seq = frame["seq"]

    def is_right(self) -> None:
        """But for who is there, of which these processes do not tell each other."""
        assert self.at is not None
        self.hear()
        assert without_people(self.state) == without_people(self.at.hub.state(SESSION, self.view, self.person))


def without_people(state: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**state, "presence": None, "colleagues": None}


def processes(view: View, person: str) -> tuple[Scene, Scene]:
    one, two = (Scene(view, person, epoch=f"store.{name}") for name in ("one", "two"))
    return one.keep(), two.keep()


def hears(scene: Scene, seconds: float, step: tuple[str, Any]) -> None:
    scene.hub.time_is(NOW + timedelta(seconds=seconds))
    play(scene, step)


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[float, str, Any]]:
    """(second, "one" | "two" | "client", what it hears or where it goes), in order: each process hears everything, sooner or later."""
    told, now = [], 0.0
    for step in draw(events()):
        now += draw(st.sampled_from([0.0, 0.001, 1.0, 40.0]))
        told += [(now + draw(st.sampled_from([0.0, 0.002, 3.0, LATEST_SECONDS])), name, step) for name in ("one", "two")]
    for _ in range(draw(st.integers(1, 6))):
        going = (draw(st.sampled_from(["one", "two"])), draw(st.sampled_from([None, None, 0, 1, 2])))
        told.append((draw(st.floats(0, now + LATEST_SECONDS)), "client", going))
    return sorted(told, key=lambda each: each[0])


@st.composite
def lives_with_holes(draw: st.DrawFn) -> list[tuple[float, str, Any]]:
    """The same, but that processes never hear of some states of a question that newer ones followed. Without votes: a count that is heard
    before its question is made up for by the store."""
    told = [each for each in draw(lives()) if each[1] == "client" or each[2][0] != "votes"]
    last = {value.id: value.version for _, who, (kind, value) in told if who != "client" and kind == "put"}
    for _, who, (kind, value) in told:
        if who != "client" and kind == "put":
            last[value.id] = max(last[value.id], value.version)
    return [
        (second, who, step)
        for second, who, step in told
        if who == "client" or step[0] != "put" or step[1].version == last[step[1].id] or draw(st.booleans())
    ]


def agree(one: Scene, two: Scene) -> bool:
    """A count that one of them heard before its question is made up for by the store, which these have not."""
    first, second = (without_people(each.hub.state(SESSION, each.view, each.person)) for each in (one, two))
    return first == second


def lived(told: list[tuple[float, str, Any]], audience: tuple[View, str]) -> tuple[Client, dict[str, Scene]]:
    """The client where its life has led it, and both processes, which agree on what is true."""
    there = dict(zip(("one", "two"), processes(*audience), strict=True))
    client = Client(*audience)
    for second, who, what in told:
        if who == "client":
            client.go(there[what[0]], what[1])
        else:
            hears(there[who], second, what)
    assume(agree(*there.values()))
    return client, there


@settings(max_examples=200, deadline=None)
@given(lives(), st.sampled_from([("public", ANNE), ("public", BASILE), ("moderator", "person-mod"), ("display", "screen")]), st.data())
def test_a_client_that_goes_from_process_to_process_is_right_wherever_it_ends(
    told: list[tuple[float, str, Any]], audience: tuple[View, str], data: st.DataObject
) -> None:
    client, there = lived(told, audience)
    end = there[data.draw(st.sampled_from(["one", "two"]))]
    for scene in there.values():
        scene.hub.time_is(NOW + timedelta(seconds=told[-1][0]))
    client.go(end)
    client.is_right()
    play(end, ("floor", ("paused", 9)))
    client.is_right()


@settings(max_examples=100, deadline=None)
@given(lives_with_holes(), st.sampled_from([("public", ANNE), ("public", BASILE), ("display", "screen")]))
def test_a_client_that_stays_where_it_came_is_right_although_that_process_never_heard_of_something(
    told: list[tuple[float, str, Any]], audience: tuple[View, str]
) -> None:
    client, there = lived(told, audience)
    if client.at is None:
        client.go(there["two"])
    assert client.at is not None
    client.at.time(told[-1][0])
    client.is_right()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_whoever_comes_from_another_process_gets_what_changed_and_no_snapshot(audience: tuple[View, str]) -> None:
    one, two = processes(*audience)
    staged = moved(moved(question(), "published"), "on_stage")
    client = Client(*audience)
    for scene in (one, two):
        hears(scene, 100, ("put", staged))
    client.go(one)
    hears(one, 300, ("floor", ("paused", 2)))
    client.leave()
    for scene in (one, two):
        hears(scene, 310, ("floor", ("closed", 3)))
        hears(scene, 310, ("stream", ("live", 2)))
    client.go(two)
    assert client.kinds == ["floor", "stream"]
    client.is_right()


@pytest.mark.parametrize("view", ["public", "chair", "display"])
def test_what_one_process_showed_and_the_other_never_heard_of_is_not_kept(view: View) -> None:
    one, two = processes(view, ANNE)
    asked = question(author=BASILE)
    staged = moved(moved(asked, "published"), "on_stage")
    for scene in (one, two):
        hears(scene, 1, ("put", asked))
    client = Client(view, ANNE)
    hears(one, 100, ("put", staged))
    client.go(one)
    assert client.state["items"].keys() == {Q1}
    client.leave()
    seq = two.hub.connect("k", session=SESSION, view=view, person=ANNE, entrance="remote", epoch=None, seq=None).frames[0]
    hears(two, 101, ("put", moved(staged, "hidden")))
    client.go(two)
    assert (client.kinds, client.state["items"]) == (["snapshot"], {})
    again = two.hub.connect("l", session=SESSION, view=view, person=ANNE, entrance="remote", epoch=None, seq=None).frames[0]
    assert json.loads(again)["seq"] == json.loads(seq)["seq"], "nobody who is there learns that something happened"


@pytest.mark.parametrize("view", ["public", "chair", "display"])
def test_who_came_before_its_process_missed_a_publication_does_not_keep_what_was_hidden_meanwhile(view: View) -> None:
    one, two = processes(view, ANNE)
    asked = question(author=BASILE)
    staged = moved(moved(asked, "published"), "on_stage")
    for scene in (one, two):
        hears(scene, 1, ("put", asked))
    client, away = Client(view, ANNE), Client(view, ANNE)
    for each in (away, client):
        each.go(one)
        hears(one, 100, ("put", staged))
        hears(two, 100, ("floor", ("paused", 2)))
        each.leave()
        each.go(two)
        assert each.state["items"].keys() == {Q1}
        if each is away:
            each.leave()
    hears(two, 101, ("put", moved(staged, "hidden")))
    for second in (101, 102):
        two.time(second)
        client.is_right()
        assert (client.kinds.count("snapshot"), client.state["items"]) == (1, {})
    client.leave()
    away.go(two)
    assert (away.kinds, away.state["items"]) == (["snapshot"], {})


def test_who_came_before_its_process_missed_who_sat_at_the_table_does_not_keep_them_there() -> None:
    one, two = processes("public", ANNE)
    client = Client("public", ANNE)
    for scene in (one, two):
        hears(scene, 100, ("floor", ("paused", 2)))
    client.go(one)
    one.seat(seat(BASILE, "on_air", version=4))
    client.leave()
    client.go(two)
    assert [each["name"] for each in client.state["at_table"]] == ["Basile"]
    two.seat(seat(BASILE, "left", version=5))
    two.time(1)
    client.is_right()
    assert client.state["at_table"] == []


def test_one_s_own_vote_is_told_although_it_moves_no_number_of_a_view() -> None:
    one, two = processes("public", ANNE)
    for scene in (one, two):
        hears(scene, 1, ("put", moved(question(author=BASILE), "published")))
    client = Client("public", ANNE)
    hears(one, 500, ("floor", ("paused", 2)))
    client.go(one)
    client.leave()
    hears(two, 480, ("votes", ({}, Ballot(Q1, ANNE, True, 1))))
    client.go(two)
    assert client.state["my_votes"] == [Q1]


def test_whoever_is_cut_off_while_being_told_is_told_all_of_it_again() -> None:
    one, two = processes("public", ANNE)
    client = Client("public", ANNE)
    client.go(one)
    hears(one, 90, ("stream", ("live", 2)))
    client.leave()
    for scene in (one, two):
        for id in (Q1, Q2):
            hears(scene, 80, ("put", moved(question(id, author=BASILE), "published")))
    hears(two, 85, ("stream", ("live", 2)))
    client.go(two, taken=1)
    client.go(two)
    client.is_right()
    assert client.state["items"].keys() == {Q1, Q2}
    hears(two, 95, ("floor", ("paused", 2)))
    client.leave()
    client.go(two)
    assert client.kinds == [], "from then on its place is one of this process"


def test_a_process_that_began_too_late_to_know_gives_a_snapshot() -> None:
    (one, _), client = processes("public", ANNE), Client("public", ANNE)
    hears(one, 5, ("floor", ("paused", 2)))
    client.go(one)
    client.leave()
    for began, kinds in ((6, ["snapshot"]), (5 - OVERLAP_MS / 1000 + 1, ["snapshot"]), (5 - OVERLAP_MS / 1000, [])):
        late: Hub[str] = Hub("store.late", new_aspects())
        late.time_is(NOW + timedelta(seconds=began))
        late.load(Contents(sessions={SESSION: STAGE}))
        late.time_is(NOW + timedelta(seconds=8))
        entry = late.connect("k", session=SESSION, view="public", person=ANNE, entrance="remote", epoch=client.epoch, seq=client.seq)
        assert [json.loads(frame)["op"] for frame in entry.frames] == kinds


@pytest.mark.parametrize(
    ("epoch", "seconds"), [("other.one", 0), ("store.one", 3600), ("store", 3600), ("", 0), ("a.b.c.d", 0), ("store.one.x", 0)]
)
def test_a_place_that_is_nobody_s_gives_a_snapshot_and_moves_nothing(epoch: str, seconds: int) -> None:
    _, two = processes("public", ANNE)
    hears(two, 100, ("floor", ("paused", 2)))
    seq = int((NOW.timestamp() + 100 + seconds) * 1000)
    entry = two.hub.connect("k", session=SESSION, view="public", person=ANNE, entrance="remote", epoch=epoch, seq=seq)
    (snapshot,) = map(json.loads, entry.frames)
    assert (snapshot["op"], entry.epoch) == ("snapshot", "store.two")
    assert snapshot["seq"] == int((NOW.timestamp() + 100) * 1000)


def test_a_number_is_the_time_at_which_its_change_was_heard_of() -> None:
    _, two = processes("public", ANNE)
    client = Client("public", ANNE)
    client.go(two)
    hears(two, 7, ("floor", ("paused", 2)))
    client.hear()
    assert client.seq == int((NOW.timestamp() + 7) * 1000)
    assert datetime.fromtimestamp(client.seq / 1000, UTC) == NOW + timedelta(seconds=7)


def test_an_epoch_is_read_as_it_was_written() -> None:
    for epoch in (Epoch("store", "one"), Epoch("store", "one", 1_622_700_000_000), Epoch("e0")):
        assert parse_epoch(str(epoch)) == epoch
