"""The only spawner of processes that last: one ffmpeg, its pipes read, its progress watched, its end certain.

The process has a group of its own (Ctrl-C is ours to handle) and dies with us even when we are killed. What to encode is said in pipeline,
what becomes of the fragments in splicer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.streaming.encoding import pipeline
from services.streaming.encoding.ending import end_process
from services.streaming.media.fmp4 import Fragment, Init, Splitter
from services.streaming.media.inputs import EncoderInput
from services.streaming.media.ladder import Ladder
from shared.child import dies_with_us
from shared.config import SettingError

log = logging.getLogger("tablee.streaming.encoder")

STALL_SECONDS: Final = 3.0
"""Without progress for this long (while there is something to encode) an encoder is stopped."""
START_SECONDS: Final = 10.0
"""How long the first progress may take."""
READ_BYTES: Final = 65_536
SPEED_POINTS: Final = 12
"""Progress reports that the speed of the moment is measured over: about six seconds."""
LINES_KEPT: Final = 40
LINE_CHARACTERS: Final = 400

Sink = Callable[[str, Init | Fragment], None]
Feed = Callable[[], Awaitable[bytes]]


def find_ffmpeg(setting: str) -> str:
    """The binary to use: the setting, else the pip wheel's, else PATH. Raises SettingError."""
    if setting:
        found = shutil.which(setting)
        if found is None:
            raise SettingError(f"TABLEE_FFMPEG is {setting!r}: no such program")
        return found
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = shutil.which("ffmpeg")
    if found is None:
        raise SettingError("no ffmpeg found: pip install imageio-ffmpeg, or install ffmpeg, or set TABLEE_FFMPEG")
    return found


@dataclass(slots=True)
class Progress:
    """The encoder’s last progress report. `seconds` is how much it has written, `speed` 1.0 when it keeps up."""

    seconds: float = 0.0
    fps: float = 0.0
    speed: float = 0.0
    values: dict[str, str] = field(default_factory=dict)

    def take(self, line: str) -> bool:
        """One key=value line; True at the end of a block."""
        key, _, value = line.partition("=")
        self.values[key[:40]] = value.strip()[:40]
        if key != "progress":
            return False
        self.seconds = max(self.seconds, _number(self.values.get("out_time_us", "0")) / 1e6)
        self.fps = _number(self.values.get("fps", "0"))
        self.speed = _number(self.values.get("speed", "0").rstrip("x"))
        return True


class Encoder:
    """One run of ffmpeg. `run` returns when it has ended, whatever the reason; cancelling `run` stops it."""

    def __init__(self, binary: str, source: EncoderInput, ladder: Ladder, sink: Sink, feed: Feed | None = None) -> None:
        self.progress = Progress()
        self.bytes_made: dict[str, int] = {track.name: 0 for track in ladder.tracks}
        self.process: asyncio.subprocess.Process | None = None
        self.tail: deque[str] = deque(maxlen=LINES_KEPT)
        """The last lines it wrote on standard error."""
        self._binary, self._source, self._ladder, self._sink, self._feed = binary, source, ladder, sink, feed
        self._progressed_at = 0.0
        self._fed_at = 0.0
        self._points: deque[tuple[float, float]] = deque(maxlen=SPEED_POINTS)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process is not None else None

    @property
    def speed_now(self) -> float | None:
        """Seconds of media per second over the last few seconds; None while too little is known."""
        if len(self._points) < SPEED_POINTS:
            return None
        (began, first), (ended, last) = self._points[0], self._points[-1]
        return (last - first) / max(ended - began, 0.001)

    async def run(self) -> int:
        """The exit status. Raises OSError when the binary cannot be started."""
        pipes = {name: os.pipe() for name in (*self.bytes_made, "progress")}
        readers = {name: ends[0] for name, ends in pipes.items()}
        try:
            self.process = await self._spawn({name: ends[1] for name, ends in pipes.items()})
        except BaseException:
            for descriptor in readers.values():
                os.close(descriptor)
            raise
        finally:
            for _, write in pipes.values():
                os.close(write)
        try:
            await self._supervise(self.process, readers)
        finally:
            await asyncio.shield(end_process(self.process))
        return await self.process.wait()

    async def _spawn(self, writers: Mapping[str, int]) -> asyncio.subprocess.Process:
        tracks = {name: descriptor for name, descriptor in writers.items() if name != "progress"}
        command = pipeline.arguments(self._binary, self._source, self._ladder, tracks, writers["progress"])
        return await asyncio.create_subprocess_exec(
            *command, pass_fds=tuple(writers.values()), process_group=0, preexec_fn=dies_with_us(signal.SIGKILL),
            stdin=asyncio.subprocess.PIPE if self._feed else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def _supervise(self, process: asyncio.subprocess.Process, readers: Mapping[str, int]) -> None:
        """Until all tracks have ended, or the encoder is given up; whatever else happens is for those two to see."""
        self._progressed_at = self._fed_at = asyncio.get_running_loop().time()
        output = asyncio.create_task(self._read_tracks(readers))
        watch = asyncio.create_task(self._watch_progress())
        others = [asyncio.create_task(work) for work in (self._read_progress(readers["progress"]), self._read_stderr(process))]
        if self._feed is not None:
            others.append(asyncio.create_task(self._write_input(process, self._feed)))
        try:
            await asyncio.wait({output, watch}, return_when=asyncio.FIRST_COMPLETED)
            for task in (output, watch):
                if task.done() and task.exception() is not None:
                    log.warning("the encoder's output cannot be used: %s", task.exception())
        finally:
            for task in (output, watch, *others):
                task.cancel()
            await asyncio.gather(output, watch, *others, return_exceptions=True)

    async def _read_tracks(self, readers: Mapping[str, int]) -> None:
        async with asyncio.TaskGroup() as group:
            for name in self.bytes_made:
                group.create_task(self._read_track(name, readers[name]))

    async def _read_track(self, name: str, descriptor: int) -> None:
        """Raises Malformed."""
        splitter = Splitter()
        async for data in _read_pipe(descriptor):
            self.bytes_made[name] += len(data)
            self._progressed_at = asyncio.get_running_loop().time()  # a track that stands still holds the progress report back
            for item in splitter.feed(data):
                self._sink(name, item)

    async def _read_progress(self, descriptor: int) -> None:
        rest = b""
        async for data in _read_pipe(descriptor):
            *lines, rest = (rest + data).split(b"\n")
            rest = rest[-LINE_CHARACTERS:]
            for line in lines:
                before = self.progress.seconds
                if not self.progress.take(line.decode(errors="replace")):
                    continue
                now = asyncio.get_running_loop().time()
                self._points.append((now, self.progress.seconds))
                if self.progress.seconds > before:
                    self._progressed_at = now

    async def _read_stderr(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        rest = b""
        while data := await process.stderr.read(READ_BYTES):
            *lines, rest = (rest + data).split(b"\n")
            rest = rest[-LINE_CHARACTERS:]
            self.tail.extend(line.decode(errors="replace")[:LINE_CHARACTERS] for line in lines if line.strip())

    async def _watch_progress(self) -> None:
        """Returns when the encoder makes no progress although it has been given something to do."""
        loop = asyncio.get_running_loop()
        patience = START_SECONDS
        while True:
            await asyncio.sleep(STALL_SECONDS / 6)
            now = loop.time()
            patience = STALL_SECONDS if self.progress.seconds else patience
            # A publisher that sends nothing is not the encoder's fault.
            starved = self._feed is not None and now - self._fed_at > STALL_SECONDS / 2
            if starved:
                self._progressed_at = max(self._progressed_at, now - STALL_SECONDS / 2)
            elif now - self._progressed_at > patience:
                log.warning("the encoder made no progress for %.0f s: %s", patience, " | ".join(list(self.tail)[-3:]))
                return

    async def _write_input(self, process: asyncio.subprocess.Process, feed: Feed) -> None:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while data := await feed():
                process.stdin.write(data)
                await process.stdin.drain()
                self._fed_at = asyncio.get_running_loop().time()
        process.stdin.close()


async def _read_pipe(descriptor: int) -> AsyncIterator[bytes]:
    """Bytes from our end of a pipe until its end; closes it."""
    reader = asyncio.StreamReader(limit=READ_BYTES)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", 0))
    try:
        while data := await reader.read(READ_BYTES):
            yield data
    finally:
        transport.close()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
