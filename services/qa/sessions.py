"""The life of a session: in force since one version of the programme, removed by another, perhaps back by a third. Pure.

What is held is compared with what is in force, whole: an event that was missed needs no making up for. What must not be here: floors, I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from shared.events.programme import SessionRef


@dataclass(frozen=True, slots=True)
class Life:
    """`ref`: what was last told of it. Versions are those of the programme; `removed` is None while it is in force."""

    ref: SessionRef
    since: int
    removed: int | None = None

    @property
    def id(self) -> str:
        return self.ref.id


def reconcile(held: Mapping[str, Life], version: int, in_force: Iterable[SessionRef]) -> list[Life]:
    """The lives that are not what they were: added, changed, come back, removed. Nothing the second time."""
    now = {ref.id: ref for ref in in_force}
    lives = [_in_force(held.get(id), version, ref) for id, ref in now.items()]
    lives += [_removed(life, version) for id, life in held.items() if id not in now]
    return [life for life in lives if life != held.get(life.id)]


def _in_force(held: Life | None, version: int, ref: SessionRef) -> Life:
    if held is None or held.removed is not None:
        return Life(ref, version)
    return replace(held, ref=ref)


def _removed(held: Life, version: int) -> Life:
    return held if held.removed is not None else replace(held, removed=version)
