"""Aspects are a seam: another one is one class and its place among the others; the hub, the journal and the snapshot know nothing of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.aspects import new_aspects
from services.qa.feed.hub import Hub
from services.qa.feed.projection import Json, View
from shared.events.kind import Event
from tests.unit.qa.feed.scene import SESSION


@dataclass(frozen=True, slots=True)
class HeartSent(Event):
    TYPE: ClassVar[str] = "tablee.heart.sent.v1"
    session: str


class HeartAspect(Aspect):
    """A throw-away sixth one: hearts, counted."""

    def __init__(self) -> None:
        self._hearts: Counter[str] = Counter()

    def takes(self) -> Mapping[type[Event], Fold]:
        return {HeartSent: lambda event, seq: self._count(event)}

    def _count(self, event: HeartSent) -> Iterable[AspectChange]:
        self._hearts[event.session] += 1
        yield from for_everybody(event.session, "hearts")

    def shared(self, session: str, view: View) -> Json:
        return {"hearts": self._hearts[session]}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("hearts", {"count": self._hearts[session]})


def test_a_sixth_aspect_is_told_live_held_by_the_snapshot_and_replayed() -> None:
    hub: Hub[str] = Hub("e", (*new_aspects(), HeartAspect()))
    assert HeartSent in hub.takes
    hub.load(Contents(sessions={SESSION: None}))
    (snapshot,) = connect(hub, "a", seq=None)
    assert json.loads(snapshot)["state"]["hearts"] == 0
    for seq in (1, 2, 3):
        (out,) = hub.on_event(HeartSent(SESSION), seq=seq)
        assert (out.to, json.loads(out.frame)["data"]) == (("a",), {"count": seq})
    (missed,) = connect(hub, "b", seq=1)
    assert (json.loads(missed)["kind"], json.loads(missed)["data"]) == ("hearts", {"count": 3})
    assert hub.state(SESSION, "display", "screen")["hearts"] == 3


def connect(hub: Hub[str], key: str, *, seq: int | None) -> list[bytes]:
    return hub.connect(key, session=SESSION, view="public", person="p", entrance="remote", epoch="e", seq=seq).frames
