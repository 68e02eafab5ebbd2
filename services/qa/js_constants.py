"""Values of the service written as the constants of a JavaScript module, with their types (JSDoc). Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any


def constant(what: str, type: str, name: str, value: object) -> str:
    return f"/** {what} @type {{{type}}} */\nexport const {name} = {_js(value)};\n"


def union(words: Iterable[str]) -> str:
    return "|".join(f"'{word}'" for word in words)


def _js(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = "".join(f"  {key}: {_js(each)},\n" for key, each in value.items())
        return f"{{\n{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_js(each) for each in value)}]"
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)
