"""An encoder elsewhere that sends to a stage over RTMP, as an operator would set it up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def rtmp_push(
    ffmpeg: Path, url: str, *, picture: str = "testsrc=s=640x360:r=25", tone: int = 300, codecs: tuple[str, ...] = ()
) -> AsyncIterator[asyncio.subprocess.Process]:
    """As OBS is: H.264 at 25 pictures a second and AAC at 44.1 kHz, at its own pace. `tone` in Hz; `codecs`: others, in ffmpeg's words."""
    process = await asyncio.create_subprocess_exec(
        str(ffmpeg), "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", picture, "-re", "-f", "lavfi", "-i",
        f"sine=f={tone}:r=44100", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "50", "-pix_fmt", "yuv420p",
        "-c:a", "aac", *codecs, "-f", "flv", url.replace("localhost", "127.0.0.1"),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
