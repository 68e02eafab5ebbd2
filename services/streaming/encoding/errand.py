"""Short runs of ffmpeg for one answer: what is in a file, what some bytes look and sound like. What lasts is started by encoder."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from collections.abc import Callable, Sequence
from typing import Final

from services.streaming.encoding import pipeline
from services.streaming.media.inputs import MediaFile
from shared.child import dies_with_us
from shared.config import SettingError

PATIENCE_SECONDS: Final = 15.0
JOIN_SECONDS: Final = 1800.0
"""A day of recording on a slow disk."""
NICE: Final = 15
MOST_SAID: Final = 2000


async def probe(binary: str, path: str) -> MediaFile:
    """What a media file holds. Raises SettingError when ffmpeg cannot read it."""
    _, said = await _ended(pipeline.probe_arguments(binary, path), f"MEDIA={path}: ffmpeg does not finish reading it")
    streams = [line for line in said.decode(errors="replace").splitlines() if line.strip().startswith("Stream #")]
    video, audio = (any(f": {kind}:" in line for line in streams) for kind in ("Video", "Audio"))
    if not video and not audio:
        raise SettingError(f"MEDIA={path}: ffmpeg finds neither video nor audio in it")
    return MediaFile(path, video=video, audio=audio)


async def speaks(binary: str, protocol: str) -> bool:
    """Whether this ffmpeg was built with a protocol. Raises SettingError when it cannot be started."""
    listed, _ = await _ended([binary, "-hide_banner", "-protocols"], "ffmpeg does not end")
    return protocol in listed.decode(errors="replace").split()


async def run_once(command: Callable[[list[str]], list[str]], given: Sequence[bytes]) -> tuple[bytes, bytes]:
    """What a short-lived ffmpeg writes on standard output and on standard error; `command` is told the paths under which it finds what is
    `given`. Raises SettingError when it cannot be started or does not end in PATIENCE_SECONDS."""
    files = [os.memfd_create("given") for _ in given]
    try:
        for descriptor, data in zip(files, given, strict=True):
            with os.fdopen(os.dup(descriptor), "wb") as file:
                file.write(data)
        return await _ended(command([f"/dev/fd/{descriptor}" for descriptor in files]), "ffmpeg does not end", tuple(files))
    finally:
        for descriptor in files:
            os.close(descriptor)


async def join_files(binary: str, arguments: Sequence[str]) -> None:
    """Runs ffmpeg over files that lie on disk, behind everything else that wants the processor. Raises OSError with what it complained of,
    or when it does not end in JOIN_SECONDS."""
    process = await asyncio.create_subprocess_exec(
        binary, *arguments, process_group=0, preexec_fn=_behind_everybody(),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(JOIN_SECONDS):
            _, said = await process.communicate()
    except TimeoutError:
        raise OSError(errno.ETIME, "ffmpeg does not end") from None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
    if process.returncode:
        raise OSError(errno.EIO, said.decode(errors="replace")[-MOST_SAID:])


def _behind_everybody() -> Callable[[], None]:
    arm = dies_with_us(signal.SIGKILL)

    def begin() -> None:
        if arm is not None:
            arm()
        os.nice(NICE)

    return begin


async def _ended(command: list[str], slow: str, files: tuple[int, ...] = ()) -> tuple[bytes, bytes]:
    """What it has written. Raises SettingError, with the text of `slow` when it does not end."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, pass_fds=files, process_group=0, preexec_fn=dies_with_us(signal.SIGKILL),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
    except OSError as wrong:
        raise SettingError(f"ffmpeg at {command[0]} cannot be started: {wrong.strerror}") from None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await process.communicate()
    except TimeoutError:
        raise SettingError(slow) from None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
