"""The aspect of what protects a session: whether its screens are blank, how slowly people ask, who is muted.

While they are, nothing that people wrote goes to screens, in no frame and no snapshot: the feed leaves out whatever aspects have a `blank`
form. The frame that ends it brings all of that as it is then.

snapshot  slow     seconds between two questions of a person, 0 as everywhere (not for screens)
          muted    question id → MUTED: its author is muted (moderators)
          silenced whether one is muted oneself (not for screens)
          screens  {"blank"} (screens), {"blank", "here", "everywhere"} (moderators, chair: BLANK or null each)
frames    slow {"slow"} · muted {"muted"} · silenced {"silenced"}
          screens {"screens"}, for screens with the fields of every aspect that has a blank form
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.aspects.session import SessionAspect
from services.qa.feed.guard import muted_for, screens_for
from services.qa.feed.projection import AT_WORK, DISPLAY, MODERATOR, PUBLIC, Json, View
from shared.events.guard import EVERYWHERE, GuardChanged, GuardState
from shared.events.kind import Event

_SCREENS: Final = "screens"
_SLOW: Final = "slow"
_MUTED: Final = "muted"
_SILENCED: Final = "silenced"


class GuardAspect(Aspect):
    def __init__(self, sessions: SessionAspect, contents: Sequence[Aspect]) -> None:
        """`contents`: the aspects that screens show something of."""
        self._sessions = sessions
        self._contents = [aspect for aspect in contents if aspect.blank() is not None]
        self._guards: dict[str, GuardState] = {}
        """By session, one for all under EVERYWHERE."""

    def takes(self) -> Mapping[type[Event], Fold]:
        return {GuardChanged: lambda event, seq: self._put(event.guard)}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for guard in contents.guards:
            yield from self._put(guard)

    def blanks(self, session: str) -> bool:
        return any(guard is not None and guard.blank is not None for guard in self._of(session))

    def mutes(self, session: str, person: str) -> bool:
        """As this process was told last."""
        guard = self._guards.get(session)
        return guard is not None and any(each.person == person for each in guard.muted)

    def holds(self, session: str) -> bool:
        """Whoever removes and brings back a session brings no screens back."""
        guard = self._guards.get(session)
        return guard is not None and guard.blank is not None

    def forget(self, session: str) -> None:
        self._guards.pop(session, None)

    def _of(self, session: str) -> tuple[GuardState | None, GuardState | None]:
        return self._guards.get(session), self._guards.get(EVERYWHERE)

    def _put(self, guard: GuardState) -> Iterable[AspectChange]:
        before = self._guards.get(guard.session)
        if before is not None and before.version >= guard.version:
            return
        self._guards[guard.session] = guard
        before = before or GuardState(guard.session, 0)
        if guard.blank != before.blank:
            yield from self._blanked(guard)
        if guard.slow != before.slow:
            for view in (PUBLIC, *AT_WORK):
                yield AspectChange(guard.session, (_SLOW,), view)
        if guard.muted != before.muted:
            yield AspectChange(guard.session, (_MUTED,), MODERATOR)
            for person in sorted({each.person for each in before.muted} ^ {each.person for each in guard.muted}):
                yield AspectChange(guard.session, (_SILENCED,), person=person)

    def _blanked(self, guard: GuardState) -> Iterable[AspectChange]:
        for session in self._sessions.known() if guard.session == EVERYWHERE else (guard.session,):
            for view in (DISPLAY, *AT_WORK):  # screens first
                yield AspectChange(session, (_SCREENS,), view)

    # --- what is shown -------------------------------------------------------------------------------------------------------------
    def shared(self, session: str, view: View) -> Json:
        guard = self._guards.get(session)
        state: Json = {} if view == DISPLAY else {"slow": 0 if guard is None else guard.slow}
        if view == DISPLAY or view in AT_WORK:
            state["screens"] = screens_for(*self._of(session), view)
        if view == MODERATOR:
            state["muted"] = {} if guard is None else muted_for(guard.muted)
        return state

    def personal(self, session: str, person: str) -> Json:
        return {"silenced": self.mutes(session, person)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        if view is None:
            yield FrameData(_SILENCED, self.personal(session, person))
            return
        state = self.shared(session, view)
        for key in keys:
            fields = {key: state[key]}
            if view == DISPLAY:
                for aspect in self._contents:
                    fields |= aspect.on_screen(session, blank=self.blanks(session))
            yield FrameData(key, fields)
