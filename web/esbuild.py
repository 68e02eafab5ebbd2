"""Calls esbuild, which npm brought and which runs on the Node of this environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


class Failed(Exception):
    """esbuild is not there, or refused what it was given; the text is its own."""


def esbuild(modules: Path, *arguments: str, text: bytes | None = None) -> bytes:
    """What it writes to its standard output; `text` is its standard input. Raises Failed."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment["NODE_PATH"] = str(modules)
    command = [str(modules / ".bin" / "esbuild"), *arguments]
    try:
        made = subprocess.run(command, input=text or b"", capture_output=True, cwd=modules.parent, env=environment, check=False)
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror}") from None
    if made.returncode:
        raise Failed(made.stderr.decode("utf-8", "replace"))
    return made.stdout
