"""A test run that hangs where no timeout reaches it ends, and says where."""

from __future__ import annotations

import subprocess
import sys

from tests.support.paths import ROOT
from tests.support.watchdog import EXIT_CODE


def watched(body: str) -> subprocess.CompletedProcess[str]:
    head = "import threading\nfrom tests.support.watchdog import Watchdog\ndog = Watchdog(0.2, 2)\n"
    return subprocess.run([sys.executable, "-c", head + body], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_what_never_ends_is_ended_with_its_name_and_its_stack() -> None:
    ended = watched("def stuck():\n    threading.Event().wait()\ndog.feed('the test of a lock')\nstuck()\n")
    assert ended.returncode == EXIT_CODE
    assert "the test of a lock has not ended" in ended.stderr
    assert "in stuck" in ended.stderr


def test_whoever_rests_or_goes_on_is_left_alone() -> None:
    wait = "threading.Event().wait"
    ended = watched(f"for _ in range(8):\n    dog.feed('steps')\n    {wait}(0.05)\ndog.rest()\n{wait}(0.5)\n")
    assert (ended.returncode, ended.stderr) == (0, "")
