"""Who may see what of a session's protection: the only place where it is made into what leaves the service. Pure.

Screens learn whether they are blank. Moderators and the chair read by whom and since when, here and everywhere. Moderators read by which
question somebody is muted and never who that is: the question says as much of its author as they may know.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.qa.feed.projection import DISPLAY, Json, View
from shared.events.guard import BlankState, GuardState, MutedState


def screens_for(here: GuardState | None, everywhere: GuardState | None, view: View) -> Json:
    """{"blank"}; for those who lead also {"here", "everywhere"}, each {"at", "by", "duty"} or null."""
    blanks = [None if guard is None else guard.blank for guard in (here, everywhere)]
    shown: Json = {"blank": any(blank is not None for blank in blanks)}
    return shown if view == DISPLAY else shown | {"here": blank_for(blanks[0]), "everywhere": blank_for(blanks[1])}


def blank_for(blank: BlankState | None) -> Json | None:
    return None if blank is None else {"at": blank.at, "by": blank.name, "duty": blank.duty}


def muted_for(muted: Iterable[MutedState]) -> Json:
    """Question id → {"at", "by", "duty"}."""
    return {each.question: {"at": each.at, "by": each.name, "duty": each.duty} for each in muted}
