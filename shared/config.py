"""Settings: read once from the environment into one frozen object.

Every setting is defined in this file with its default and its meaning; `tablee config` prints them. An unknown `TABLEE_*` name is an error
that suggests the nearest one. What must not be here: anything that opens, connects or creates.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit


class SettingError(Exception):
    """A setting cannot be used; the message is one clear line for the operator, and contains no secret."""


def _setting(default: Any, env: str, meaning: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"env": env, "meaning": meaning, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    port: int = _setting(8080, "PORT", "port of the pages and the HTTP interfaces")
    host: str = _setting("127.0.0.1", "TABLEE_HOST", "address that every server of this process listens on")
    public_url: str = _setting("", "TABLEE_PUBLIC_URL", "address people type, without a final slash; empty: http://127.0.0.1:PORT")
    feed_port: int = _setting(0, "TABLEE_FEED_PORT", "port of the live feed; 0: PORT + 1")
    feed_url: str = _setting(
        "",
        "TABLEE_FEED_URL",
        "WebSocket address of the live feed as browsers see it, or a path such as /feed behind one origin; empty: the public address with the feed's port",
    )
    rtmp_port: int = _setting(1935, "TABLEE_RTMP_PORT", "port for RTMP from OBS and other encoders")
    rtmp_public_host: str = _setting(
        "", "TABLEE_RTMP_PUBLIC_HOST", "host encoders send RTMP (with port if not 1935) and SRT to; empty: this machine's address and port"
    )
    srt_port: int = _setting(0, "TABLEE_SRT_PORT", "UDP port for SRT from OBS and other encoders, as 8890; 0: none")
    pull_networks: str = _setting(
        "", "TABLEE_PULL_NETWORKS", "networks that operators may fetch streams from beside public addresses, as 192.168.1.0/24, with commas"
    )
    whip_ports: str = _setting(
        "", "TABLEE_WHIP_PORTS", "UDP ports for cameras of browsers (WHIP), as 40000-40049; empty: any. Ten for each stage are plenty"
    )
    whip_address: str = _setting(
        "", "TABLEE_WHIP_ADDRESS", "IP address under which senders reach those ports, where it is not this machine's own (NAT, a container)"
    )
    ice_servers: str = _setting(
        "",
        "TABLEE_ICE_SERVERS",
        "STUN and TURN servers for the table, separated by commas: stun:host:3478, turn:user:password@host:3478?transport=tcp;"
        " a turn server without a user takes credentials made with TABLEE_TURN_SECRET",
        secret=True,
    )
    turn_secret: str = _setting("", "TABLEE_TURN_SECRET", "secret shared with a TURN server (coturn: static-auth-secret)", secret=True)
    ice_relay_only: str = _setting("no", "TABLEE_ICE_RELAY_ONLY", "yes: calls of the table go through a TURN server, never directly")
    var: Path = _setting(Path("var"), "TABLEE_VAR", "folder for data, keys, mails and logs of this installation")
    event: Path = _setting(
        Path("examples/assises-2021"), "TABLEE_EVENT", "folder of the event: programme.yaml, completion.yaml, theme.yaml"
    )
    event_id: str = _setting(
        "", "TABLEE_EVENT_ID", "id of the event, for services that run without its folder; empty: event.id of the programme in TABLEE_EVENT"
    )
    media: str = _setting("", "MEDIA", "media file looped as the live source; empty: a generated picture with a clock")
    recordings: str = _setting(
        "", "TABLEE_RECORDINGS", "folder that sessions are recorded in; empty: VAR/recordings; none: nothing is recorded"
    )
    recordings_days: int = _setting(0, "TABLEE_RECORDINGS_DAYS", "days after which a recording is erased; 0: when an operator erases it")
    mongo_url: str = _setting("", "MONGO_URL", "MongoDB replica set; empty: a mongod of our own as a child", secret=True)
    mongod: str = _setting("", "TABLEE_MONGOD", "mongod to start when MONGO_URL is empty; empty: PATH, then the pip wheel")
    database_prefix: str = _setting("tablee", "TABLEE_DATABASE_PREFIX", "databases are PREFIX_registration, PREFIX_streaming, PREFIX_qa")
    amqp_url: str = _setting("", "AMQP_URL", "RabbitMQ; empty: the embedded bus, kept in MongoDB", secret=True)
    ffmpeg: str = _setting("", "TABLEE_FFMPEG", "ffmpeg to use; empty: the pip wheel's, then PATH")
    smtp_url: str = _setting(
        "", "SMTP_URL", "smtp://user:password@host:port or smtps://…; empty: mails are written to VAR/mail", secret=True
    )
    mail_from: str = _setting("Tablée <tablee@localhost>", "TABLEE_MAIL_FROM", "sender of the mails")
    pass_key: str = _setting(
        "", "TABLEE_PASS_KEY", "private Ed25519 key of registration (tablee keys); empty: made and kept in VAR/keys", secret=True
    )
    pass_public_keys: str = _setting(
        "", "TABLEE_PASS_PUBLIC_KEYS", "public keys of registration, separated by commas; empty: derived from the private one"
    )
    stream_secret: str = _setting(
        "",
        "TABLEE_STREAM_SECRET",
        "secret that signs watch links for players without cookies (tablee keys); empty: made and kept in VAR/keys",
        secret=True,
    )
    embedding: str = _setting("no", "TABLEE_EMBEDDING", "yes: players on pages of other sites may play watch links (CORS)")
    link_generations: str = _setting(
        "",
        "TABLEE_LINK_GENERATIONS",
        "how often each duty link was renewed, as moderator=1,operator=2; empty: kept in VAR/keys by tablee links --renew",
    )
    hall_most: int = _setting(500, "TABLEE_HALL_MOST", "most people whose raised hands the host of one local hub may count in a poll")
    flagged_words: str = _setting(
        "", "TABLEE_FLAGGED_WORDS", "words that clouds of words show to moderators only, separated by commas; moderators add others"
    )
    trusted_proxies: int = _setting(0, "TABLEE_TRUSTED_PROXIES", "how many proxies in front add to X-Forwarded-For")
    log_format: str = _setting("text", "TABLEE_LOG_FORMAT", "text or json")
    log_level: str = _setting("info", "TABLEE_LOG_LEVEL", "debug, info, warning or error")
    stop_seconds: float = _setting(20.0, "TABLEE_STOP_SECONDS", "longest orderly stop; a missed deadline exits non-zero")

    @property
    def origin(self) -> str:
        """Public address without a final slash."""
        return (self.public_url or f"http://{self._reachable}:{self.port}").rstrip("/")

    @property
    def feed_listen_port(self) -> int:
        return self.feed_port or self.port + 1

    @property
    def feed_address(self) -> str:
        """WebSocket address of the feed as browsers see it."""
        return self.feed_url or f"ws://{self._reachable}:{self.feed_listen_port}/feed"

    @property
    def feed_origin(self) -> str:
        """`ws://host[:port]` of the feed; behind one origin (TABLEE_FEED_URL=/feed) that of the pages."""
        scheme, _, rest = (self.origin if self.feed_address.startswith("/") else self.feed_address).partition("://")
        return f"{scheme.replace('http', 'ws')}://{rest.split('/')[0]}"

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def on_loopback(self) -> bool:
        """Whether the public address is this machine's own: nobody else reaches it under that name."""
        host = urlsplit(self.origin).hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")

    @property
    def _reachable(self) -> str:
        return "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host


SETTINGS: Final = fields(Settings)
_NAMES: Final = {setting.metadata["env"]: setting for setting in SETTINGS}
_CHOICES: Final = {
    "embedding": ("no", "yes"),
    "ice_relay_only": ("no", "yes"),
    "log_format": ("text", "json"),
    "log_level": ("debug", "info", "warning", "error"),
}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises SettingError."""
    unknown = sorted(name for name in environment if name.startswith("TABLEE_") and name not in _NAMES)
    if unknown:
        near = difflib.get_close_matches(unknown[0], _NAMES, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else "; `tablee config` lists the settings"
        raise SettingError(f"unknown setting {unknown[0]}{hint}")
    given = {
        setting.name: _convert(setting.name, name, setting.default, environment[name])
        for name, setting in _NAMES.items()
        if environment.get(name, "") != ""
    }
    settings = Settings(**given)
    if settings.origin.count("://") != 1 or not settings.origin.startswith(("http://", "https://")):
        raise SettingError("TABLEE_PUBLIC_URL must start with http:// or https://")
    if settings.feed_url and not settings.feed_url.startswith(("ws://", "wss://", "/")):
        raise SettingError("TABLEE_FEED_URL must start with ws:// or wss://, or be a path such as /feed")
    return settings


def _convert(name: str, env: str, default: Any, text: str) -> Any:
    if name in _CHOICES and text not in _CHOICES[name]:
        raise SettingError(f"{env} is {text!r}; it takes {', '.join(_CHOICES[name])}")
    if isinstance(default, Path):
        return Path(text)
    if isinstance(default, str):
        return text
    try:
        value = type(default)(text)
    except ValueError:
        raise SettingError(f"{env} is {text!r}; it takes a number") from None
    top = 65_535 if name.endswith("port") else 3_600
    if not 0 <= value <= top:
        raise SettingError(f"{env} is {text}; it takes a number from 0 to {top}")
    return value
