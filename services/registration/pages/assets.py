"""What browsers load beside a page: under an address that changes with their content, packed where that was done, and weighed.

Read once, when the service is built.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

from services.registration.pages.modules import modules_of
from shared.http.security import hash_of

SERVED: Final = ("css", "js", "vendor", "icons", "images", "locales")
"""Folders of web/ that browsers may load from."""
VERSION_CHARACTERS: Final = 12
SUFFIXES: Final = frozenset({".css", ".js", ".mjs", ".json", ".svg", ".png", ".webp", ".woff2", ".html"})
COMMON_SHEET: Final = "common.css"
HEADER_BYTES: Final = 700
"""Of one answer, about."""
STEP_KILOBYTES: Final = 5
"""Weights are rounded up to the next of these."""
_LOADED: Final = re.compile(r"""(?:src|href)="(/assets/[^"#]+)""")
_IMPORT: Final = re.compile(r"""@import url\("\./([\w-]+\.css)"\)([^;]*);""")
_ROOT: Final = re.compile(r":root(?:\[(data-[a-z]+)\])?\s*\{([^}]*)\}")
"""What a sheet says of every page, or of those alone whose root has an attribute."""
_FAMILY: Final = re.compile(r"""--(serif|sans):\s*"([^"]+)\"""")
_FACE: Final = re.compile(r"""font-family:\s*"?([^";}]+)"?;[^}]*?url\("?\.\./(vendor/fonts/[^")]+-latin\.woff2)""")


class Assets:
    """`web`: the folder with pages/, css/, js/, locales/, vendor/. The folder `build/web` beside it is what web/pack.py made of it."""

    def __init__(self, web: Path) -> None:
        self._web = web
        digests = _digests_of(web)
        self.version = _version_of(digests)
        self._served = _served_from(web, digests)
        self._names = _names_of(web / "vendor" / "importmap.json")
        addresses = {name: self.url(path) for name, path in self._names.items()}
        self._map = json.dumps({"imports": addresses}, separators=(",", ":")).replace("<", "\\u003c")
        self._modules = cache(self._modules_of)
        self._bytes = cache(self._packed_bytes)

    @property
    def folders(self) -> dict[str, Path]:
        """URL prefix → folder. Packed files lie beside the plain ones, where they were packed since they last changed."""
        return {self.url(name): self._served / name for name in SERVED if (self._served / name).is_dir()}

    @property
    def script_hashes(self) -> tuple[str, ...]:
        """CSP sources of the inline blocks of a page: the import map and nothing else."""
        return (hash_of(self._map),)

    def url(self, path: str) -> str:
        return f"/assets/{self.version}/{path.lstrip('/')}"

    def sheet(self, name: str) -> str:
        """A style sheet in one piece, packed or not."""
        text = (self._served / "css" / name).read_text("utf-8")
        return _IMPORT.sub(lambda found: _within(found[2].strip(), self.sheet(found[1])), text)

    def import_map(self, entry: str, *more: str, lang: str) -> Markup:
        """The one inline block of a page (HTML, section 8.1.5.2), then what the script at `entry` will ask for, to be asked for at once:
        its words (the catalogue of all live pages, and `more`), every module that it imports. The text is ours alone, made from files at
        start."""
        words = "".join(
            f'\n<link rel="preload" as="fetch" crossorigin data-words="{name}" href="{self.url(f"locales/{lang}/{name}.json")}">'
            for name in ("live", *more)
        )
        return Markup(f'<script type="importmap">{self._map}</script>{words}{self.preloads(entry)}')  # noqa: S704

    def preloads(self, entry: str) -> Markup:
        """The script at `entry` and every module that it imports."""
        return Markup("".join(f'\n<link rel="modulepreload" href="{self.url(path)}">' for path in self._modules(entry)))  # noqa: S704

    def kilobytes(self, html: str) -> int:
        """The weight of a page at its first visit, compressed, rounded up: itself, what it names, the letters of its language (Latin)."""
        paths = {address.removeprefix(self.url("")) for address in _LOADED.findall(html)}
        paths |= set(self._fonts_of(html, [path for path in paths if path.endswith(".css")]))
        total = sum(self._bytes(path) + HEADER_BYTES for path in paths) + len(gzip.compress(html.encode())) + HEADER_BYTES
        return math.ceil(total / 1000 / STEP_KILOBYTES) * STEP_KILOBYTES

    def _fonts_of(self, html: str, sheets: Iterable[str]) -> Iterable[str]:
        """The last rule that names a family for a use decides, one for this page before any; a face that nobody uses is not loaded."""
        texts = [(self._served / path).read_text("utf-8") for path in sorted(sheets, key=lambda path: not path.endswith(COMMON_SHEET))]
        root = html.partition("<html")[2].partition(">")[0]
        rules = [(bool(only), rule) for text in texts for only, rule in _ROOT.findall(text) if only in root]
        families = dict(found for _, rule in sorted(rules, key=lambda each: each[0]) for found in _FAMILY.findall(rule))
        return [file for text in texts for family, file in _FACE.findall(text) if family in families.values()]

    def _packed_bytes(self, path: str) -> int:
        plain = self._served / path
        files = (plain.with_name(plain.name + ".br"), plain.with_name(plain.name + ".gz"), plain)
        return next((file.stat().st_size for file in files if file.is_file()), 0)

    def _modules_of(self, entry: str) -> tuple[str, ...]:
        return modules_of(entry, self._text, self._names)

    def _text(self, path: str) -> str | None:
        try:
            return (self._served / path).read_text("utf-8")
        except OSError:
            return None


def _within(condition: str, sheet: str) -> str:
    return f"@media {condition} {{\n{sheet}}}\n" if condition else sheet


def _digests_of(web: Path) -> dict[str, str]:
    """SHA-256 of every file that pages are made of, by its path inside `web`."""
    return {
        path.relative_to(web).as_posix(): _digest_of(path, path.stat().st_mtime_ns)
        for name in (*SERVED, "pages")
        for path in sorted((web / name).rglob("*"))
        if path.is_file() and path.suffix in SUFFIXES
    }


@lru_cache(maxsize=4096)
def _digest_of(path: Path, _changed_at: int) -> str:
    """Of the file as it was changed last."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version_of(digests: Mapping[str, str]) -> str:
    """A fingerprint of them all, so that a changed file has a new address."""
    found = hashlib.sha256()
    for name, digest in digests.items():
        found.update(name.encode() + b"\0" + digest.encode())
    return found.hexdigest()[:VERSION_CHARACTERS]


def _served_from(web: Path, digests: Mapping[str, str]) -> Path:
    """The folder that web/pack.py made of `web`, or `web` itself where a file changed since, or none was made."""
    built = web.parent / "build" / "web"
    try:
        packed: dict[str, str] = json.loads((built / "packed.json").read_text("utf-8"))
    except (OSError, ValueError):
        return web
    return built if all(packed.get(name) == digest for name, digest in digests.items() if not name.startswith("pages/")) else web


def _names_of(path: Path) -> Mapping[str, str]:
    """Bare name → path inside web/. Without front-end packages (a checkout before `npm ci`) it is empty, and pages work as plain HTML."""
    if not path.is_file():
        return {}
    imports: dict[str, str] = json.loads(path.read_text("utf-8"))["imports"]
    return {name: address.removeprefix("/assets/{version}/") for name, address in imports.items()}
