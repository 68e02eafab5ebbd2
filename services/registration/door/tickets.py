"""The tickets of an event. A code follows from the keys of the installation and the person (HMAC), so none is kept anywhere; it opens no
page. A ticket is good while its person `has_ticket`: nothing has to be taken back when they withdraw or come by another door.

What must not be here: the store, how a code is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from services.registration.door import codes
from services.registration.people.domain import Person
from shared.auth.keys import Secrets
from shared.auth.sealing import seal

MOST_KNOWN: Final = 100_000
"""Tickets that one process remembers."""


class Tickets:
    def __init__(self, secrets: Secrets, event: str) -> None:
        self._secrets = secrets
        self._event = event
        self._salt = b""
        self._known: dict[str, str] = {}
        """Index → person, of every registrant whose code was needed once."""
        self._index: dict[str, str] = {}
        self._sealed: dict[str, tuple[str, str]] = {}
        """Person → (what was sealed, the sealed line)."""

    @property
    def salt(self) -> bytes:
        """Of this event and this installation: a list made in advance for all events is of no use."""
        self._salt = self._salt or self._secrets.derived(f"door salt:{self._event}")
        return self._salt

    def code_of(self, person_id: str) -> str:
        return codes.written(self._secrets.derived(f"ticket:{self._event}:{person_id}"))

    def index_of(self, person_id: str) -> str:
        found = self._index.get(person_id)
        if found is None:
            found = codes.index_of(self.code_of(person_id), self.salt)
            if len(self._index) >= MOST_KNOWN:
                self._index.clear()
                self._known.clear()
            self._index[person_id], self._known[found] = found, person_id
        return found

    def learn(self, person_ids: Iterable[str]) -> None:
        """Tickets of these people are recognised from now on."""
        for id in person_ids:
            self.index_of(id)

    def person_of(self, index: str) -> str | None:
        """Whose ticket it is, as far as this process learnt."""
        return self._known.get(index)

    def line(self, person: Person, days: Sequence[str]) -> tuple[str, str]:
        """(index, what a desk is shown of the person, sealed); `days`: the dates on which they are expected, none for any."""
        shown = {"id": person.id, "name": person.name, "door": person.door, "image_rights": person.image_choice, "days": list(days)}
        text, index = json.dumps(shown, ensure_ascii=False), self.index_of(person.id)
        before = self._sealed.get(person.id)
        if before is None or before[0] != text:
            if len(self._sealed) >= MOST_KNOWN:
                self._sealed.clear()
            before = (text, seal(codes.key_of(self.code_of(person.id), self.salt), text.encode(), bound_to=bytes.fromhex(index)))
            self._sealed[person.id] = before
        return index, before[1]
