"""A receiver: an ffmpeg that speaks a protocol we do not, and hands on what it is sent as FLV, undecoded."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections import deque
from collections.abc import Callable
from typing import Final

from services.streaming.encoding import pipeline
from services.streaming.encoding.encoder import LINE_CHARACTERS, READ_BYTES
from services.streaming.encoding.ending import end_process
from services.streaming.media.inputs import ReceiverInput, SrtListener
from shared.child import dies_with_us

log = logging.getLogger("tablee.streaming.receiver")

LINES_KEPT: Final = 3


async def receive(binary: str, source: ReceiverInput, sink: Callable[[bytes], None]) -> None:
    """Returns when the receiver has ended, whatever the reason; cancelling it ends the receiver first. Raises OSError when it cannot be
    started, and what `sink` raises."""
    process = await asyncio.create_subprocess_exec(
        *pipeline.receiver_arguments(binary, source), process_group=0, preexec_fn=dies_with_us(signal.SIGKILL),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    secret = source.passphrase if isinstance(source, SrtListener) else source.url
    said = asyncio.create_task(_last_lines(process))
    try:
        await _tell(process, pipeline.receiver_script(source))
        assert process.stdout is not None
        while data := await process.stdout.read(READ_BYTES):
            sink(data)
        for line in await said:
            log.info("a receiver: %s", line.replace(secret, "…"))
    finally:
        said.cancel()
        await asyncio.shield(_end(process, said))


async def _end(process: asyncio.subprocess.Process, said: asyncio.Task[list[str]]) -> None:
    await end_process(process)
    await asyncio.wait((said,))
    await process.communicate()  # what nobody reads would keep its pipes open


async def _tell(process: asyncio.subprocess.Process, script: str) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(script.encode())
        await process.stdin.drain()
    process.stdin.close()


async def _last_lines(process: asyncio.subprocess.Process) -> list[str]:
    assert process.stderr is not None
    kept, rest = deque[str](maxlen=LINES_KEPT), b""
    while data := await process.stderr.read(READ_BYTES):
        *lines, rest = (rest + data).split(b"\n")
        rest = rest[-LINE_CHARACTERS:]
        kept.extend(line.decode(errors="replace")[:LINE_CHARACTERS] for line in lines if line.strip())
    return list(kept)
