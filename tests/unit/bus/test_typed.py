"""The edge of the bus: a handler gets its event class, and what does not fit never reaches it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.bus import typed
from shared.bus.port import Delivery, Group
from shared.bus.typed import Listener, Reaction, together
from shared.events.access import AccessRevoked
from shared.events.catalogue import CATALOGUE, decode
from shared.events.envelope import Envelope, Unreadable
from shared.events.floor import FloorChanged
from shared.events.kind import Event
from shared.events.question import QuestionChanged, QuestionClaimed
from shared.events.stage import StageChanged
from tests.support.paths import ROOT

NOW = datetime(2021, 6, 3, 12, tzinfo=UTC)
LIVE = StageChanged(stage="grande-salle", state="live", origin="rtmp", since="2021-06-03T12:00:00.000Z")
ENVELOPE = LIVE.to_envelope(id="1", subject="grande-salle", seq=3, time=NOW)
STAGES = Group("qa.stages", (StageChanged.TYPE,))


class Got:
    def __init__(self) -> None:
        self.events: list[Event] = []

    async def __call__(self, event: Event, delivery: Delivery) -> None:
        self.events.append(event)

    async def gap(self) -> None: ...


async def test_a_reaction_gets_the_event_that_was_sent() -> None:
    got = Got()
    await Reaction(STAGES, StageChanged, got).receive(Delivery(ENVELOPE, 1, STAGES.name))
    assert got.events == [LIVE]


@pytest.mark.parametrize("wrong", [{"state": 5}, {"origin": None}, {"since": "soon"}, {"stage": ["a"]}])
async def test_what_does_not_fit_its_class_is_unreadable_and_never_reaches_the_handler(wrong: dict[str, object]) -> None:
    got, data = Got(), {**ENVELOPE.data, **wrong}
    with pytest.raises(Unreadable, match=r"tablee\.stage\.changed\.v1: \w+"):
        await Reaction(STAGES, StageChanged, got).receive(Delivery(replace(ENVELOPE, data=data), 1, STAGES.name))
    with pytest.raises(Unreadable):
        await Listener((StageChanged,), got, got.gap).receive(replace(ENVELOPE, data=data))
    assert got.events == []


async def test_an_event_of_another_type_is_unreadable() -> None:
    got = Got()
    with pytest.raises(Unreadable, match="not for this handler"):
        await Listener((FloorChanged,), got, got.gap).receive(ENVELOPE)
    with pytest.raises(Unreadable, match="known"):
        await Listener((FloorChanged,), got, got.gap).receive(replace(ENVELOPE, type="tablee.stage.changed.v9"))


async def test_listeners_that_stand_together_hear_each_what_they_take_and_it_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Envelope] = []

    def counted(envelope: Envelope) -> Event:
        decoded.append(envelope)
        return decode(envelope)

    monkeypatch.setattr(typed, "decode", counted)
    stages, floors, both = Got(), Got(), Got()
    joined = together(
        Listener((StageChanged,), stages, stages.gap), Listener((FloorChanged,), floors, floors.gap),
        Listener((FloorChanged, StageChanged), both, both.gap),
    )  # fmt: skip
    assert joined.topics == (StageChanged.TYPE, FloorChanged.TYPE)
    await joined.receive(ENVELOPE)
    assert (stages.events, floors.events, both.events, decoded) == ([LIVE], [], [LIVE], [ENVELOPE])


async def test_what_fails_at_one_of_them_reaches_the_others_and_is_told() -> None:
    class Failing(Got):
        async def __call__(self, event: Event, delivery: Delivery) -> None:
            raise RuntimeError("heard")

        async def gap(self) -> None:
            raise RuntimeError("reloaded")

    class Reloading(Got):
        async def gap(self) -> None:
            self.events.append(LIVE)

    failing, other = Failing(), Reloading()
    joined = together(Listener((StageChanged,), failing, failing.gap), Listener((StageChanged,), other, other.gap))
    with pytest.raises(RuntimeError, match="heard"):
        await joined.receive(ENVELOPE)
    with pytest.raises(RuntimeError, match="reloaded"):
        await joined.on_gap()
    assert other.events == [LIVE, LIVE]


def test_a_base_class_stands_for_its_subclasses() -> None:
    got = Got()
    topics = Listener((QuestionChanged, FloorChanged), got, got.gap).topics
    steps = {type for type in CATALOGUE if type.startswith(("tablee.question.", "tablee.floor."))} - {QuestionClaimed.TYPE}
    assert set(topics) == steps
    assert "tablee.question.asked.v1" in topics


def test_a_group_that_catches_more_than_its_handler_takes_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=re.escape(StageChanged.TYPE)):
        Reaction(Group("x", ("tablee.stage.#", "tablee.access.#")), AccessRevoked, Got())


def test_nobody_beyond_the_edge_of_the_bus_reads_the_data_of_an_envelope() -> None:
    edge = re.compile(r"\b(?:event|envelope|delivery)(?:\.\w+)*\.data\b")
    readers = [
        f"{file.relative_to(ROOT)}:{number}"
        for folder in ("services", "shared")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if file.parent != ROOT / "shared" / "events" and "bus" not in file.parts and file.name != "outbox.py"
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if edge.search(line)
    ]
    assert readers == []
