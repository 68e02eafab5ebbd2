"""Every code a person may meet has a sentence; a code without one is found here and not by the person."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest

from services.streaming.ingest import disconnect_reasons
from shared.errors import KINDS
from shared.messages.catalogue import LOCALES
from tests.support.messages import MESSAGES
from tests.support.paths import ROOT

RAISING = {kind.__name__ for kind in KINDS} | {"FieldError", "_fault", "fault"}
CODE = re.compile(r"[a-z]+(\.[a-z_0-9]+)+")
RTMP = [value for value in vars(disconnect_reasons).values() if isinstance(value, str) and value.startswith("streaming.rtmp.")]


def raised_codes() -> Iterator[tuple[str, str]]:
    """(code, where) of every literal code given to a kind of domain error."""
    for path in sorted(path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISING:
                for argument in node.args[:2]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and CODE.fullmatch(argument.value):
                        yield argument.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_code_that_is_raised_has_a_sentence() -> None:
    missing = [f"{code} ({where})" for code, where in raised_codes() if code not in MESSAGES]
    assert not missing


@pytest.mark.parametrize("reason", RTMP)
def test_every_reason_why_an_encoder_leaves_has_a_sentence(reason: str) -> None:
    assert reason in MESSAGES


def test_every_sentence_belongs_to_a_code_that_the_code_names() -> None:
    """Codes are also joined from parts (`registration.{path}_required`): the last part must stand somewhere."""
    source = "\n".join(
        path.read_text() for folder in ("services", "shared", "web/js", "deploy") for path in (ROOT / folder).rglob("*.[pjc][yso]*")
    )
    joined = re.findall(r'f"([a-z._]+)\{[a-z_.]+\}([a-z_]*)"', source)
    codes = {re.sub(r"\.(zero|one|other)$", "", code) for code in json.loads((LOCALES / "fr" / "errors.json").read_text("utf-8"))}
    idle = [
        code
        for code in sorted(codes)
        if f'"{code}"' not in source and not any(code.startswith(head) and code.endswith(tail) for head, tail in joined)
    ]
    assert not idle
