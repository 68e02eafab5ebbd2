"""Imports modules one after the other and prints what importing them did beside defining names: `python importing.py ROOT MODULE…`.

Watched through the audit events of the interpreter (PEP 578). Runs in a process of its own: an audit hook cannot be taken off again.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from types import FrameType

ROOT = os.path.realpath(sys.argv[1]) + os.sep
TOUCHES = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.mkdir", "os.rename", "os.remove",
           "os.listdir", "os.scandir", "shutil.", "tempfile.", "sqlite3.", "webbrowser.", "_thread.start")  # fmt: skip
CLIENTS = {"MongoClient", "AsyncIOMotorClient", "ClientSession", "RobustConnection", "Connection", "SMTP", "Thread", "Popen"}
CODE = (".py", ".pyc", ".so")


def ours() -> bool:
    """Whether a line of the project runs, and it is not just its import of something else."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if "importlib" in name or name.startswith("<frozen"):
            return False
        if name.startswith(ROOT) and name != os.path.realpath(__file__):
            return f"{os.sep}.venv{os.sep}" not in name
        frame = frame.f_back
    return False


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, mode = str(arguments[0]), str(arguments[1] or "r")
        if path.endswith(CODE) and not set(mode) & set("wax+"):
            return
    elif not event.startswith(TOUCHES):
        return
    if ours():
        print(f"{current}: {event} {arguments[:2]!r}")


current = ""
sys.addaudithook(watch)
for current in sys.argv[2:]:
    importlib.import_module(current)
for thing in gc.get_objects():
    if type(thing).__name__ in CLIENTS:
        print(f"{current}: {thing!r}")
