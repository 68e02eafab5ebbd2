"""What is in force for the stages: the newest word counts, whatever order the events come in."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from services.streaming.in_force import StagesInForce
from shared.events.programme import ProgrammePublished, SessionRef, StageRef
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.events.vocabulary import Progress

HALL, TOWER, BOOTH = StageRef("hall", "Hall"), StageRef("tower", "Tower"), StageRef("booth", "Booth")


def session(id: str, *, closes: str | None = None, also: tuple[str, ...] = (), stage: str | None = None, record: bool = True) -> SessionRef:
    return SessionRef(id, "other", "", id, None, None, None, stage, questions=False, closed_stage=closes, also_closed=also, record=record)


def programme(*sessions: SessionRef, stages: tuple[StageRef, ...] = (HALL, TOWER, BOOTH)) -> ProgrammePublished:
    return ProgrammePublished("event", "Event", "Europe/Berlin", "d", sessions, stages)


def order(session: str, progress: Progress) -> RunningOrderChanged:
    return RunningOrderChanged("event", (SlotRef(session, progress, None, None),))


def on(*sessions: str) -> RunningOrderChanged:
    return RunningOrderChanged("event", tuple(SlotRef(session, "on", NINE, None) for session in sessions))


NINE = "2030-01-01T09:00:00.000Z"
CLOSED = programme(session("members", closes="tower", also=("booth",)), session("open"))

MIXED = programme(
    session("members", closes="tower"),
    session("talk", stage="hall"),
    session("private", stage="hall", record=False),
    session("other", stage="booth"),
)


def test_what_is_on_is_recorded_unless_something_on_the_same_stage_must_not_be() -> None:
    known = StagesInForce("event").with_programme(MIXED, 3)
    assert known.recorded_on("hall") == {}
    assert known.with_order(on("talk", "other"), 1).recorded_on("hall") == {"talk": NINE}
    assert known.with_order(on("talk", "private", "other"), 1).recorded_on("hall") == {}
    assert known.with_order(on("talk", "private", "other"), 1).recorded_on("booth") == {"other": NINE}
    assert known.with_order(order("talk", "over"), 1).recorded_on("hall") == {}
    assert [stage for stage in ("hall", "tower", "booth") if known.recorded_at_all(stage)] == ["booth"]
    again = known.with_programme(programme(session("talk", stage="hall", record=False)), 4)
    assert again.with_order(on("talk"), 1).recorded_on("hall") == {}


def test_a_stage_is_closed_while_its_closed_session_is_on_and_at_no_other_time() -> None:
    known = StagesInForce("event").with_programme(CLOSED, 3)
    for seq, progress in enumerate(("unknown", "upcoming", "on", "over", "cancelled"), 1):
        found = known.with_order(order("members", progress), seq).closed_stages  # type: ignore[arg-type]
        assert found == ({"tower", "booth"} if progress == "on" else set()), progress
    assert known.with_order(order("open", "on"), 1).closed_stages == set()
    assert known.sometimes_closed == {"tower", "booth"}


def test_whatever_order_the_events_come_in_the_newest_of_each_kind_is_in_force() -> None:
    steps: list[Callable[[StagesInForce], StagesInForce]] = [
        lambda known: known.with_programme(CLOSED, 1),
        lambda known: known.with_programme(programme(session("open"), stages=(HALL,)), 2),
        lambda known: known.with_order(order("members", "on"), 5),
        lambda known: known.with_order(order("members", "over"), 6),
    ]
    found = set()
    for chosen in permutations(steps):
        known = StagesInForce("event")
        for step in (*chosen, *chosen):
            known = step(known)
        found.add(str(known))
    assert len(found) == 1
    assert known.stages == (HALL,)
    assert known.closed_stages == set()


def test_it_is_the_same_after_it_was_stored() -> None:
    known = StagesInForce("event").with_programme(MIXED, 3).with_order(on("members", "talk"), 9)
    assert StagesInForce.from_document({**known.to_document(), "version": 0}) == known
