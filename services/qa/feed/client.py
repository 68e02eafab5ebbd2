"""One connection of the live feed, from its hello to its end: plain values, kept by the server."""

from __future__ import annotations

from websockets.asyncio.server import ServerConnection

from services.qa.feed.protocol import Hello
from shared.auth.passes import Pass


class Client:
    """A connection that has said hello. Compared by identity: the hub's key."""

    __slots__ = ("closing", "connection", "frames", "holder", "last_frame_at", "ping_at", "protocol", "session", "transport", "view")

    def __init__(self, connection: ServerConnection, holder: Pass, hello: Hello, now: float, heartbeat: float) -> None:
        self.connection = connection
        self.transport, self.protocol = connection.transport, connection.protocol
        self.holder = holder
        self.session, self.view = hello.session, hello.view
        self.last_frame_at = now
        self.ping_at = now + heartbeat
        self.frames = 0
        self.closing = False
