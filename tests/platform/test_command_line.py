"""The `tablee` command as an operator meets it when something is wrong: one clear line, a non-zero exit, nothing left behind."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.auth.watch_keys import opens
from tests.support.paths import ROOT
from tests.support.platform import clean_environment
from tests.support.ports import free_port
from tests.support.programmes import FOLDER

pytestmark = pytest.mark.timeout(180)
SECONDS = 90.0


async def tablee(folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """(exit status, standard output, standard error)."""
    environment = {
        **clean_environment(),
        "TABLEE_VAR": str(folder / "var"),
        "PORT": str(free_port()),
        "TABLEE_FEED_PORT": str(free_port()),
        "TABLEE_RTMP_PORT": str(free_port()),
        **settings,
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services",
        *arguments,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, error = await asyncio.wait_for(child.communicate(), SECONDS)
    assert child.returncode is not None
    return child.returncode, output.decode(), error.decode()


def complaint(error: str) -> str:
    """The one line that speaks to the operator."""
    (line,) = [line for line in error.splitlines() if line.startswith("tablee: ")]
    assert "Traceback" not in error
    return line


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        status, _, error = await tablee(tmp_path, "serve", PORT=str(port))
    assert status == 1
    assert complaint(error) == f"tablee: port {port} on 127.0.0.1 cannot be used (address already in use); choose another one with PORT="
    assert not (tmp_path / "var" / "mongo").exists(), "the port is asked for before the database is made"


async def test_a_missing_ffmpeg_is_named(tmp_path: Path) -> None:
    status, _, error = await tablee(tmp_path, "serve", TABLEE_FFMPEG="/nowhere/ffmpeg")
    assert status == 1
    assert "ffmpeg" in complaint(error)


async def test_a_missing_media_file_is_named(tmp_path: Path) -> None:
    status, _, error = await tablee(tmp_path, "serve", MEDIA="/nowhere/talk.mp4")
    assert status == 1
    assert "talk.mp4" in complaint(error)


async def test_a_missing_mongod_is_named(tmp_path: Path) -> None:
    status, _, error = await tablee(tmp_path, "serve", TABLEE_MONGOD="/nowhere/mongod")
    assert status == 1
    assert "mongod" in complaint(error)


async def test_a_fault_in_the_programme_is_told_with_file_line_and_field(tmp_path: Path) -> None:
    folder = tmp_path / "event"
    shutil.copytree(ROOT / "examples/assises-2021", folder)
    path = folder / "programme.yaml"
    path.write_text(path.read_text().replace("start: 8h45", "start: 28h45", 1))
    status, _, error = await tablee(tmp_path, "serve", TABLEE_EVENT=str(folder))
    assert status == 1
    assert "programme.yaml:" in complaint(error)
    assert "start" in complaint(error)


async def test_separate_processes_without_a_broker_are_refused_in_words(tmp_path: Path, mongo_url: str) -> None:
    status, _, error = await tablee(tmp_path, "serve", "qa", MONGO_URL=mongo_url, TABLEE_EVENT_ID="assises-2021")
    assert status == 1
    assert "AMQP_URL" in complaint(error)


async def test_a_service_without_the_events_folder_asks_for_the_events_id(tmp_path: Path) -> None:
    status, _, error = await tablee(tmp_path, "serve", "qa", TABLEE_EVENT="/nowhere")
    assert status == 1
    assert "TABLEE_EVENT_ID" in complaint(error)


async def test_an_event_id_that_is_not_the_programmes_is_refused(tmp_path: Path) -> None:
    status, _, error = await tablee(tmp_path, "serve", TABLEE_EVENT_ID="another")
    assert status == 1
    assert "'another'" in complaint(error)
    assert "'assises-2021'" in complaint(error)


async def test_a_broker_that_does_not_answer_is_told_with_what_to_do(tmp_path: Path, mongo_url: str) -> None:
    status, _, error = await tablee(tmp_path, "serve", MONGO_URL=mongo_url, AMQP_URL=f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    assert status == 1
    assert "tablee doctor" in complaint(error)


async def test_the_watch_link_ends_the_day_after_the_event(tmp_path: Path) -> None:
    """The example's event is today."""
    status, output, _ = await tablee(tmp_path, "links", "--json", TABLEE_STREAM_SECRET="a secret of the test")
    assert status == 0
    found = re.search(r"/hls/k/(?P<key>[^/]+)/(?P<stage>[^/]+)/index\.m3u8$", json.loads(output)["hls"])
    assert found is not None
    key, stage, now = found["key"], found["stage"], datetime.now(UTC)
    assert opens(b"a secret of the test", stage, key, now=now + timedelta(hours=23))
    assert not opens(b"a secret of the test", stage, key, now=now + timedelta(days=3))


async def test_several_stages_have_a_screen_and_a_stream_each(tmp_path: Path) -> None:
    folder = tmp_path / "symposium"
    folder.mkdir()
    (folder / "programme.yaml").write_bytes((FOLDER / "symposium.yaml").read_bytes())
    status, output, _ = await tablee(tmp_path, "links", "--json", TABLEE_EVENT=str(folder))
    links = json.loads(output)
    assert status == 0
    assert links["hls"] == links["hls:halle"]
    assert "/turm/" in links["hls:turm"]
    assert (links["stage:halle"], links["stage:turm"]) == (f"{links['stage']}?stage=halle", f"{links['stage']}?stage=turm")


async def test_doctor_finds_nothing_wrong_with_an_embedded_platform(tmp_path: Path) -> None:
    status, output, _ = await tablee(tmp_path, "doctor")
    assert status == 0, output
    assert "FAIL" not in output


async def test_doctor_finds_what_does_not_answer_and_says_what_to_do(tmp_path: Path) -> None:
    nowhere = free_port()
    status, output, _ = await tablee(
        tmp_path, "doctor", MONGO_URL=f"mongodb://127.0.0.1:{nowhere}/?replicaSet=rs0", AMQP_URL=f"amqp://guest:secret@127.0.0.1:{nowhere}/",
        TABLEE_FFMPEG="/nowhere/ffmpeg", SMTP_URL=f"smtp://127.0.0.1:{nowhere}", TABLEE_EVENT=str(tmp_path / "nowhere"),
    )  # fmt: skip
    assert status == 1
    failed = [line.split()[1].rstrip(":") for line in output.splitlines() if line.startswith("FAIL")]
    assert failed == ["event", "store", "bus", "ffmpeg", "mail"]
    assert "secret" not in output


async def test_doctor_lists_dead_letters_over_real_servers(tmp_path: Path, mongo_url: str, rabbit_url: str) -> None:
    status, output, _ = await tablee(tmp_path, "doctor", "dead", MONGO_URL=mongo_url, AMQP_URL=rabbit_url)
    assert (status, output.strip()) == (0, "no dead letters")
    status, output, _ = await tablee(tmp_path, "doctor", "dead", "--replay", "nothing", MONGO_URL=mongo_url, AMQP_URL=rabbit_url)
    assert status == 1
