"""Settings are read once, checked, and never shown with their secrets."""

from __future__ import annotations

import pytest

from services.__main__ import main
from shared.config import SettingError, Settings, read_settings


def test_without_anything_set_the_platform_is_embedded_and_local() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert settings.origin == "http://127.0.0.1:8080"
    assert settings.feed_address == "ws://127.0.0.1:8081/feed"
    assert not settings.secure


def test_an_unknown_setting_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingError, match="did you mean TABLEE_RTMP_PORT"):
        read_settings({"TABLEE_RTMP_PROT": "1935"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("TABLEE_LOG_FORMAT", "xml"),
        ("TABLEE_PUBLIC_URL", "example.org"),
        ("TABLEE_FEED_URL", "feed"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read_settings({name: value})


def test_an_empty_value_counts_as_not_set() -> None:
    assert read_settings({"SMTP_URL": "", "PORT": ""}) == Settings()


def test_behind_https_cookies_are_to_be_secure() -> None:
    settings = read_settings({"TABLEE_PUBLIC_URL": "https://direct.example.org/"})
    assert settings.secure
    assert settings.origin == "https://direct.example.org"


@pytest.mark.parametrize(
    ("public", "feed", "origin"),
    [
        ("", "", "ws://127.0.0.1:8081"),
        ("https://direct.example.org", "/feed", "wss://direct.example.org"),
        ("http://localhost:8080", "/feed", "ws://localhost:8080"),
        ("https://direct.example.org", "wss://live.example.org/feed", "wss://live.example.org"),
    ],
)
def test_pages_may_reach_the_feed_wherever_it_is(public: str, feed: str, origin: str) -> None:
    assert read_settings({"TABLEE_PUBLIC_URL": public, "TABLEE_FEED_URL": feed}).feed_origin == origin


def test_the_printed_configuration_names_every_setting_and_hides_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://user:hunter2@mail.example.org")
    assert main(["config"]) == 0
    output = capsys.readouterr().out
    assert "hunter2" not in output
    assert "SMTP_URL=(set)" in output
    assert "MONGO_URL" in output


def test_a_wrong_setting_is_one_line_and_a_non_zero_exit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TABLEE_PROT", "1")
    assert main(["serve"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "TABLEE_PROT" in error


def test_an_unknown_service_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "catering"]) == 2
    assert "catering" in capsys.readouterr().err
