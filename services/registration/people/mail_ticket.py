"""The mail with the ticket of the room: its code as a picture and as text. The picture is part of the mail: nothing is fetched, so
nothing tells that it was read.

Pure. What must not be here: sending, who has a ticket, how a code is drawn.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from services.registration.people.mail import MOST_SUBJECT_NAME, Letter, MailFacts, one_line, written
from shared.messages.catalogue import Catalogue

PICTURE: Final = "ticket"
"""How the HTML names the picture (Content-ID, RFC 2392)."""
WIDTH: Final = 232
"""Of the picture on the screen, in pixels: large enough for the camera of a door, on a small phone too."""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    code: str
    picture: bytes
    """PNG."""


def compose_ticket(facts: MailFacts, ticket: TicketFacts, catalogue: Catalogue) -> EmailMessage:
    """`facts.link` leads to the page that shows the ticket as well. Raises ValueError."""
    letter = _TicketLetter(facts, ticket, catalogue)
    message = written(facts, letter.subject(), letter.plain(), letter.html())
    page = message.get_body(("html",))
    if isinstance(page, EmailMessage):
        page.add_related(
            ticket.picture, maintype="image", subtype="png", cid=f"<{PICTURE}>", filename=f"{ticket.code}.png", disposition="inline"
        )
    message["Content-Language"] = facts.language
    return message


class _TicketLetter(Letter):
    def __init__(self, facts: MailFacts, ticket: TicketFacts, catalogue: Catalogue) -> None:
        super().__init__(facts, catalogue)
        self._ticket = ticket

    def subject(self) -> str:
        return self.text("ticket.subject", event=one_line(self._facts.event)[:MOST_SUBJECT_NAME])

    def _opening(self) -> list[str]:
        facts = self._facts
        return [
            self.text("hello", name=facts.name),
            self.text("ticket.why", event=facts.event),
            self.text("ticket.code", code=self._ticket.code),
        ]

    def _marked(self, text: str) -> str:
        found = super()._marked(text)
        if text != self._opening()[-1]:
            return found
        look = f"display:block;width:{WIDTH}px;max-width:100%;height:auto;margin:0 0 8px;border:0;background:#ffffff"
        picture = (
            f'<img src="cid:{PICTURE}" width="{WIDTH}" height="{WIDTH}" alt="{html.escape(self.text("ticket.picture"))}" style="{look}">'
        )
        return f"{picture}{found}"

    def _button_words(self) -> str:
        return self.text("ticket.button")

    def _small(self) -> list[str]:
        image = [f"{self.text(self._facts.image_choice)} {self.text('change')}"] if self._facts.image_choice is not None else []
        return [*image, self.text("ticket.keep")]
