"""Which stage a session is watched on, in which room it is, which stages it closes. Pure rules over the programme.

The cameras of a stage stand in its `room`. So:

- a session that names a stage and no room takes place in the room of that stage;
- a session with `stream: true` that names no stage is watched on the first stage in its room;
- a session with `stream: false` closes the stage that it names and every stage in its room: while it is on, nothing of the hall is sent;
- a session that names neither a stage nor `stream` is followed by nobody from afar, and closes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.registration.programme.format.event import StageEntry
from services.registration.programme.format.model import Programme, Session


def stage_of(programme: Programme, session: Session) -> StageEntry | None:
    """Where people watch it; None when nobody does."""
    if session.stream is False:
        return None
    named = programme.stage(session.stage)
    if named is None and session.stream:
        return next(_stages_in(programme, session.room), None)
    return named


def room_of(programme: Programme, session: Session) -> str | None:
    """Id of the room; None while it is not known."""
    stage = programme.stage(session.stage)
    return session.room or (stage.room if stage else None)


def closes(programme: Programme, session: Session) -> tuple[str, ...]:
    """Ids of the stages that send nothing of their hall while it is on."""
    if session.stream is not False:
        return ()
    named = [session.stage] if session.stage else []
    return tuple(dict.fromkeys([*named, *(stage.id for stage in _stages_in(programme, room_of(programme, session)))]))


def takes_up(programme: Programme, session: Session) -> str | None:
    """Id of the stage that can have nothing else meanwhile."""
    stage = stage_of(programme, session)
    return stage.id if stage else next(iter(closes(programme, session)), session.stage)


def _stages_in(programme: Programme, room: str | None) -> Iterator[StageEntry]:
    return (stage for stage in programme.event.stages if room is not None and stage.room == room)
