"""Copies what the pages load from node_modules to web/vendor/: lit, hls.js, two typefaces. Standard library only.

Run after `npm ci`: `python web/vendor.py`. It writes, beside the files, `manifest.json` (what was copied, from which package and
version, with its SHA-256 and size) and `importmap.json` (the import map of every page, with `{version}` where the server puts the
version of its assets: `/assets/{version}/vendor/lit/index.js`).
No bundling, no rewriting but one: the last line that names a source map is dropped, since no map is copied.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

WEB = Path(__file__).resolve().parent
PREFIX = "/assets/{version}/vendor/"
MAX_FILE_BYTES = 4_000_000  # nothing a page loads may be larger; hls.js is 0.6 MB

LIT_PACKAGES = ("lit", "lit-html", "lit-element", "@lit/reactive-element")
HLS_FILES = {"hls.min.mjs": "hls.js/hls.mjs", "hls.worker.js": "hls.js/hls.worker.js"}
# The faces in use, and both Latin files of each: a page fetches the second only when it holds such a letter.
FONTS = {
    "@fontsource-variable/fraunces": ("fraunces-latin-opsz-normal", "fraunces-latin-ext-opsz-normal"),
    "@fontsource-variable/atkinson-hyperlegible-next": (
        "atkinson-hyperlegible-next-latin-wght-normal",
        "atkinson-hyperlegible-next-latin-ext-wght-normal",
    ),
}
IMPORTS = {
    "lit": "lit/index.js",
    "lit/": "lit/",
    "lit-html": "lit-html/lit-html.js",
    "lit-html/": "lit-html/",
    "lit-element": "lit-element/index.js",
    "lit-element/": "lit-element/",
    "@lit/reactive-element": "@lit/reactive-element/reactive-element.js",
    "@lit/reactive-element/": "@lit/reactive-element/",
    "hls.js": "hls.js/hls.mjs",
}


class Piece(NamedTuple):
    """One file to copy: from the package at `package`, its path inside it, to `target` under web/vendor/."""

    package: str
    inside: str
    target: str


class Missing(Exception):
    """Something node_modules should hold is not there; the text says what to do."""


def pieces(modules: Path) -> Iterator[Piece]:
    """Every file to copy, in a stable order. Raises Missing when a package is not installed."""
    for package in LIT_PACKAGES:
        yield from _lit(modules, package)
    for source, target in HLS_FILES.items():
        yield Piece("hls.js", f"dist/{source}", target)
    for package, names in FONTS.items():
        for name in names:
            yield Piece(package, f"files/{name}.woff2", f"fonts/{name}.woff2")
    for package in (*LIT_PACKAGES, "hls.js", *FONTS):
        yield Piece(package, "LICENSE", f"licences/{package.replace('/', '-').lstrip('@')}.txt")


def _lit(modules: Path, package: str) -> Iterator[Piece]:
    root = modules / package
    if not root.is_dir():
        raise Missing(f"{package} is not in {modules}: run `npm ci` first.")
    for file in sorted(root.rglob("*.js")):
        inside = file.relative_to(root)
        if inside.parts[0] not in {"development", "node"}:
            yield Piece(package, inside.as_posix(), f"{package}/{inside.as_posix()}")


def read(modules: Path, piece: Piece) -> bytes:
    """The bytes to serve for one piece. Raises Missing for a file that is absent or absurdly large."""
    path = modules / piece.package / piece.inside
    if not path.is_file():
        raise Missing(f"{piece.package} has no {piece.inside}: run `npm ci` again.")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise Missing(f"{path} is larger than {MAX_FILE_BYTES} bytes: not something a page should load.")
    data = path.read_bytes()
    if path.suffix in {".js", ".mjs"}:
        lines = data.rstrip().split(b"\n")
        if lines[-1].startswith(b"//# sourceMappingURL="):
            lines.pop()
        data = b"\n".join(lines) + b"\n"
    return data


def import_map() -> dict[str, dict[str, str]]:
    """The import map, with `{version}` still to be filled in."""
    return {"imports": {name: PREFIX + path for name, path in IMPORTS.items()}}


def copy(modules: Path, vendor: Path) -> int:
    """Fill `vendor` afresh from `modules`; the old folder is replaced only when the new one is whole. Returns the number of files."""
    vendor.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".vendor-", dir=vendor.parent))
    try:
        files = []
        for piece in pieces(modules):
            data = read(modules, piece)
            target = fresh / piece.target
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            origin = f"{piece.package}@{_version(modules, piece.package)}"
            files.append({"path": piece.target, "from": origin, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
        _write_json(fresh / "manifest.json", {"files": files})
        _write_json(fresh / "importmap.json", import_map())
        fresh.chmod(0o755)
        _swap(fresh, vendor)
        return len(files)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _version(modules: Path, package: str) -> str:
    return str(json.loads((modules / package / "package.json").read_text("utf-8"))["version"])


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _swap(fresh: Path, vendor: Path) -> None:
    old = fresh.with_name(fresh.name + ".old")
    if vendor.exists():
        os.replace(vendor, old)
    os.replace(fresh, vendor)
    shutil.rmtree(old, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """`vendor.py [node_modules [vendor]]`; both default to the places beside this file. Prints one line; 1 when something is missing."""
    modules = Path(arguments[0]) if arguments else WEB.parent / "node_modules"
    vendor = Path(arguments[1]) if len(arguments) > 1 else WEB / "vendor"
    try:
        count = copy(modules, vendor)
    except Missing as missing:
        print(f"web/vendor: {missing}", file=sys.stderr)
        return 1
    print(f"web/vendor: {count} files.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
