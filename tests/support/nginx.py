"""A real nginx with the configuration of deploy/: its names, ports and folders are replaced by those of the test, nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.child import dies_with_us
from tests.support.paths import ROOT
from tests.support.ports import free_port
from tests.support.servers import Missing

CONFIGURATION: Final = ROOT / "deploy" / "nginx.conf"
PROGRAMS: Final = ("nginx", "/usr/sbin/nginx")
START_SECONDS: Final = 10.0
STOP_SECONDS: Final = 10.0
LOG_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.02


class NginxServer:
    """`addresses`: what nginx.conf names (`qa:8081`) → where it is (`127.0.0.1:4711`)."""

    def __init__(self, folder: Path, addresses: Mapping[str, str]) -> None:
        self._binary = next((found for found in map(shutil.which, PROGRAMS) if found), None)
        if self._binary is None:
            raise Missing("nginx is not installed: apt install nginx-light")
        self._folder = folder
        self.port = free_port()
        self._child: subprocess.Popen[bytes] | None = None
        (folder / "nginx.conf").write_text(self._rendered(addresses))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Access log and errors."""
        return (self._folder / "output.log").read_text()

    async def logs(self, text: str) -> None:
        """Until the log has `text`: nginx writes a request's line after its answer."""
        async with asyncio.timeout(LOG_SECONDS):
            while text not in self.log:  # noqa: ASYNC110 - another process writes
                await asyncio.sleep(POLL_SECONDS)

    def start(self) -> None:
        """Returns when it listens. Raises RuntimeError with nginx's own words when it does not like its configuration."""
        directives = "daemon off;" + (" user root;" if os.getuid() == 0 else "")
        with (self._folder / "output.log").open("wb") as output:
            self._child = subprocess.Popen(
                [str(self._binary), "-e", "stderr", "-c", str(self._folder / "nginx.conf"), "-g", directives],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=dies_with_us(signal.SIGTERM),
            )  # fmt: skip
        give_up_at = time.monotonic() + START_SECONDS
        while not self._listens():
            if self._child.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"nginx did not start:\n{self.log}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        if self._child is not None:
            self._child.send_signal(signal.SIGTERM)
            self._child.wait(STOP_SECONDS)

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1.0):
            return True
        return False

    def _rendered(self, addresses: Mapping[str, str]) -> str:
        text = CONFIGURATION.read_text()
        replaced = {
            "listen 8080;": f"listen 127.0.0.1:{self.port};",
            " /tmp/": f" {self._folder}/",
            " /usr/share/tablee/unavailable/": f" {ROOT}/deploy/unavailable/",
            " /usr/share/tablee/css/": f" {ROOT}/web/css/",
            " /usr/share/tablee/icons/": f" {ROOT}/web/icons/",
            **addresses,
        }
        for old, new in replaced.items():
            assert old in text, f"nginx.conf does not say {old!r}"
            text = text.replace(old, new)
        return text
