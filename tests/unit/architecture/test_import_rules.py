"""The rules of who may import whom, read from the source itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

SOURCES = sorted(path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py"))
SERVICES = ("registration", "streaming", "qa")

PURE_NAMES = {"domain", "ranking", "playlist", "fmp4", "packager"}
PURE_FILES = {
    "services/qa/feed/protocol.py",
    "services/qa/feed/hub.py",
    "services/qa/feed/state.py",
    "services/qa/feed/journal.py",
    "services/qa/feed/session.py",
    "shared/events/envelope.py",
    "shared/bus/topics.py",
    "shared/auth/capabilities.py",
}
PURE_MAY = ("shared.errors", "shared.events", "shared.clock", "shared.ids", "shared.auth.capabilities", "shared.sentences")
ONLY_IN = {
    "motor": {"shared/storage/mongo.py"},
    "aio_pika": {"shared/bus/rabbit/bus.py", "shared/bus/rabbit/link.py", "shared/bus/rabbit/subscriptions.py"},
    "aiosmtplib": {"shared/mail/smtp.py"},
}
ADAPTERS = {
    "shared.storage.mongo",
    "shared.storage.mongod",
    "shared.bus.embedded.bus",
    "shared.bus.rabbit.bus",
    "shared.mail.smtp",
    "shared.mail.files",
}
MAY_USE_ADAPTERS = {"services/compose.py", "services/doctor.py"}
NEVER_IN_USE_CASES = ("aiohttp", "aio_pika", "motor", "ffmpeg", "websockets")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Every module imported anywhere in the file, as dotted names; `from a import b` gives both a and a.b."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def is_pure(path: Path) -> bool:
    name = name_of(path)
    return name in PURE_FILES or (name.startswith("services/") and path.stem in PURE_NAMES) or "/domain/" in name


@pytest.mark.parametrize("path", [path for path in SOURCES if is_pure(path)], ids=name_of)
def test_a_pure_module_imports_only_the_standard_library_and_the_pure_contracts(path: Path) -> None:
    own = ".".join(path.relative_to(ROOT).parts[:2])
    for module in imports(path):
        top = module.split(".")[0]
        if top in sys.stdlib_module_names or any(within(module, allowed) for allowed in PURE_MAY):
            continue
        assert within(module, own), f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_drivers_are_imported_in_one_file_each(path: Path) -> None:
    for module in imports(path):
        for driver, files in ONLY_IN.items():
            assert not within(module, driver) or name_of(path) in files, f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_composition_root_and_the_adapters_know_adapters(path: Path) -> None:
    name = name_of(path)
    if name in MAY_USE_ADAPTERS or name.startswith(("shared/testing/", "shared/bus/", "shared/storage/", "shared/mail/")):
        return
    for module in imports(path):
        assert not any(within(module, adapter) for adapter in ADAPTERS), f"{name} imports {module}"


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stem in ("app", "reactions", "store")], ids=name_of)
def test_use_cases_reactions_and_stores_know_no_transport_and_no_driver(path: Path) -> None:
    for module in imports(path):
        assert not any(within(module, name) for name in NEVER_IN_USE_CASES), f"{name_of(path)} imports {module}"
        assert not within(module, "shared.http"), f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_services_do_not_know_each_other_and_shared_knows_none(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    own = parts[1] if parts[0] == "services" and len(parts) > 2 else None
    for module in imports(path):
        if parts[0] == "shared":
            assert not within(module, "services"), f"{name_of(path)} imports {module}"
        elif own is not None:
            for other in SERVICES:
                assert other == own or not within(module, f"services.{other}"), f"{name_of(path)} imports {module}"
            assert not within(module, "services.compose"), f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stem == "api"], ids=name_of)
def test_an_api_does_not_reach_into_the_store(path: Path) -> None:
    for module in imports(path):
        assert not module.endswith(".store"), f"{name_of(path)} imports {module}"
        assert not within(module, "shared.storage"), f"{name_of(path)} imports {module}"


def test_testing_helpers_stay_out_of_production_code() -> None:
    for path in SOURCES:
        if not name_of(path).startswith("shared/testing/"):
            assert not any(within(module, "shared.testing") for module in imports(path)), name_of(path)
