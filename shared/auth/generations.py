"""How often each duty link was renewed: a leaked link is replaced alone, and every other link stays as it is.

Like keys, the numbers come from the settings, or else from a file in VAR/keys that `tablee links --renew NAME` counts up. A running
platform looks at the file every few seconds.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.config import SettingError, Settings

FILE: Final = "link-generations"
_ENTRY: Final = re.compile(r"([a-z]{1,20})=([0-9]{1,6})", re.ASCII)


def read_generations(settings: Settings) -> Mapping[str, int]:
    """Link name → how often it was renewed; names that are missing were never renewed. Raises SettingError."""
    if settings.link_generations:
        return _given(settings.link_generations)
    try:
        kept = json.loads(_path(settings).read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        raise SettingError(f"{_path(settings)} is damaged: restore it, or remove it to go back to the first links") from None
    return {str(name): int(number) for name, number in kept.items()}


def renew(settings: Settings, name: str) -> int:
    """Count the link up; the new number. Raises SettingError where the numbers come from the environment."""
    found = {**read_generations(settings)}
    found[name] = found.get(name, 0) + 1
    if settings.link_generations:
        text = ",".join(f"{one}={number}" for one, number in sorted(found.items()))
        raise SettingError(f"these links are set in the environment: set TABLEE_LINK_GENERATIONS={text} and start again")
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".part")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(found, file)
    partial.replace(path)
    return found[name]


def _path(settings: Settings) -> Path:
    return settings.var / "keys" / FILE


def _given(text: str) -> Mapping[str, int]:
    found = {}
    for part in text.split(","):
        entry = _ENTRY.fullmatch(part.strip())
        if entry is None:
            raise SettingError("TABLEE_LINK_GENERATIONS must look like moderator=1,operator=2")
        found[entry[1]] = int(entry[2])
    return found
