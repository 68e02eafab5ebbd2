"""Which addresses may be fetched from: nobody reaches through the platform what only it can reach."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.streaming.ingest.pull.addresses import BadPullAddress, all_allowed, read_address, read_networks


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("rtsp://user:secret@camera.example/stream?x=1&y=2", "camera.example", 554),
        ("rtmp://[2001:db8::1]/live/key", "2001:db8::1", 1935),
        ("rtmps://live.example:8443/app/key", "live.example", 8443),
        ("srt://live.example:9000?streamid=%23!::r=a&mode=caller", "live.example", 9000),
    ],
)
def test_an_address_is_read_and_its_password_is_not_shown(text: str, host: str, port: int) -> None:
    address = read_address(text)
    assert (address.host, address.port, address.url) == (host, port, text)
    assert "secret" not in repr(address)


@pytest.mark.parametrize(
    "text",
    [
        "", "rtsp://", "srt://live.example", "http://live.example/index.m3u8", "https://live.example/index.m3u8", "file:///etc/passwd",
        "concat:a|b", "rtsp://a/'\nfile '/etc/passwd", "rtsp://a b/c", "rtsp://a/\"", "rtsp://a/\\", "rtmp://a:99999/x", "rtsp://[::1/x",
        "srt://a:9000?mode=listener", "srt://a:9000?mode=caller&mode=listener", "srt://a:9000?mode", "rtsp://é/x", "rtsp://a/" + "x" * 1000,
    ],
)  # fmt: skip
def test_what_is_no_such_address_is_refused(text: str) -> None:
    with pytest.raises(BadPullAddress):
        read_address(text)


@given(st.text())
def test_whatever_is_typed_is_read_or_refused_and_cannot_end_its_line(text: str) -> None:
    for typed in (text, f"rtsp://host/{text}", f"srt://{text}:9000"):
        with suppress(BadPullAddress):
            assert not set(read_address(typed).url) & set("'\"\\\r\n \t")


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1", "10.0.0.8", "172.17.0.2", "192.168.1.20", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "239.1.2.3",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.8", "2002:7f00:1::", "64:ff9b:1::1",
        "64:ff9b::10.0.0.8",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused_unless_it_was_named(inside: str) -> None:
    assert not all_allowed([inside], ())
    assert not all_allowed(["93.184.215.14", inside], ())
    assert not all_allowed([inside], read_networks("192.0.2.0/24"))


def test_public_addresses_and_named_networks_may_be_fetched_from() -> None:
    assert all_allowed(["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"], ())
    named = read_networks("192.168.1.0/24, fd00::/8")
    assert all_allowed(["192.168.1.20", "fd00::7"], named)
    assert not all_allowed(["192.168.2.20"], named)
    assert not all_allowed([], named)


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="host bits"):
        read_networks("192.168.1.7/24")
