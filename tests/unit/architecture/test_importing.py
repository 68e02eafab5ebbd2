"""Importing a module defines names: it opens nothing, asks nobody, starts nothing, creates no client."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.unit.architecture.tree import name_of, read_tree


def done_by_importing(root: Path, modules: Sequence[str]) -> list[str]:
    finished = subprocess.run(
        [sys.executable, "-B", str(Path(__file__).with_name("importing.py")), str(root), *modules],
        cwd=root, env={**os.environ, "PYTHONPATH": f"{root}:{ROOT}"}, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


def test_importing_any_module_does_no_io_and_creates_no_client() -> None:
    modules = [name_of(file) for file in read_tree(ROOT).sources if not file.endswith("__main__.py")]
    assert not done_by_importing(ROOT, modules)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("open('note.txt', 'w').close()", "open"),
        ("from pathlib import Path\nDATA = Path('words.json').read_text()", "open"),
        ("import socket\nsocket.socket().close()", "socket"),
        ("import subprocess\nsubprocess.run(['true'])", "subprocess"),
        ("from motor.motor_asyncio import AsyncIOMotorClient\nclient = AsyncIOMotorClient('mongodb://127.0.0.1:1')", "MotorClient"),
        ("import os\nFOUND = os.listdir('.')", "os.listdir"),
    ],
)
def test_it_is_seen_when_a_module_does_something(tmp_path: Path, text: str, seen: str) -> None:
    (tmp_path / "words.json").write_text("{}")
    (tmp_path / "client.py").write_text(text)
    assert any(seen in line for line in done_by_importing(tmp_path, ["client"]))
