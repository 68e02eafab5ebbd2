"""Structured logs on standard error: one line per record, as text for a terminal or as JSON for a collector.

Fields come by `extra={…}`; the correlation id of the running task is added. Secrets that pass by (links, passes, keys) are masked at
the last moment, so that no forgotten call can leak one.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Final

from shared import correlation

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SECRET: Final = re.compile(
    r"(?P<kind>lnk_|ses_|key_)[A-Za-z0-9_-]{6,}|(?P<jwt>eyJ[A-Za-z0-9_-]{5,})\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|(?P<url>://[^:/@\s]+:)[^@\s]+@"
)
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def mask(text: str) -> str:
    """Personal links, passes, passwords in URLs and e-mail addresses become dots."""
    text = _SECRET.sub(lambda found: (found["kind"] or found["url"] or "pass ") + "…" + ("@" if found["url"] else ""), text)
    return _ADDRESS.sub("…@…", text)


TRIAL_LINK: Final = "trial_link"
"""The one field that is shown as it is: where no mail server is set, the log is how a person gets their link."""


def _masked(record: logging.LogRecord, text: str) -> str:
    link = str(getattr(record, TRIAL_LINK, ""))
    return mask(text).replace(mask(link), link) if link else mask(text)


class _Formatter(logging.Formatter):
    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if current := correlation.current():
            extra["correlation_id"] = current
        return extra

    def _trace(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


class TextFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value}" for name, value in self._fields(record).items())
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        line = f"{at} {record.levelname.lower():7} {record.name}: {record.getMessage()} {fields}".rstrip()
        trace = self._trace(record)
        return _masked(record, f"{line}\n{trace}" if trace else line)


class JsonFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        found = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self._fields(record),
        }
        if trace := self._trace(record):
            found["trace"] = trace
        return _masked(record, json.dumps(found, ensure_ascii=False, default=str))


def set_up(format: str, level: str) -> None:
    """`format` text or json, `level` a level's name. Libraries speak from warning upwards only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("tablee", "services", "shared"):
        logging.getLogger(name).setLevel(level.upper())
    # the adapters log each connection in one line; the libraries log the same in detail
    for name in ("aio_pika", "aiormq", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
