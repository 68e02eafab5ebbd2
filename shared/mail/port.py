"""Sending mail: the port. Adapters: SMTP through aiosmtplib, or .eml files under VAR/mail (`shared.mail.smtp`, `shared.mail.files`)."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Final, Protocol

LINK_HEADER: Final = "X-Tablee-Link"
"""A mail that carries a personal link names it here, for the file adapter's log alone: no mail leaves the machine with this header."""


class Mailer(Protocol):
    async def send(self, message: EmailMessage) -> None:
        """Returns when the next server (or the disk) is responsible. Raises Unavailable("mail.unavailable") to be tried again later,
        Invalid("mail.refused") when the address is refused for good."""

    async def mails_to(self, address: str) -> Sequence[str]:
        """What the adapter itself keeps of the mails to this address, one name each. A mail that a server took is no longer ours."""

    async def forget(self, address: str) -> None:
        """Remove what `mails_to` shows."""
