"""The folder of mails of an installation without a mail server, read as its recipients would."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from shared.mail.port import LINK_HEADER

ARRIVAL_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Letter:
    link: str
    text: str
    calendar: str
    """The iCalendar attachment, empty when there is none."""


async def letter_to(folder: Path, address: str) -> Letter:
    """The newest mail to `address`, once it is there. Raises AssertionError after ARRIVAL_SECONDS."""
    ends = asyncio.get_running_loop().time() + ARRIVAL_SECONDS
    while True:
        found = await asyncio.to_thread(_newest_to, folder, address)
        if found:
            return found
        assert asyncio.get_running_loop().time() < ends, f"no mail to {address} in {folder}"
        await asyncio.sleep(LOOK_SECONDS)


def _newest_to(folder: Path, address: str) -> Letter | None:
    for file in sorted(folder.glob("*.eml"), reverse=True):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        if address in str(message["To"]):
            return _read(message)
    return None


def _read(message: EmailMessage) -> Letter:
    body = message.get_body(("plain",))
    attachments = [part for part in message.iter_attachments() if part.get_content_type() == "text/calendar"]
    return Letter(
        link=str(message[LINK_HEADER]),
        text=str(body.get_content()) if body else "",
        calendar=str(attachments[0].get_content()) if attachments else "",
    )
