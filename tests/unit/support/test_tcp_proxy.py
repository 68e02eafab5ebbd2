"""The line that tests cut and freeze: whatever state it is in, nothing of it is left once it stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.support.tcp_proxy import TcpProxy

SOON = 5.0


@pytest.fixture
async def line() -> AsyncIterator[TcpProxy]:
    """To a server that gives back what it is sent."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(100):
                writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxy = TcpProxy(server.sockets[0].getsockname()[1])
    await proxy.start()
    yield proxy
    async with asyncio.timeout(SOON):
        await proxy.stop()
    server.close()


async def broken(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(1), SOON) == b""


async def test_what_is_sent_while_it_is_frozen_comes_when_it_is_mended(line: TcpProxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    line.freeze()
    writer.write(b"held")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(4), 0.1)
    line.mend()
    assert await asyncio.wait_for(reader.readexactly(4), SOON) == b"held"
    writer.close()


async def test_nothing_waits_any_more_once_it_has_stopped_although_it_is_frozen(line: TcpProxy) -> None:
    before = asyncio.all_tasks()
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"1")
    assert await asyncio.wait_for(reader.readexactly(1), SOON) == b"1"
    line.freeze()
    writer.write(b"2")
    await asyncio.wait_for(line.stop(), SOON)
    await broken(reader)
    writer.close()
    left = asyncio.all_tasks() - before
    assert not left or not (await asyncio.wait(left, timeout=SOON))[1]


async def test_a_connection_that_is_being_made_when_it_is_cut_is_broken_too(line: TcpProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go, connect = asyncio.Event(), asyncio.Event(), asyncio.open_connection

    async def slowly(*where: str | int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reached.set()
        await go.wait()
        return await connect(*where)  # type: ignore[arg-type]

    monkeypatch.setattr("tests.support.tcp_proxy.asyncio.open_connection", slowly)
    reader, writer = await connect("127.0.0.1", line.port)
    writer.write(b"x")
    await asyncio.wait_for(reached.wait(), SOON)
    line.cut()
    go.set()
    await broken(reader)
    writer.close()
