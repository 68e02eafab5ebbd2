"""Copies what the pages load from node_modules to web/vendor/: lit, hls.js, a reader of QR codes, two typefaces, cut to what is used of
them.

Run after `npm ci`: `python web/vendor.py`. It writes, beside the files, `manifest.json` (what was copied, from which package and
version, with its SHA-256 and size) and `importmap.json` (the import map of every page, with `{version}` where the server puts the
version of its assets: `/assets/{version}/vendor/lit/index.js`).
Our own modules stay modules; of lit, what they use is made one file, and hls.js is made from its sources without the parts that our
streams have no use for. The typefaces are cut (web/fonts.py), and the last line that names a
source map is dropped, since no map is copied.
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

from esbuild import Failed, esbuild
from fonts import Limits, cut

WEB = Path(__file__).resolve().parent
PREFIX = "/assets/{version}/vendor/"
MAX_FILE_BYTES = 4_000_000  # nothing a page loads may be larger; hls.js is 0.6 MB

LIT_PACKAGES = ("lit", "lit-html", "lit-element", "@lit/reactive-element")
LIT_NAMES = ("lit", "lit/directives/live.js", "lit/directives/repeat.js")
"""What our modules import of lit; all of it comes in one file."""
HLS_PARTS = {
    "ALT_AUDIO": True,  # sound is a list of its own
    "MEDIA_CAPABILITIES": True,
    "M2TS_ADVANCED_CODECS": False,
    "SUBTITLES": False,
    "EME_DRM": False,
    "CMCD": False,
    "CONTENT_STEERING": False,
    "VARIABLE_SUBSTITUTION": False,
    "INTERSTITIALS": False,
}
"""What hls.js is made with; the names are its own (`__USE_…__` in its sources). All of it is 40 kB more on the wire."""
HLS_NEEDS = ("eventemitter3", "url-toolkit", "@svta/common-media-library")
"""What its sources import: these versions are those it is released with."""
FRAUNCES, ATKINSON = "@fontsource-variable/fraunces", "@fontsource-variable/atkinson-hyperlegible-next"
# The cuts in use: name under fonts/, package, file in it, axes. Both Latin files of each: a page fetches the second only when it holds such
# a letter. Headings of working pages are of one size and weight; the large ones of the programme and the screen keep the optical size.
CUTS = (
    *(
        cut
        for part in ("latin", "latin-ext")
        for cut in (
            (f"fraunces-{part}", FRAUNCES, f"fraunces-{part}-opsz-normal", {"wght": 440, "opsz": 30}),
            (f"fraunces-display-{part}", FRAUNCES, f"fraunces-{part}-opsz-normal", {"wght": 420}),
            (f"atkinson-{part}", ATKINSON, f"atkinson-hyperlegible-next-{part}-wght-normal", {"wght": (400, 650)}),
        )
    ),
)
IMPORTS = {**dict.fromkeys(LIT_NAMES, "lit/lit.js"), "hls.js": "hls.js/hls.mjs", "qr/decode.js": "qr/decode.mjs"}


class Piece(NamedTuple):
    """One file to copy: from the package at `package`, its path inside it, to `target` under web/vendor/."""

    package: str
    inside: str
    target: str
    axes: Limits | None = None
    """Of a typeface that is cut."""


class Missing(Exception):
    """Something node_modules should hold is not there; the text says what to do."""


def pieces(modules: Path) -> Iterator[Piece]:
    """Every file to copy, in a stable order. Raises Missing when a package is not installed."""
    for name, package, file, axes in CUTS:
        yield Piece(package, f"files/{file}.woff2", f"fonts/{name}.woff2", axes)
    for package in (*LIT_PACKAGES, "hls.js", *HLS_NEEDS, "qr", FRAUNCES, ATKINSON):
        yield Piece(package, "LICENSE", f"licences/{package.replace('/', '-').lstrip('@')}.txt")


def lit(modules: Path) -> bytes:
    """What our modules use of it, as one small module: a dozen small files would each be a request. Raises Missing."""
    return _joined(modules, "".join(f'export * from "{name}";' for name in LIT_NAMES))


def hls(modules: Path) -> bytes:
    """The player, from its sources, with HLS_PARTS alone. Raises Missing."""
    parts = {f"__USE_{name}__": used for name, used in HLS_PARTS.items()}
    flags = {**parts, "__IN_WORKER__": False, "__VERSION__": _version(modules, "hls.js")}
    defined = [f"--define:{name}={json.dumps(value)}" for name, value in flags.items()]
    return _joined(modules, 'export { default } from "hls.js/src/hls.ts";', f"--alias:hls.js={modules / 'hls.js'}", *defined)


def reader(modules: Path) -> bytes:
    """The reader of QR codes, for browsers that have none. Raises Missing."""
    return _joined(modules, 'export { default } from "qr/decode.js";')


def _joined(modules: Path, entry: str, *more: str) -> bytes:
    common = ("--bundle", "--format=esm", "--minify", "--legal-comments=none", "--target=es2022")
    try:
        return esbuild(modules, *common, *more, text=entry.encode())
    except Failed as failed:
        raise Missing(f"{entry} cannot be made from {modules}: run `npm ci` again. {failed}") from None


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
    return data if piece.axes is None else cut(data, piece.axes)


def import_map() -> dict[str, dict[str, str]]:
    """The import map, with `{version}` still to be filled in."""
    return {"imports": {name: PREFIX + path for name, path in IMPORTS.items()}}


def copy(modules: Path, vendor: Path) -> int:
    """Fill `vendor` afresh from `modules`; the old folder is replaced only when the new one is whole. Returns the number of files."""
    vendor.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".vendor-", dir=vendor.parent))
    try:
        files = [
            _put(fresh, "lit/lit.js", lit(modules), f"lit@{_version(modules, 'lit')}"),
            _put(fresh, "hls.js/hls.mjs", hls(modules), f"hls.js@{_version(modules, 'hls.js')}"),
            _put(fresh, "qr/decode.mjs", reader(modules), f"qr@{_version(modules, 'qr')}"),
        ]
        for piece in pieces(modules):
            files.append(_put(fresh, piece.target, read(modules, piece), f"{piece.package}@{_version(modules, piece.package)}"))
        _write_json(fresh / "manifest.json", {"files": files})
        _write_json(fresh / "importmap.json", import_map())
        fresh.chmod(0o755)
        _swap(fresh, vendor)
        return len(files)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put(folder: Path, name: str, data: bytes, origin: str) -> dict[str, object]:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return {"path": name, "from": origin, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


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
