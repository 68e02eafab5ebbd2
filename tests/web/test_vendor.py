"""What web/vendor.py copies: everything the import map and the stylesheets name, and nothing that is not what npm's lock brought."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PREFIX = "/assets/{version}/vendor/"
BARE = re.compile(rb"""(?:from|import)\s*\(?["']([^."'/][^"']*)["']""")


def vendor(modules: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "web" / "vendor.py"), str(modules), str(target)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("web") / "vendor"
    run = vendor(ROOT / "node_modules", target)
    assert run.returncode == 0, run.stderr
    return target


def imports(copied: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((copied / "importmap.json").read_text("utf-8"))["imports"]
    return found


def test_every_address_of_the_import_map_is_there(copied: Path) -> None:
    for name, address in imports(copied).items():
        path = copied / address.removeprefix(PREFIX)
        assert path.is_dir() if name.endswith("/") else path.is_file(), name


def test_every_name_that_a_module_imports_is_in_the_import_map(copied: Path) -> None:
    names = {found.decode() for path in (ROOT / "web" / "js").rglob("*.js") for found in BARE.findall(path.read_bytes())}
    assert "lit" in names
    assert names <= set(imports(copied))


def test_lit_is_one_file_that_imports_nothing(copied: Path) -> None:
    text = (copied / "lit" / "lit.js").read_bytes()
    assert BARE.findall(text) == []


def test_the_player_is_made_without_what_our_streams_have_no_use_for(copied: Path) -> None:
    text = (copied / "hls.js" / "hls.mjs").read_text("utf-8")
    assert [part for part in ("PART-INF", "audioTracks") if part not in text] == []
    assert [part for part in ("__USE_", "CMCD-", "WEBVTT") if part in text] == []
    assert len(text) < 380_000


def test_typefaces_are_cut_the_same_way_every_time(copied: Path, tmp_path: Path) -> None:
    vendor(ROOT / "node_modules", tmp_path / "again")
    assert (tmp_path / "again" / "manifest.json").read_bytes() == (copied / "manifest.json").read_bytes()


def test_every_font_of_the_stylesheet_is_there(copied: Path) -> None:
    sheet = (ROOT / "web" / "css" / "fonts.css").read_text("utf-8")
    files = re.findall(r'url\("\.\./vendor/([^"]+)"\)', sheet)
    assert files
    assert [name for name in files if not (copied / name).is_file()] == []


def test_the_manifest_names_every_file_with_its_digest(copied: Path) -> None:
    listed = {one["path"]: one["sha256"] for one in json.loads((copied / "manifest.json").read_text("utf-8"))["files"]}
    paths = [path for path in copied.rglob("*") if path.is_file() and path.name not in {"manifest.json", "importmap.json"}]
    assert {path.relative_to(copied).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths} == listed


def test_without_packages_it_says_what_to_run_and_leaves_the_old_folder(tmp_path: Path) -> None:
    old = tmp_path / "vendor"
    old.mkdir()
    (old / "kept").write_text("kept")
    run = vendor(tmp_path / "nothing", old)
    assert run.returncode == 1
    assert "npm ci" in run.stderr
    assert (old / "kept").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["vendor"]


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")
