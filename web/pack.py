"""Makes build/web: what browsers load from web/, in few and small files, each text beside its packed forms (`x.js`, `x.js.br`, `x.js.gz`),
for the server to send.

`python web/pack.py`, after `web/vendor.py`. The script of a page and what it imports become one file;
a style sheet that imports others becomes one. `packed.json` names every file of web/ with its SHA-256, so that the server takes this folder
only while it says what web/ says, and a second run with nothing new does nothing. esbuild joins and shortens, brotli packs.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import brotli
from esbuild import Failed, esbuild

WEB = Path(__file__).resolve().parent
BUILT = WEB.parent / "build" / "web"
MODULES = WEB.parent / "node_modules"
FOLDERS = ("css", "js", "vendor", "icons", "images", "locales")
TEXTS = {".css", ".js", ".mjs", ".json", ".svg"}
TARGETS = "es2022,chrome111,firefox113,safari16.4"
LEAST_BYTES = 200  # below, the headers weigh more than what is saved


def files(web: Path) -> Iterator[Path]:
    """Every file that browsers may load, as a path inside `web`, in a stable order."""
    for folder in FOLDERS:
        for path in sorted((web / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(web)


def pack(web: Path = WEB, built: Path = BUILT, modules: Path = MODULES) -> bool:
    """Fills `built` afresh. False when it was up to date."""
    now = {name.as_posix(): hashlib.sha256((web / name).read_bytes()).hexdigest() for name in files(web)}
    if now == _packed(built):
        return False
    built.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".web-", dir=built.parent))
    try:
        short = fresh / ".short"
        _shorten(web, short, modules)
        for name in files(web):
            if name.suffix not in {".js", ".css"} or name.parts[0] == "vendor":
                _write(fresh / name, (web / name).read_bytes())
        for path in sorted(short.rglob("*.*")):
            _write(fresh / path.relative_to(short), path.read_bytes())
        shutil.rmtree(short)
        (fresh / "packed.json").write_text(json.dumps(now, indent=1) + "\n", "utf-8")
        fresh.chmod(0o755)
        _swap(fresh, built)
        return True
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _packed(built: Path) -> Mapping[str, str]:
    try:
        found: dict[str, str] = json.loads((built / "packed.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _shorten(web: Path, target: Path, modules: Path) -> None:
    """Our own scripts and styles, one file each for a page: on a slow line a second request costs more than the bytes that pages could
    share. hls.js and the reader of QR codes, large and late, stay files of their own."""
    common = ["--bundle", "--minify", f"--outbase={web}", f"--outdir={target}", "--log-level=warning", f"--target={TARGETS}"]
    pages = sorted(str(path) for path in (web / "js" / "pages").glob("*.js") if (web / "pages" / f"{path.stem}.html").is_file())
    styles = sorted(map(str, (web / "css").glob("*.css")))
    alone = sorted(str(path) for folder in ("parts", "workers") for path in (web / "js" / folder).glob("*.js"))
    esbuild(modules, *pages, *alone, *common, "--format=esm", "--external:hls.js", "--external:qr/decode.js")
    esbuild(modules, *styles, *common, "--external:*.woff2", "--external:*.svg")


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    if target.suffix not in TEXTS or len(data) < LEAST_BYTES:
        return
    for ending, packed in ((".br", brotli.compress(data, quality=11)), (".gz", gzip.compress(data, 9, mtime=0))):
        if len(packed) < len(data):
            target.with_name(target.name + ending).write_bytes(packed)


def _swap(fresh: Path, built: Path) -> None:
    old = fresh.with_name(fresh.name + ".old")
    if built.exists():
        os.replace(built, old)
    os.replace(fresh, built)
    shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    try:
        if pack():
            print("build/web: packed.")
    except Failed as failed:
        print(f"build/web: {failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
