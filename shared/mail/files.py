"""Mails as files: each message becomes one .eml in a folder, and the personal link in it stands in the log. For trying things out.

The folder is bounded: the oldest files go first.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from pathlib import Path
from typing import Final

from shared.clock import Clock, utc_now
from shared.errors import Unavailable
from shared.ids import new_id
from shared.log import TRIAL_LINK
from shared.mail.port import LINK_HEADER

log = logging.getLogger("tablee.mail")

MOST_FILES: Final = 500


class FileMailer:
    """See shared.mail.port.Mailer. Files are named by time, so that the newest is last: `20210603T074500.000Z-1a2b3c4d.eml`."""

    def __init__(self, folder: Path, *, most_files: int = MOST_FILES, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._most = most_files
        self._clock = clock

    async def send(self, message: EmailMessage) -> None:
        """Raises Unavailable("mail.unavailable") when the disk refuses."""
        try:
            path = await asyncio.to_thread(self._write, message)
        except OSError as error:
            # One line: a full disk would otherwise fill itself with traces.
            log.error("a mail could not be written", extra={"folder": str(self._folder), "error": error.strerror or type(error).__name__})
            raise Unavailable("mail.unavailable") from None
        # Only here, where no mail server is set, does a link reach the log: it is how one gets in on a trial installation.
        log.info("mail written", extra={"file": str(path), TRIAL_LINK: message.get(LINK_HEADER, "")})

    def _write(self, message: EmailMessage) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stamp = self._clock().strftime("%Y%m%dT%H%M%S.%f")[:-3]
        path = self._folder / f"{stamp}Z-{new_id()[:8]}.eml"
        partial = path.with_suffix(".part")
        try:
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes(policy=SMTP))
            partial.rename(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        self._forget_oldest()
        return path

    async def mails_to(self, address: str) -> Sequence[str]:
        return [path.name for path in await asyncio.to_thread(self._to, address)]

    async def forget(self, address: str) -> None:
        for path in await asyncio.to_thread(self._to, address):
            path.unlink(missing_ok=True)

    def _to(self, address: str) -> list[Path]:
        found = []
        for path in sorted(self._folder.glob("*.eml")):
            with path.open("rb") as file:
                headers = BytesHeaderParser(policy=SMTP).parse(file)
            if any(one.addr_spec.lower() == address for one in headers["To"].addresses):
                found.append(path)
        return found

    def _forget_oldest(self) -> None:
        files = sorted(self._folder.glob("*.eml"))
        for old in files[: max(0, len(files) - self._most)]:
            old.unlink(missing_ok=True)
