"""What browsers are asked to keep."""

from __future__ import annotations

from aiohttp import web

from services.registration.people.cookies import Cookies
from shared.config import Settings


def test_over_https_the_session_is_bound_to_the_host_and_never_sent_in_clear() -> None:
    cookies, response = Cookies(Settings(public_url="https://assises.example")), web.Response()
    cookies.keep_session(response, "ses_x")
    cookies.keep_media(response, "pass")
    session, media = response.cookies["__Host-tablee_session"], response.cookies["tablee_media"]
    assert (session["secure"], session["httponly"], session["path"], session["domain"]) == (True, True, "/", "")
    assert (media["secure"], media["httponly"], media["path"], media["samesite"]) == (True, True, "/hls", "Lax")


def test_leaving_takes_every_cookie_back() -> None:
    cookies, response = Cookies(Settings(public_url="http://127.0.0.1:8080")), web.Response()
    cookies.forget(response)
    assert {name: cookie["max-age"] for name, cookie in response.cookies.items()} == dict.fromkeys(
        ("tablee_session", "tablee_media", "tablee_lite", "tablee_lite_draft"), "0"
    )
