"""The wire that a browser's calls go through: it can be cut, or lose some packets: real ones of real calls, whose way alone is ours.

The browser's page is told other ports for the other end, and tells none of its own, so that no packet finds another way.
"""

from __future__ import annotations

import asyncio
import random
import socket
from functools import partial
from typing import Final

from playwright.async_api import BrowserContext

Address = tuple[str, int]

MOST_BYTES: Final = 65_536
REWIRED: Final = """(() => {
  const { prototype } = RTCPeerConnection, add = prototype.addIceCandidate;
  prototype.addIceCandidate = async function (candidate) {
    const parts = (candidate?.candidate ?? '').split(' ');
    if (parts[2]?.toLowerCase() !== 'udp' || !/^[0-9.]+$/.test(parts[4])) return;
    parts[5] = String(await window.wired(parts[4], Number(parts[5])));
    return add.call(this, { ...candidate, candidate: parts.join(' ') });
  };
  const bare = (sdp) => sdp?.replace(/^a=candidate.*\\r\\n/gm, '');
  const local = Object.getOwnPropertyDescriptor(prototype, 'localDescription').get, take = prototype.setRemoteDescription;
  Object.defineProperty(prototype, 'localDescription', { get() {
    const found = local.call(this);
    return found && { type: found.type, sdp: bare(found.sdp) };
  } });
  prototype.setRemoteDescription = function ({ type, sdp }) { return take.call(this, { type, sdp: bare(sdp) }); };
  const told = RTCIceCandidate.prototype.toJSON;
  RTCIceCandidate.prototype.toJSON = function () {
    return { ...told.call(this), candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host' };
  };
})();"""


class UdpWire:
    """`loss`: part of the packets that are dropped, 1 for a cut. It owns its sockets until `close`."""

    def __init__(self) -> None:
        self.loss = 0.0
        self._loop = asyncio.get_running_loop()
        self._sockets: list[socket.socket] = []
        self._near: dict[Address, int] = {}
        self._far: dict[tuple[socket.socket, Address], socket.socket] = {}

    async def lay(self, context: BrowserContext) -> None:
        """For every page that is opened in it from now on."""
        await context.expose_function("wired", self.through)
        await context.add_init_script(REWIRED)

    def through(self, host: str, port: int) -> int:
        """The port that leads to this one."""
        if (host, port) not in self._near:
            near = self._open()
            near.bind(("0.0.0.0", 0))  # whatever address of this machine the browser sends from
            self._loop.add_reader(near, partial(self._out, near, (host, port)))
            self._near[host, port] = int(near.getsockname()[1])
        return self._near[host, port]

    def close(self) -> None:
        for one in self._sockets:
            self._loop.remove_reader(one)
            one.close()
        self._sockets.clear()

    def _open(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.setblocking(False)
        self._sockets.append(made)
        return made

    def _out(self, near: socket.socket, to: Address) -> None:
        data, sender = near.recvfrom(MOST_BYTES)
        far = self._far.get((near, sender))
        if far is None:
            far = self._far[near, sender] = self._open()
            far.connect(to)
            self._loop.add_reader(far, partial(self._back, far, near, sender))
        self._pass(partial(far.send, data))

    def _back(self, far: socket.socket, near: socket.socket, to: Address) -> None:
        try:
            data = far.recv(MOST_BYTES)
        except ConnectionRefusedError:
            return  # the other end is gone
        self._pass(partial(near.sendto, data, to))

    def _pass(self, send: partial[int]) -> None:
        if random.random() < self.loss:
            return
        try:
            send()
        except (BlockingIOError, ConnectionRefusedError):
            return  # lost as well
