"""The embedded MongoDB: one mongod as a child process, a one-node replica set on loopback with its data under VAR/mongo.

A real server with its journal, so killing this process loses nothing that was acknowledged.

No password: whoever has an account on this machine can read the data, as with any database on loopback; several untrusted accounts on
one machine need a MongoDB of their own (`MONGO_URL`).
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from shared.backoff import Backoff
from shared.child import dies_with_us
from shared.config import SettingError
from shared.storage.mongo_replica import primary_of_one
from shared.storage.mongod_program import why_it_ended

log = logging.getLogger(__name__)

REPLICA_SET: Final = "tablee"
CACHE_GB: Final = "0.25"
OPLOG_MB: Final = "256"
FREE_BYTES: Final = 512 * 1024 * 1024
"""A new database wants room for its journal and oplog; with less it dies in the middle of something."""
AGAIN_BYTES: Final = 32 * 1024 * 1024
"""Enough to start a database that is there already."""
START_SECONDS: Final = 60.0
"""Longest wait for a start, the recovery of a big journal included."""
STOP_SECONDS: Final = 10.0
OLD_CHILD_SECONDS: Final = 15.0
"""Longest wait for the mongod of a killed predecessor to finish."""
POLL_SECONDS: Final = 0.02
WATCH_SECONDS: Final = 1.0
RESTART: Final = Backoff(first=0.5, longest=10.0)
LOG_BYTES: Final = 8 * 1024 * 1024
"""The log is turned over at this size; one older file is kept."""


def running_url(folder: Path) -> str | None:
    """The address of the mongod that a running platform keeps on `folder`; None when nobody holds the folder."""
    try:
        with (folder / "lock").open("r") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _url(int((folder / "port").read_text()))
    except (OSError, ValueError):
        pass
    return None


def _url(port: int) -> str:
    return f"mongodb://127.0.0.1:{port}/?directConnection=true"


class Mongod:
    """`folder` holds data/, log/, port and lock; one running instance owns it."""

    def __init__(self, folder: Path, *, binary: Path, free_bytes: int = FREE_BYTES) -> None:
        self._folder = folder.resolve()
        self._binary = binary
        self._free_bytes = free_bytes
        self._port = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._stopping = False

    @property
    def url(self) -> str:
        return _url(self._port)

    @property
    def _log_file(self) -> Path:
        return self._folder / "log" / "mongod.log"

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def start(self) -> str:
        """Returns its address when it takes writes. Raises SettingError with one line that says what to do."""
        try:
            for name in ("data", "log"):
                (self._folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
            self._check_disk()
            self._take_lock()
        except OSError as error:
            raise SettingError(f"cannot use {self._folder} for the database: {error.strerror}") from None
        self._stopping = False
        try:
            await self._end_old_child()
            await self._launch()
        except BaseException:
            await self.stop()
            raise
        return self.url

    async def stop(self) -> None:
        """SIGTERM, a bounded wait, SIGKILL. Safe to repeat."""
        self._stopping = True
        child, self._child = self._child, None
        if child is not None and child.poll() is None:
            child.terminate()
            if not await _until(lambda: child.poll() is not None, STOP_SECONDS):
                log.warning("mongod did not stop in time and is killed")
                child.kill()
                child.wait()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def watch(self) -> None:
        """Run beside it until cancelled: starts it again when it dies by itself, and keeps its log small."""
        pauses = RESTART.pauses()
        while not self._stopping:
            await asyncio.sleep(WATCH_SECONDS)
            self._turn_log()
            if self._stopping or self._child is None or self._child.poll() is None:
                pauses.reset()
                continue
            log.error("mongod ended with code %s and is started again", self._child.returncode)
            await pauses.wait()
            try:
                await self._launch()
            except SettingError as error:
                log.error("mongod does not start: %s", error)

    # --- before the start -------------------------------------------------------------------------------------------------------
    def _check_disk(self) -> None:
        """A folder that ran before has its journal and oplog already: on the day itself, little room is better than no platform."""
        free = shutil.disk_usage(self._folder).free
        if free >= self._free_bytes:
            return
        needed = AGAIN_BYTES if (self._folder / "data" / "WiredTiger").exists() else self._free_bytes
        if free < needed:
            raise SettingError(f"the disk of {self._folder} is full: {free // 2**20} MB free, the database needs {needed // 2**20} MB")
        log.warning("the disk of %s is nearly full: %d MB free", self._folder, free // 2**20)

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = (self._folder / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "?"
            lock.close()
            line = f"{self._folder} is in use by another running Tablée (process {owner}): stop it, or set TABLEE_VAR"
            raise SettingError(line) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    async def _end_old_child(self) -> None:
        """Our lock is free, so whoever started the mongod that may still run here is dead: let it finish."""
        pid = self._old_child()
        if pid is None:
            return
        log.info("waiting for the database of the previous run to finish (process %s)", pid)
        for wanted in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, wanted)
            if await _until(lambda: self._old_child() is None, OLD_CHILD_SECONDS):
                return
        raise SettingError(f"the database of the previous run (process {pid}) does not end: kill it and start again")

    def _old_child(self) -> int | None:
        try:
            pid = int((self._folder / "data" / "mongod.lock").read_text().strip())
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        command = Path(f"/proc/{pid}/cmdline")
        if Path("/proc/self/cmdline").exists():
            try:
                return pid if str(self._folder).encode() in command.read_bytes() else None  # else the number serves another process
            except OSError:
                return None
        return pid

    # --- the child ----------------------------------------------------------------------------------------------------------------
    async def _launch(self) -> None:
        self._port = self._choose_port()
        errors = self._folder / "log" / "start.log"
        child = self._child = self._spawn(errors)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if child.poll() is not None:
                raise SettingError(why_it_ended(child.returncode, errors, self._log_file))
            if _accepts(self._port) and await primary_of_one(self.url, replica_set=REPLICA_SET, host=f"127.0.0.1:{self._port}"):
                return
            await asyncio.sleep(POLL_SECONDS)
        raise SettingError(f"mongod did not get ready within {START_SECONDS:.0f} s; its log is {self._log_file}")

    def _spawn(self, errors: Path) -> subprocess.Popen[bytes]:
        """In a session of its own: Ctrl-C in the terminal reaches us alone, and we end it in our order. No event loop owns it."""
        with errors.open("wb") as sink:
            try:
                return subprocess.Popen(
                    self._command(), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, cwd=self._folder,
                    start_new_session=True, preexec_fn=dies_with_us(by=signal.SIGTERM),
                )  # fmt: skip
            except OSError as error:
                raise SettingError(f"cannot run {self._binary}: {error.strerror}; set TABLEE_MONGOD or MONGO_URL") from None

    def _command(self) -> list[str]:
        return [
            str(self._binary), "--dbpath", str(self._folder / "data"), "--port", str(self._port), "--bind_ip", "127.0.0.1",
            "--replSet", REPLICA_SET, "--oplogSize", OPLOG_MB, "--wiredTigerCacheSizeGB", CACHE_GB, "--nounixsocket",
            "--logpath", str(self._log_file), "--logappend", "--logRotate", "reopen", "--quiet", "--slowms", "1000",
            "--setParameter", "diagnosticDataCollectionEnabled=false",
        ]  # fmt: skip

    def _choose_port(self) -> int:
        """The one of the last run while it is free (the replica set's configuration names it), else any."""
        kept = self._folder / "port"
        try:
            wanted = int(kept.read_text())
        except (OSError, ValueError):
            wanted = 0
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        kept.write_text(f"{port}\n")
        return port

    def _turn_log(self) -> None:
        current = self._log_file
        with contextlib.suppress(OSError):
            if current.stat().st_size > LOG_BYTES and self._child is not None and self._child.poll() is None:
                current.replace(current.with_suffix(".log.1"))
                self._child.send_signal(signal.SIGUSR1)


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True
