"""Vectors of the table: seats that come and go, a studio that is there, taken over and gone, events that come late."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from services.qa.feed.aspects.seats import ENDED_SHOWN_SECONDS
from services.qa.feed.projection import View
from tests.unit.qa.feed.scene import ANNE, AUDIENCES, BASILE, Scene, seat

SEATED: Final[tuple[tuple[View, str], ...]] = (*AUDIENCES, ("studio", "person-studio"))


def _table(scene: Scene) -> None:
    anne = scene.seat(seat(ANNE, at=1, undo="invite"))
    basile = scene.seat(seat(BASILE, at=2, door="in_room", kind="signer"))
    scene.studio(1, "studio-1", 30)
    anne = scene.seat(replace(anne, version=2, state="checking", name="Anne Le Goff", title="Maire", undo=""))
    anne = scene.seat(replace(anne, version=3, state="ready", round_trip_ms=84, picture="1280x720"))
    late = anne
    anne = scene.seat(replace(anne, version=4, state="on_air", undo="take"))
    scene.seat(late)  # late, and old
    anne = scene.seat(replace(anne, version=5, muted=True))
    scene.studio(2, "studio-2", 40)
    basile = scene.seat(replace(basile, version=2, state="declined"))
    scene.time(50)  # the studio has not been heard of
    scene.studio(3, "studio-2", 59)
    scene.seat(replace(anne, version=6, state="left"))
    gone = scene.seat(seat("person-gone", "checking", at=3))
    scene.seat(replace(gone, version=2, state="removed", person="", name=""))
    scene.time(ENDED_SHOWN_SECONDS + 125)
    scene.seat(seat(BASILE, at=9, door="in_room"))


def _seen(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    scene.join()
    _table(scene)
    return scene.vector(f"seats at the table come and go ({view})")


def _away(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    scene.join()
    scene.leave_and_come_back(lambda: _table(scene))
    return scene.vector(f"a table of which somebody missed everything ({view})", replay=True)


def seat_vectors() -> list[dict[str, Any]]:
    return [*(_seen(*each) for each in SEATED), *(_away(*each) for each in SEATED)]
