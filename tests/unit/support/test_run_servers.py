"""The servers of a test run: one of each, started when first asked for, gone with the run however it ends."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.ports import free_port
from tests.support.processes import children, ends
from tests.support.run_servers import RunServers, ask_for
from tests.support.servers import Missing

CONTROLLER = """
from tests.support.run_servers import RunServers
servers = RunServers()
print(servers.address, flush=True)
input()
servers.close()
"""


@pytest.fixture
def controller() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", CONTROLLER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        yield process
        process.kill()


def _address(controller: subprocess.Popen[str]) -> str:
    assert controller.stdout is not None
    return controller.stdout.readline().strip()


async def test_all_who_ask_get_the_same_server_and_it_ends_with_the_run(controller: subprocess.Popen[str]) -> None:
    address = _address(controller)
    answers: list[str] = []
    asking = [threading.Thread(target=lambda: answers.append(ask_for("mongo", address))) for _ in range(3)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert len(answers) == 3
    assert len(set(answers)) == 1
    started = children(controller.pid)
    assert len(started) == 1
    controller.communicate("end\n", timeout=60)
    assert controller.returncode == 0
    await ends(started)
    assert not Path(address).parent.exists()


async def test_a_killed_run_leaves_no_server(controller: subprocess.Popen[str]) -> None:
    address = _address(controller)
    ask_for("mongo", address)
    started = children(controller.pid)
    assert started
    controller.kill()
    await ends(started)
    controller.wait()
    RunServers().close()
    assert not Path(address).parent.exists(), "the next run clears up"


def test_a_run_leaves_the_folder_of_another_alone(controller: subprocess.Popen[str]) -> None:
    address = _address(controller)
    RunServers().close()
    assert Path(address).exists()


def test_what_is_not_installed_is_named_to_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = RunServers()
    monkeypatch.setattr("tests.support.servers.RABBIT_SERVERS", ("/nowhere/rabbitmq-server",))
    try:
        with pytest.raises(Missing, match="apt install rabbitmq-server"):
            ask_for("rabbit", servers.address)
    finally:
        servers.close()


def test_no_port_is_given_twice() -> None:
    command = [sys.executable, "-c", "from tests.support.ports import free_port; print(*(free_port() for _ in range(40))); input()"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = {int(port) for port in other.stdout.readline().split()}
        ours = {free_port() for _ in range(40)}
        other.communicate("end\n", timeout=20)
    assert len(theirs) == len(ours) == 40
    assert not theirs & ours
