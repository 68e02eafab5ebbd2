"""Prepares a checkout: virtual environment, locked Python packages, locked npm packages, the web's vendored files.

Standard library only, for it runs before anything is installed. Does nothing where nothing changed. `run` installs what the platform
needs, `dev` what its tests need besides.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LEAST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 1_500_000_000


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    if kind not in ("run", "dev"):
        stop("usage: prepare.py run|dev")
    if sys.version_info < LEAST_PYTHON:
        this, least = sys.version.split()[0], ".".join(map(str, LEAST_PYTHON))
        stop(f"Python {least} or newer is needed, this is {this}; name another: make run PYTHON=python3.12")
    python_packages(kind)
    npm_packages(kind)
    vendored()
    packed()


def python_packages(kind: str) -> None:
    # what was prepared for tests serves a run too
    stamps = {name: digest(ROOT / f"requirements/{name}.txt", ROOT / "pyproject.toml") for name in ("run", "dev")}
    if (BIN / "tablee").exists() and any(stamped(VENV / f".{name}", stamps[name]) for name in {kind, "dev"}):
        return
    enough_disk()
    if not (BIN / "python").exists():
        say("Creating the environment in .venv")
        try:
            import ensurepip  # noqa: F401
        except ImportError:
            stop("this Python cannot create environments; on Debian and Ubuntu: apt-get install python3-venv")
        call(sys.executable, "-m", "venv", str(VENV))
    say("Installing Python packages (about 800 MB on disk, with MongoDB and ffmpeg; once)")
    call(str(BIN / "pip"), "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", f"requirements/{kind}.txt")
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}  # setuptools warns everybody who installs a checkout
    call(str(BIN / "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "-e", ".", env=quiet)
    (VENV / f".{kind}").write_text(stamps[kind])


def npm_packages(kind: str) -> None:
    stamp = digest(ROOT / "package-lock.json")
    if stamped(ROOT / f"node_modules/.{kind}", stamp) or stamped(ROOT / "node_modules/.dev", stamp):
        return
    say("Installing fonts and scripts for the pages")
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    extra = ["--omit=dev"] if kind == "run" else []
    call(str(BIN / "npm"), "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *extra, env=environment)
    (ROOT / f"node_modules/.{kind}").write_text(stamp)


def vendored() -> None:
    stamp = digest(ROOT / "package-lock.json", ROOT / "web/vendor.py")
    if stamped(ROOT / "web/vendor/.stamp", stamp):
        return
    call(str(BIN / "python"), "web/vendor.py")
    (ROOT / "web/vendor/.stamp").write_text(stamp)


def packed() -> None:
    """Asks the files themselves, for whoever works on a page changes them between two runs; what did not change costs nothing."""
    call(str(BIN / "python"), "web/pack.py")


def enough_disk() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < LEAST_FREE_BYTES:
        stop(f"only {free // 1_000_000} MB are free on this disk; {LEAST_FREE_BYTES // 1_000_000} MB are needed")


def digest(*paths: Path) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()


def stamped(path: Path, stamp: str) -> bool:
    return path.exists() and path.read_text() == stamp


def call(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if done.returncode != 0:
        stop(f"this step failed: {' '.join(command)}")


def say(text: str) -> None:
    print(f"… {text}", flush=True)


def stop(text: str) -> None:
    sys.exit(f"tablee: {text}")


if __name__ == "__main__":
    main()
