"""Looking for circles of objects less often: what was there at the start is left alone, what comes later in circles still goes."""

from __future__ import annotations

import subprocess
import sys

from tests.support.paths import ROOT

CIRCLES = """
import gc
import weakref
from shared import memory

class Node: ...

kept = [Node() for _ in range(50_000)]
memory.settle()
assert gc.get_freeze_count() > 50_000
alive = weakref.WeakSet()
for number in range(100_000):
    node = Node()
    node.itself = node
    alive.add(node)
print(len(alive), gc.get_stats()[2]["collections"])
"""


def test_circles_that_came_after_the_start_go_and_what_was_there_is_not_looked_at() -> None:
    told = subprocess.run([sys.executable, "-c", CIRCLES], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    left, whole_looks = map(int, told.stdout.split())
    assert left < 40_000
    assert whole_looks <= 2
