"""A child ends with its parent, however the parent ends."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys

import pytest

from tests.support.paths import ROOT
from tests.support.processes import alive, ends

PARENT = """
import signal, subprocess, sys, time
from shared.child import dies_with_us
child = subprocess.Popen(["sleep", "600"], preexec_fn=dies_with_us(by=signal.SIGTERM))
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux only")
def test_a_killed_parent_leaves_no_child_behind() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.send_signal(signal.SIGKILL)
    asyncio.run(ends([child]))
