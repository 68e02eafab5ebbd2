"""Use cases of lists of people: bringing one in, first as a trial that says what would become of each line, and taking one out.

Whoever is brought in is asked by mail, as if they had filled in the form: nothing of them counts before they enter by their own link. What
must not be here: HTTP, the form of a list (`sheet`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from services.registration.people.draft import FormAnswer
from services.registration.people.form import CheckedForm
from services.registration.people.questions import FIELD
from services.registration.people.sheet import BETWEEN, SheetLine, SheetTerms, read_sheet, write_sheet
from services.registration.people.store import MOST_REGISTRANTS, PeopleStore
from services.registration.people.wanted import Offered
from shared.clock import to_text
from shared.errors import Conflict
from shared.events.vocabulary import DOORS
from shared.service.ports import Ports

Fate = Literal["new", "known", "twice", "wrong"]
"""What becomes of a line: somebody new is written to; who is known already, or stands in an earlier line, is left as they are."""
EARLY_OR_LATE: Final = ("registration.enrolment_early", "registration.enrolment_late")
"""An organiser brings people in also while the form is closed."""
HEAD: Final = ("name", "door", "state", "language", "days", "headcount", "image_rights", "registered_at")


@dataclass(frozen=True, slots=True)
class LineFate:
    line: SheetLine
    fate: Fate


class Taking(Protocol):
    async def take(self, form: CheckedForm, channel: str) -> None:
        """Register somebody, and write to them."""


class PeopleLists:
    def __init__(self, ports: Ports, store: PeopleStore, offered: Offered, registration: Taking) -> None:
        self._ports, self._store, self._offered, self._registration = ports, store, offered, registration

    async def bring_in(self, text: str, *, language: str | None = None, trial: bool) -> list[LineFate]:
        """What becomes, or became, of each line; `language` of whoever names none, by default that of the event, or the first of the
        installation where that is not among them. Harmless to repeat: whoever was brought in is known. Raises
        Invalid("registration.sheet"), and Conflict or NotFound `registration.event_…` while the event takes nobody."""
        now = self._ports.clock()
        try:
            self._offered.require_open(now)
        except Conflict as closed:
            if closed.code not in EARLY_OR_LATE:
                raise
        fates = await self._fates(read_sheet(text, self._terms(language)))
        for one in fates if not trial else []:
            if one.fate == "new" and one.line.checked is not None:
                await self._registration.take(one.line.checked, "import")
        return fates

    async def taken_out(self) -> str:
        """Whoever registered, as CSV; no address: nothing shows those."""
        questions = self._offered.questions()
        people = await self._store.registrants(self._ports.event_id, "", after="", limit=MOST_REGISTRANTS)
        rows = []
        for person in people:
            shown = person.shown(None)
            said = {one.question: one for one in person.answers}
            cells = [
                shown.name, shown.door, person.state.value, shown.language, BETWEEN.join(shown.days), str(shown.headcount or ""),
                person.image_choice or "", to_text(person.registered_at),
            ]  # fmt: skip
            rows.append([*cells, *(_cell(said.get(one.id)) for one in questions)])
        return write_sheet([*HEAD, *(f"{FIELD}{one.id}" for one in questions)], rows)

    async def _fates(self, lines: list[SheetLine]) -> list[LineFate]:
        known = await self._store.known_addresses(self._ports.event_id, [one.checked.email for one in lines if one.checked is not None])
        seen: set[str] = set()
        found = []
        for one in lines:
            email = one.checked.email if one.checked is not None else ""
            fate: Fate = "wrong" if not email else "twice" if email in seen else "known" if email in known else "new"
            seen.add(email)
            found.append(LineFate(one, fate))
        return found

    def _terms(self, language: str | None) -> SheetTerms:
        now, messages, own = self._ports.clock(), self._ports.messages, self._offered.language()
        words = {messages.text(lang, f"people.door.{door}").casefold(): door for lang in messages.languages for door in DOORS}
        offered = self._offered
        chosen = language or (own if own in messages.languages else messages.languages[0])
        return SheetTerms(messages.languages, tuple(offered.doors(now)), offered.open_days(now), offered.questions(), chosen, words)


def _cell(answer: FormAnswer | None) -> str:
    return BETWEEN.join(answer.values) if answer is not None else ""
