"""Thousands of plain readers in a process of their own: raw sockets and one epoll, so that reading costs as little as it can.

Driven over standard input and output, one JSON object per line. What must not be here: anything of the platform; the readers know just
enough of WebSocket (RFC 6455) to be let in.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import select
import socket
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from bench.frames import hello

AT_ONCE: Final = 200
"""Connections that are opened side by side; the server's backlog is longer."""
PATIENCE: Final = 60.0
CHUNK: Final = 65_536
CONNECT: Final = "40"
"""Socket.IO protocol 5: to the default namespace."""


def main() -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    swarms: dict[str, list[socket.socket]] = {}
    for line in sys.stdin:
        order = json.loads(line)
        name = order["swarm"]
        if order["do"] == "plain":
            swarms[name] = list(_plain(order["port"], order["count"]))
            _say({"done": len(swarms[name])})
        elif order["do"] == "feed":
            firsts = [hello(token, order["session"], "public") for token in order["tokens"]]
            swarms[name] = list(_upgraded(order["port"], "/feed", firsts))
            _say({"done": len(swarms[name])})
        elif order["do"] == "socketio":
            swarms[name] = list(_upgraded(order["port"], "/socket.io/?EIO=4&transport=websocket", [CONNECT] * order["count"]))
            _say({"done": len(swarms[name])})
        else:
            _say({"armed": True})
            at, p95 = _receive(swarms[name], order["bytes"])
            _say({"at": at, "p95": p95})


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _plain(port: int, count: int) -> Iterator[socket.socket]:
    for _ in range(count):
        made = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        made.setblocking(False)
        yield made


def _upgraded(port: int, path: str, firsts: Sequence[str]) -> Iterator[socket.socket]:
    """Connect, shake hands, say the first words, read two frames (welcome and snapshot; what Socket.IO opens and connects with): in
    batches."""
    for first in range(0, len(firsts), AT_ONCE):
        batch = [(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE), words) for words in firsts[first : first + AT_ONCE]]
        for each, _ in batch:
            key = base64.b64encode(os.urandom(16)).decode()
            each.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
            )
        rests = [_until_blank_line(each) for each, _ in batch]
        for each, words in batch:
            each.sendall(_masked(words.encode()))
        for (each, _), rest in zip(batch, rests, strict=True):
            _two_frames(each, rest)
            each.setblocking(False)
            yield each


def _until_blank_line(each: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += _some(each)
    head, _, rest = got.partition(b"\r\n\r\n")
    if b" 101 " not in head.split(b"\r\n")[0]:
        raise RuntimeError(head.decode())
    return rest


def _two_frames(each: socket.socket, got: bytes) -> None:
    """To the last byte."""
    for _ in range(2):
        while len(got) < 2 or len(got) < _frame_length(got):
            got += _some(each)
        got = got[_frame_length(got) :]
    if got:
        raise RuntimeError(f"more than two frames: {got[:80]!r}")


def _frame_length(got: bytes) -> int:
    short = got[1] & 0x7F
    if short < 126:
        return 2 + short
    if len(got) < 10:
        return 10
    return 4 + struct.unpack("!H", got[2:4])[0] if short == 126 else 10 + struct.unpack("!Q", got[2:10])[0]  # type: ignore[no-any-return]


def _masked(payload: bytes) -> bytes:
    """A client's text frame; the mask may be anything, here it is zero."""
    return b"\x81" + struct.pack("!BH", 0x80 | 126, len(payload)) + b"\0\0\0\0" + payload


def _some(each: socket.socket) -> bytes:
    got = each.recv(CHUNK)
    if not got:
        raise RuntimeError("the server closed a connection")
    return got


def _receive(swarm: list[socket.socket], wanted: int) -> tuple[float, float]:
    """The instants (monotonic, shared by the processes of one machine) at which the last reader, and 95 in a hundred of them, have their
    last byte."""
    poll = select.epoll()
    left: dict[int, Any] = {}
    for each in swarm:
        left[each.fileno()] = [wanted, each]
        poll.register(each.fileno(), select.EPOLLIN)
    buffer = bytearray(CHUNK)
    open_readers, ends = len(swarm), time.monotonic() + PATIENCE
    slowest, p95 = len(swarm) * 5 // 100, 0.0
    while open_readers:
        if time.monotonic() > ends:
            raise RuntimeError(f"{open_readers} readers did not get their message")
        for handle, _ in poll.poll(1.0, 1024):
            entry = left[handle]
            got = entry[1].recv_into(buffer)
            entry[0] -= got
            if not got or entry[0] < 0:
                raise RuntimeError("a reader got something else than the message")
            if entry[0] == 0:
                open_readers -= 1
                if open_readers == slowest:
                    p95 = time.monotonic()
    at = time.monotonic()
    poll.close()
    return at, p95


if __name__ == "__main__":
    main()
