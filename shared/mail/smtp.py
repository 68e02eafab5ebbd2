"""Mails through an SMTP server (RFC 5321), by aiosmtplib. `smtp://` uses STARTTLS when the server offers it, `smtps://` is TLS at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from shared.config import SettingError
from shared.errors import Invalid, Unavailable
from shared.mail.port import LINK_HEADER

log = logging.getLogger("tablee.mail")

DEADLINE: Final = 20.0
"""Seconds for one mail, from connecting to the server's last word."""
MOST_AT_ONCE: Final = 4
"""Connections to the mail server at the same time."""
_PORTS: Final = {"smtp": 25, "smtps": 465}
_PERMANENT: Final = range(500, 600)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


def read_smtp_url(url: str) -> SmtpServer:
    """`smtp://user:password@host:port` or `smtps://…`; user and password percent-encoded. Raises SettingError."""
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise SettingError("SMTP_URL must look like smtp://user:password@host:port or smtps://…") from None
    if not parts.hostname:
        raise SettingError("SMTP_URL names no host")
    return SmtpServer(parts.hostname, port, parts.scheme == "smtps", unquote(parts.username or ""), unquote(parts.password or ""))


class SmtpMailer:
    """See shared.mail.port.Mailer. Each mail has its own connection: simple, and a server that went away costs one mail's retry."""

    def __init__(self, server: SmtpServer, *, deadline: float = DEADLINE) -> None:
        self._server = server
        self._deadline = deadline
        self._places = asyncio.Semaphore(MOST_AT_ONCE)

    async def send(self, message: EmailMessage) -> None:
        """Raises Unavailable("mail.unavailable"), Invalid("mail.refused")."""
        try:
            async with self._places, asyncio.timeout(self._deadline):
                await self._send(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise self._refused([one.code for one in error.recipients]) from error
        except aiosmtplib.SMTPDataError as error:
            raise self._refused([error.code]) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            log.error("the mail server refuses our user or password: check SMTP_URL")
            raise Unavailable("mail.unavailable") from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            # The class only: messages of the library may quote addresses.
            log.warning("the mail server does not answer", extra={"error": type(error).__name__})
            raise Unavailable("mail.unavailable") from error

    async def mails_to(self, address: str) -> Sequence[str]:
        return ()

    async def forget(self, address: str) -> None:
        """Nothing of a mail stays here."""

    async def _send(self, message: EmailMessage) -> None:
        server = self._server
        del message[LINK_HEADER]
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=False if server.tls else None,
            username=server.user or None,
            password=server.password or None,
            timeout=self._deadline,
        )
        async with client:
            await client.send_message(message)

    @staticmethod
    def _refused(codes: list[int]) -> Invalid | Unavailable:
        """5xx answers are for good (RFC 5321, section 4.2.1), 4xx ones may pass."""
        if codes and all(code in _PERMANENT for code in codes):
            log.warning("a mail was refused for good", extra={"codes": codes})
            return Invalid("mail.refused")
        return Unavailable("mail.unavailable")
