"""What web/pack.py makes: smaller files that say the same, and a folder that is taken only while it says what web/ says."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import brotli
import pytest

from services.registration.pages.assets import Assets
from tests.support.paths import ROOT

NODE_MODULES = ROOT / "node_modules"
PACK = (
    "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; import pack; "
    "print(pack.pack(*map(Path, sys.argv[2:])))"
)  # fmt: skip


def packed(web: Path) -> bool:
    command = [sys.executable, "-c", PACK, str(ROOT / "web"), str(web), str(web.parent / "build" / "web"), str(NODE_MODULES)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip() == "True"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    web = tmp_path / "web"
    for name in ("css", "js", "icons", "locales", "pages"):
        shutil.copytree(ROOT / "web" / name, web / name)
    (web / "vendor").mkdir()
    return web


def test_every_text_has_its_packed_forms_and_they_say_the_same(web: Path) -> None:
    assert packed(web)
    built = web.parent / "build" / "web"
    plain = built / "js" / "pages" / "watch.js"
    assert brotli.decompress(plain.with_name("watch.js.br").read_bytes()) == plain.read_bytes()
    assert gzip.decompress(plain.with_name("watch.js.gz").read_bytes()) == plain.read_bytes()
    assert json.loads((built / "locales" / "fr" / "live.json").read_text("utf-8")) == json.loads(
        (web / "locales/fr/live.json").read_text("utf-8")
    )


def test_a_page_loads_one_script_that_holds_all_it_needs(web: Path) -> None:
    apart = Assets(web).import_map("js/pages/watch.js", lang="fr").count("modulepreload")
    packed(web)
    together = Assets(web).import_map("js/pages/watch.js", lang="fr").count("modulepreload")
    assert together == 1 < apart
    built = web.parent / "build" / "web" / "js"
    assert sorted(path.name for path in built.iterdir()) == ["pages", "parts", "workers"]
    names = {path.name for path in (web.parent / "build" / "web" / "js" / "pages").glob("*.js")}
    assert {path.name for path in (web / "js" / "pages").glob("*.js") if (web / "pages" / f"{path.stem}.html").is_file()} == names


def test_a_sheet_that_imports_others_becomes_one(web: Path) -> None:
    packed(web)
    text = (web.parent / "build" / "web" / "css" / "common.css").read_text("utf-8")
    assert "@import" not in text
    assert "prefers-color-scheme:dark" in text.replace(" ", "")
    assert text.count("@font-face") == (web / "css" / "fonts.css").read_text("utf-8").count("@font-face {")


def test_nothing_new_is_nothing_to_do(web: Path) -> None:
    assert packed(web)
    assert not packed(web)


def test_the_packed_folder_is_served_until_a_file_changes(web: Path) -> None:
    packed(web)
    served = Assets(web).folders
    assert {path.parent for path in served.values()} == {web.parent / "build" / "web"}
    (web / "js" / "i18n.js").write_text("export const changed = true;\n", "utf-8")
    changed = Assets(web).folders
    assert {path.parent for path in changed.values()} == {web}
    assert set(changed).isdisjoint(served), "a changed file has a new address"
