"""One mongod and one RabbitMQ for a whole run, however many workers share them.

The process that was started by hand (with workers: their controller) listens on a socket; a fixture asks there for the server it needs, and
the first to ask has it started. So a server starts only where a test needs it, outlives the worker that asked first and ends with the run:
in order at its end or after Ctrl-C, and killed by the kernel when the controller is killed. Workers keep apart by database prefix (each
test has its own) and by virtual host (each worker has its own).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from shared.config import SettingError
from tests.support.servers import Missing, MongoServer, RabbitServer

ADDRESS: Final = "TESTS_SERVERS"
"""Environment variable: where the controller of this run listens."""
ANSWER_SECONDS: Final = 120.0
STOP_SECONDS: Final = 60.0
MOST_BYTES: Final = 65_536
PREFIX: Final = "tablee-test-run-"
MEMORY: Final = Path("/dev/shm")
MEMORY_BYTES: Final = 6 * 1024**3
"""What must be free there."""


class RunServers:
    """The servers of one run, each started by the first who asks, stopped by `close`."""

    def __init__(self) -> None:
        sweep()
        self.folder, self._owner = _own_folder()
        self.address = str(self.folder / "ask")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.address)
        self._listener.listen(16)
        self._mongo: MongoServer | None = None
        self._rabbit: RabbitServer | None = None
        # one thread from the first start to the last stop: the servers die with the thread that started them
        self._thread = threading.Thread(target=self._serve, name="servers of the tests", daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(STOP_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._owner)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                break
            with connection, suppress(OSError):
                connection.sendall(json.dumps(self._answer(connection.recv(64).decode())).encode())
        self._listener.close()
        if self._rabbit is not None:
            self._rabbit.close()
        if self._mongo is not None:
            self._mongo.stop_now()

    def _answer(self, name: str) -> dict[str, str]:
        try:
            return {"url": self._mongo_url() if name == "mongo" else self._rabbit_url()}
        except (Missing, SettingError) as error:
            return {"missing": str(error)}
        except Exception as error:
            return {"failed": repr(error)}

    def _mongo_url(self) -> str:
        if self._mongo is None:
            server = MongoServer(self._new_folder("mongo"))
            server.start_now()
            self._mongo = server
        return self._mongo.url

    def _rabbit_url(self) -> str:
        if self._rabbit is None:
            server = RabbitServer(self._new_folder("rabbit"))
            server.start_now()
            self._rabbit = server
        return self._rabbit.url

    def _new_folder(self, name: str) -> Path:
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)  # of a start that failed
        path.mkdir()
        return path


def sweep() -> None:
    """Remove what runs left that were killed: their folders (300 MB with a mongod) are locked by nobody any more."""
    for parent in (Path(tempfile.gettempdir()), MEMORY):
        for folder in parent.glob(f"{PREFIX}*"):
            with suppress(OSError):
                lock = _locked(folder)
                if lock is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)


def _roomy_memory() -> Path | None:
    """The machine’s folder in memory, where it has room for both servers: there nothing waits for a disk."""
    with suppress(OSError):
        if shutil.disk_usage(MEMORY).free >= MEMORY_BYTES:
            return MEMORY
    return None


def _own_folder() -> tuple[Path, int]:
    """A new folder and its lock; another one where somebody swept it away before it was locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_roomy_memory()))
        with suppress(FileNotFoundError):
            lock = _locked(folder)
            if lock is not None and folder.exists():
                return folder, lock


def _locked(folder: Path) -> int | None:
    """The folder's own lock, until this process ends; None while another run has it."""
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def ask_for(name: str, address: str = "") -> str:
    """The URL of the run's `mongo` or `rabbit`. Raises Missing with what to install, RuntimeError when it does not start."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(address or os.environ[ADDRESS])
        connection.sendall(name.encode())
        answer = json.loads(connection.recv(MOST_BYTES))
    if "missing" in answer:
        raise Missing(answer["missing"])
    if "url" not in answer:
        raise RuntimeError(f"the {name} of this run did not start: {answer['failed']}")
    return str(answer["url"])
