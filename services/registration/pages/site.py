"""What pages are made of: templates, catalogues of sentences, the import map, and the version under which assets are served.

Read once, when the service is built. What must not be here: routes, people, rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from shared.http.security import hash_of
from shared.sentences import DEFAULT_LANGUAGE, LANGUAGES

WEB: Final = Path(__file__).resolve().parents[3] / "web"
SERVED: Final = ("css", "js", "vendor", "icons", "images", "locales")
"""Folders of web/ that browsers may load from."""
VERSION_CHARACTERS: Final = 12
SUFFIXES: Final = frozenset({".css", ".js", ".mjs", ".json", ".svg", ".png", ".webp", ".woff2", ".html"})


class Site:
    """`web`: the folder with pages/, css/, js/, locales/, vendor/."""

    def __init__(self, web: Path = WEB) -> None:
        self._web = web
        self.version = _version_of(web)
        self._sentences = {language: _catalogue(web / "locales", language) for language in LANGUAGES}
        self._import_map = _import_map(web / "vendor" / "importmap.json", self.version)
        self._environment = Environment(
            loader=FileSystemLoader(web / "pages"),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def assets(self) -> dict[str, Path]:
        """URL prefix → folder."""
        return {f"/assets/{self.version}/{name}": self._web / name for name in SERVED if (self._web / name).is_dir()}

    @property
    def script_hashes(self) -> tuple[str, ...]:
        """CSP sources of the inline blocks of a page: the import map and nothing else."""
        return (hash_of(self._import_map),)

    def file(self, name: str) -> Path:
        return self._web / name

    def asset(self, path: str) -> str:
        return f"/assets/{self.version}/{path.lstrip('/')}"

    def translator(self, lang: str) -> Callable[..., str]:
        """t(key, **params): the sentence in `lang`, in French where that lacks it, the key itself where nothing is found."""
        own, fallback = self._sentences[lang], self._sentences[DEFAULT_LANGUAGE]

        def t(key: str, /, **params: Any) -> str:
            text = own.get(key) or fallback.get(key) or key
            for name, value in params.items():
                text = text.replace("{" + name + "}", str(value))
            return text

        return t

    def render(self, template: str, *, lang: str, path: str, query: Mapping[str, str], context: Mapping[str, Any]) -> str:
        def lang_url(other: str) -> str:
            return f"{path}?{urlencode({**query, 'lang': other})}"

        return self._environment.get_template(template).render(
            {
                "t": self.translator(lang),
                "lang": lang,
                "languages": LANGUAGES,
                "path": path,
                "asset": self.asset,
                "asset_version": self.version,
                "import_map": self.import_map,
                "lang_url": lang_url,
                "other_language_url": lang_url(next(other for other in LANGUAGES if other != lang)),
                **context,
            }
        )

    def import_map(self) -> Markup:
        """The one inline block of a page (HTML, section 8.1.5.2). The text is ours alone, made from files at start."""
        return Markup(f'<script type="importmap">{self._import_map}</script>')  # noqa: S704


def data_block(value: object) -> Markup:
    """A JSON-LD data block (no code: browsers do not run it, so the policy needs no hash), or nothing for None."""
    if value is None:
        return Markup("")
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704


def _version_of(web: Path) -> str:
    """A fingerprint of every file a browser may load, so that a changed file has a new address."""
    found = hashlib.sha256()
    for name in (*SERVED, "pages"):
        for path in sorted((web / name).rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES:
                found.update(str(path.relative_to(web)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:VERSION_CHARACTERS]


def _catalogue(folder: Path, language: str) -> dict[str, str]:
    """locales/fr.json, and locales/fr/*.json: flat objects of dotted keys."""
    found: dict[str, str] = {}
    for path in (folder / f"{language}.json", *sorted((folder / language).glob("*.json"))):
        if path.is_file():
            found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def _import_map(path: Path, version: str) -> str:
    """Without front-end packages (a checkout before `npm ci`) the map is empty, and pages work as plain HTML."""
    text = path.read_text(encoding="utf-8") if path.is_file() else '{"imports":{}}'
    compact = json.dumps(json.loads(text.replace("{version}", version)), separators=(",", ":"))
    return compact.replace("<", "\\u003c")
