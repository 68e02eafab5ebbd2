"""A real coturn on this machine, as the compose file starts it: time-limited credentials of one secret (`use-auth-secret`)."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from shared.child import dies_with_us
from tests.support.ports import free_port
from tests.support.servers import Missing

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
POLL_SECONDS: Final = 0.05


@asynccontextmanager
async def turn_server(folder: Path, secret: str) -> AsyncIterator[int]:
    """Its port, once it listens. It relays between addresses of this machine alone. Raises Missing."""
    binary = shutil.which("turnserver")
    if binary is None:
        raise Missing("coturn is not installed: apt install coturn")
    port = free_port()
    settings = folder / "turnserver.conf"
    settings.write_text("\n".join((
        "use-auth-secret", f"static-auth-secret={secret}", "realm=tablee", f"listening-port={port}", "listening-ip=127.0.0.1",
        "relay-ip=127.0.0.1", "allow-loopback-peers", "no-cli", "no-tls", "no-dtls", "no-multicast-peers", "fingerprint",
        f"log-file={folder / 'turn.log'}", "simple-log", f"pidfile={folder / 'turn.pid'}", f"userdb={folder / 'turn.db'}",
    )))  # fmt: skip
    with (folder / "turn.out").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            binary, "-c", str(settings), stdout=output, stderr=output, preexec_fn=dies_with_us(signal.SIGKILL)
        )
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await _listens(port):
                assert process.returncode is None, (folder / "turn.out").read_text()
                await asyncio.sleep(POLL_SECONDS)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
