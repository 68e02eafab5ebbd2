"""Logs carry fields and the correlation id, never a credential or an address."""

from __future__ import annotations

import json
import logging

import pytest

from shared import correlation
from shared.log import JsonFormatter, TextFormatter, mask


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET /l/lnk_abcDEF123456789", "abcDEF123456789"),
        ("pass eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "c2lnbmF0dXJl"),
        ("amqp://tablee:hunter2@rabbitmq:5672/", "hunter2"),
        ("mail to camille.morel@example.org failed", "camille.morel"),
    ],
)
def test_a_secret_that_passes_by_is_masked(text: str, secret: str) -> None:
    assert secret not in mask(text)


def record(**extra: object) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "tablee.test", "levelno": logging.INFO, "levelname": "INFO", "msg": "done", **extra})


def test_a_json_line_carries_its_fields_and_the_correlation_id() -> None:
    with correlation.correlated("request-1234"):
        line = json.loads(JsonFormatter().format(record(stage="grande-salle")))
    assert line["stage"] == "grande-salle"
    assert line["correlation_id"] == "request-1234"
    assert line["level"] == "info"


def test_a_text_line_reads_from_left_to_right() -> None:
    assert "info    tablee.test: done stage=grande-salle" in TextFormatter().format(record(stage="grande-salle"))
