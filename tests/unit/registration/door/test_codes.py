"""Ticket codes: how they are written and read, and what a list that was stolen tells."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from services.registration.door import codes
from services.registration.door.tickets import Tickets
from services.registration.people.domain import Person, walk_in
from services.registration.people.draft import ImageChoice
from shared.auth.keys import Secrets
from shared.auth.sealing import unseal

SALT = b"of this event"


def confirmed_person(name: str) -> Person:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return walk_in(f"id of {name}", "a", name, "fr", ImageChoice("refused", "v1", "0" * 64, at, "door"))[0]


def secrets(key: bytes = b"k" * 32) -> Secrets:
    return Secrets(stream_secret=b"s" * 32, link_key=key)


@given(st.binary(min_size=10, max_size=20))
def test_a_code_is_read_as_it_was_written_however_it_is_typed(value: bytes) -> None:
    code = codes.written(value)
    assert len(code) == 19
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.plain(f" {typed} ") == code.replace("-", "")
    assert codes.index_of(typed, SALT) == codes.index_of(code, SALT)
    assert codes.key_of(typed, SALT) == codes.key_of(code, SALT)


@pytest.mark.parametrize("typed", ["", "7K2M-9QXD", "7K2M-9QXD-1HCA-V0ZU", "https://tablee.example/l/lnk_x", "7K2M9QXD1HCAV0ZTT"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.plain(typed) == ""


def test_index_and_key_are_hkdf_as_browsers_have_it() -> None:
    code = "7K2M-9QXD-1HCA-V0ZT"
    for info, found, length in (
        (b"tablee ticket index", bytes.fromhex(codes.index_of(code, SALT)), codes.INDEX_BYTES),
        (b"tablee ticket key", codes.key_of(code, SALT), codes.KEY_BYTES),
    ):
        assert HKDF(SHA256(), length, SALT, info).derive(b"7K2M9QXD1HCAV0ZT") == found


def test_a_code_is_the_same_at_every_start_and_another_for_everybody_event_and_installation() -> None:
    tickets = Tickets(secrets(), "a")
    assert tickets.code_of("p") == Tickets(secrets(), "a").code_of("p")
    others = {Tickets(secrets(), "b").code_of("p"), Tickets(secrets(b"o" * 32), "a").code_of("p"), tickets.code_of("q")}
    assert len({tickets.code_of("p"), *others}) == 4
    assert tickets.code_of("p") not in secrets().link("ticket:a:p"), "and no link"


def test_a_line_of_the_list_opens_by_its_own_ticket_alone() -> None:
    tickets = Tickets(secrets(), "a")
    ada, bob = confirmed_person("Ada Lovelace"), confirmed_person("Bob")
    index, sealed = tickets.line(ada, ["2026-11-23"])
    assert index == codes.index_of(tickets.code_of(ada.id), tickets.salt)
    assert "Ada" not in sealed
    assert ada.id not in index + sealed
    key, bound = codes.key_of(tickets.code_of(ada.id), tickets.salt), bytes.fromhex(index)
    shown = json.loads(unseal(key, sealed, bound_to=bound))
    assert (shown["name"], shown["days"], shown["image_rights"]) == ("Ada Lovelace", ["2026-11-23"], "refused")
    with pytest.raises(InvalidTag):
        unseal(codes.key_of(tickets.code_of(bob.id), tickets.salt), sealed, bound_to=bound)
    with pytest.raises(InvalidTag):
        unseal(key, sealed, bound_to=bytes(16))


def test_a_line_is_sealed_anew_only_when_it_says_something_else() -> None:
    tickets, ada = Tickets(secrets(), "a"), confirmed_person("Ada")
    first = tickets.line(ada, [])
    assert tickets.line(ada, []) == first
    assert tickets.line(ada, ["2026-11-23"])[1] != first[1]
