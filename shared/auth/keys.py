"""The keys of an installation, and what is derived from them.

Keys come from the settings; where those are empty they are made once and kept, readable by the owner alone, in VAR/keys.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.auth.generations import read_generations
from shared.auth.passes import new_private_key, private_from_text, private_to_text, public_from_text, public_to_text
from shared.config import SettingError, Settings

T = TypeVar("T")

LINK_BYTES = 20


@dataclass(frozen=True, slots=True)
class Secrets:
    """`link_key` is None where the private key is not known (every service but registration)."""

    stream_secret: bytes = field(repr=False)
    link_key: bytes | None = field(repr=False, default=None)
    generations: Callable[[], Mapping[str, int]] = field(repr=False, compare=False, default=dict)
    """How often a duty link was renewed, by its name, as of now: see shared.auth.generations."""

    def generation(self, name: str) -> int:
        return self.generations().get(name, 0)

    def proof(self, text: str) -> str:
        """A short proof that `text` is ours: for what goes through a browser and comes back."""
        if self.link_key is None:
            raise RuntimeError("only registration proves what it wrote")
        digest = hmac.new(self.link_key, b"proof\0" + text.encode(), hashlib.sha256).digest()[:LINK_BYTES]
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def derived(self, purpose: str) -> bytes:
        """LINK_BYTES that follow from `purpose`, and that nobody else can make: what ticket codes are written from."""
        if self.link_key is None:
            raise RuntimeError("only registration derives")
        return hmac.new(self.link_key, b"derived\0" + purpose.encode(), hashlib.sha256).digest()[:LINK_BYTES]

    def link(self, purpose: str) -> str:
        """The same unguessable personal-link token for the same purpose every time, so that none has to be kept in clear."""
        if self.link_key is None:
            raise RuntimeError("only registration makes links")
        digest = hmac.new(self.link_key, purpose.encode(), hashlib.sha256).digest()[:LINK_BYTES]
        return "lnk_" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Keys:
    private: Ed25519PrivateKey | None = field(repr=False)
    public: tuple[Ed25519PublicKey, ...]
    secrets: Secrets


def load_keys(settings: Settings, *, signing: bool) -> Keys:
    """`signing`: whether this process runs registration. Raises SettingError."""
    private = _private(settings, signing)
    given = [text for text in settings.pass_public_keys.split(",") if text.strip()]
    public = tuple(_read("TABLEE_PASS_PUBLIC_KEYS", public_from_text, text) for text in given)
    if private is not None:
        public = (private.public_key(), *public)
    if not public:
        raise SettingError("TABLEE_PASS_PUBLIC_KEYS is empty: `tablee keys` makes a set of keys")
    link_key = None
    if private is not None:
        link_key = hashlib.sha256(b"tablee links\0" + private_to_text(private).encode()).digest()
    stream = settings.stream_secret or _kept(settings, "stream-secret", lambda: secrets.token_urlsafe(32))
    secrets_ = Secrets(stream_secret=stream.encode(), link_key=link_key, generations=partial(read_generations, settings))
    return Keys(private=private, public=public, secrets=secrets_)


def _private(settings: Settings, signing: bool) -> Ed25519PrivateKey | None:
    if settings.pass_key:
        return _read("TABLEE_PASS_KEY", private_from_text, settings.pass_key) if signing else None
    if settings.pass_public_keys and not signing:
        return None
    return private_from_text(_kept(settings, "pass-key", lambda: private_to_text(new_private_key())))


def _kept(settings: Settings, name: str, make: Callable[[], str]) -> str:
    folder: Path = settings.var / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    text = make()
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
    return text


def _read(name: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text.strip())
    except ValueError:
        raise SettingError(f"{name} is not a key: `tablee keys` makes a set of keys") from None


def new_key_lines() -> list[str]:
    """A fresh set of keys as lines of an environment file."""
    private = new_private_key()
    return [
        f"TABLEE_PASS_KEY={private_to_text(private)}",
        f"TABLEE_PASS_PUBLIC_KEYS={public_to_text(private.public_key())}",
        f"TABLEE_STREAM_SECRET={secrets.token_urlsafe(32)}",
    ]
