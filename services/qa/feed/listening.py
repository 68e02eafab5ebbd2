"""The port of the live feed: opened so that a crowd which comes at once waits in the kernel's line and is taken in a few at a time."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Origin

from services.qa.feed.admission import Limits
from shared.config import SettingError

library_log = logging.getLogger("tablee.qa.feed.sockets")
library_log.setLevel(logging.WARNING)  # it says every connection that opens and closes; the metrics count them

MOST_MESSAGE_BYTES: Final = 65_536
"""What the library reads at all; the protocol refuses much shorter ones, with a sentence."""


async def listen(
    handle: Callable[[ServerConnection], Awaitable[None]],
    process_request: Callable[[ServerConnection, Request], Response | None],
    host: str,
    port: int,
    origins: Sequence[Origin | None],
    limits: Limits,
) -> Server:
    """Raises SettingError when the port cannot be used."""
    try:
        server = await serve(
            handle, host, port, origins=origins, compression=None, process_request=process_request, server_header=None,
            ping_interval=None, open_timeout=limits.opening_seconds, close_timeout=limits.close_seconds, max_size=MOST_MESSAGE_BYTES,
            backlog=limits.joins_at_a_time, logger=library_log,
        )  # fmt: skip
    except OSError as error:
        raise SettingError(
            f"port {port} on {host} cannot be used for the live feed ({error.strerror}); "
            f"choose another one, e.g. TABLEE_FEED_PORT={port + 10}"
        ) from None
    for each in server.sockets:  # asyncio takes in as many in one round as it lets wait: here few at a time, and many wait
        with each.dup() as listening:
            listening.listen(limits.joins_waiting)
    return server
