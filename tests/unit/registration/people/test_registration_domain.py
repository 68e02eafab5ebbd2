"""The rules about people, links and sessions, at any instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.pages import posting
from services.registration.people import access, credentials, domain
from services.registration.people.credentials import Credential, LinkState
from services.registration.people.domain import IMAGE_CHOICES, Person, State
from services.registration.people.draft import Draft, ImageChoice
from services.registration.people.form import Form, check_form
from shared.auth.capabilities import DUTIES, Attendance
from shared.auth.keys import Secrets
from shared.errors import Conflict, Denied, Invalid
from shared.events.access import AccessRevoked
from shared.events.person import PersonConfirmed, PersonErased, PersonRegistered
from shared.events.ticket import TicketIssued
from shared.events.vocabulary import DOORS

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
LANGUAGES = ("fr", "en")
SECRETS = Secrets(stream_secret=b"s", link_key=b"k" * 32)


def image(choice: str = "refused", at: datetime = NOW) -> ImageChoice:
    return ImageChoice(choice=choice, text_version="1", text_sha256="0" * 64, at=at, channel="form")


def draft(id: str = "d1", name: str = "Ada", door: Attendance = "remote") -> Draft:
    return Draft(id=id, name=name, door=door, language="fr", image=image())


def pending() -> Person:
    return domain.register("p1", "assises-2021", "ada@example.org", draft())[0]


def credential(**changes: object) -> Credential:
    given = Credential(
        hash="h",
        purpose="mail",
        person="p1",
        event="assises-2021",
        sessions=("*",),
        not_before=NOW,
        expires_at=NOW + timedelta(days=90),
        draft="d1",
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def test_registering_makes_a_pending_person_and_asks_for_a_mail() -> None:
    person, events = domain.register("p1", "assises-2021", "ada@example.org", draft())
    assert (person.state, person.image_rights) == (State.PENDING, ())
    assert events == [PersonRegistered("assises-2021", "p1", "remote", "fr")]


def test_entering_confirms_what_that_mail_said_once() -> None:
    person, _ = domain.register_again(pending(), draft("d2", "Bob", "in_room"), NOW)
    confirmed, events = domain.confirm(person, "d2", NOW)
    assert (confirmed.name, confirmed.door, confirmed.duty, confirmed.state) == ("Bob", "in_room", "none", State.CONFIRMED)
    assert (confirmed.drafts, confirmed.image_choice) == ((), "refused")
    assert events == [PersonConfirmed("assises-2021", "p1", "in_room"), TicketIssued("assises-2021", "p1")]
    assert domain.confirm(confirmed, "d1", NOW) == (confirmed, [])


def test_filling_in_the_form_again_leaves_a_confirmed_person_as_they_are() -> None:
    confirmed, _ = domain.confirm(pending(), "d1", NOW)
    again, events = domain.register_again(confirmed, draft("d2", "Mallory", "hub"), NOW)
    assert replace(again, mails=()) == replace(confirmed, mails=())
    assert [type(event) for event in events] == [PersonRegistered]


def test_a_draft_pushed_out_by_newer_ones_takes_its_link_with_it() -> None:
    person = pending()
    for number in range(domain.MOST_DRAFTS):
        person, _ = domain.register_again(person, draft(f"n{number}"), NOW)
    assert len(person.drafts) == domain.MOST_DRAFTS
    assert credentials.link_state(credential(), person, NOW) is LinkState.REVOKED
    assert credentials.link_state(credential(draft="n0"), person, NOW) is LinkState.OK


@given(st.lists(st.integers(0, 7200), max_size=40))
def test_no_address_gets_more_mails_an_hour_than_it_may(seconds: list[int]) -> None:
    person, sent = pending(), [NOW]
    for at in sorted(NOW + timedelta(seconds=one) for one in seconds):
        person, events = domain.request_link(person, at)
        sent += [at] * len(events)
    assert len(person.mails) <= domain.MOST_MAILS
    for at in sent:
        assert sum(at - domain.MAIL_WINDOW < other <= at for other in sent) <= domain.MOST_MAILS


def test_a_revoked_person_gets_no_link_and_is_revoked_once_but_learns_of_it_by_mail() -> None:
    gone, events = domain.revoke(pending(), "asked", NOW)
    assert events == [AccessRevoked("assises-2021", "p1", "2021-06-03T08:00:00.000Z", "asked")]
    assert domain.revoke(gone, "again", NOW + timedelta(1)) == (gone, [])
    told, events = domain.register_again(gone, draft("d2"), NOW)
    assert (replace(told, mails=()), [type(event) for event in events]) == (replace(gone, mails=()), [PersonRegistered])
    assert credentials.link_state(credential(), gone, NOW) is LinkState.WITHDRAWN
    assert domain.confirm(gone, "d1", NOW) == (gone, [])


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (NOW - timedelta(milliseconds=1), LinkState.EARLY),
        (NOW, LinkState.OK),
        (NOW + timedelta(days=90) - timedelta(milliseconds=1), LinkState.OK),
        (NOW + timedelta(days=90), LinkState.EXPIRED),
    ],
)
def test_a_link_counts_from_its_first_instant_until_before_its_last(at: datetime, state: LinkState) -> None:
    assert credentials.link_state(credential(), pending(), at) is state


def test_a_link_of_nobody_is_unknown_and_a_revoked_one_says_so() -> None:
    assert credentials.link_state(None, None, NOW) is LinkState.UNKNOWN
    assert credentials.link_state(credential(), None, NOW) is LinkState.UNKNOWN
    assert credentials.link_state(credential(revoked_at=NOW), pending(), NOW) is LinkState.REVOKED


def test_a_session_never_outlives_its_link() -> None:
    late = credential(expires_at=NOW + timedelta(hours=2))
    assert credentials.open_session("s", late, NOW).expires_at == NOW + timedelta(hours=2)
    assert credentials.open_session("s", credential(), NOW).expires_at == NOW + credentials.SESSION_LIFETIME


def test_a_link_lives_until_the_replays_end_whatever_the_date_of_the_event() -> None:
    assert credentials.link_expiry(None, NOW) == NOW + credentials.LINK_LIFETIME
    assert credentials.link_expiry(NOW - timedelta(days=900), NOW) == NOW + credentials.LINK_LIFETIME
    assert credentials.link_expiry(NOW + timedelta(days=30), NOW) == NOW + timedelta(days=30) + credentials.LINK_LIFETIME


def test_changing_ones_mind_on_images_is_logged_each_time_and_the_log_is_bounded() -> None:
    person, _ = domain.confirm(pending(), "d1", NOW)
    for number in range(2 * domain.MOST_CHOICES):
        choice = ("granted", "refused")[number % 2]
        person = domain.change_place(
            person, door=None, language=None, image=image(choice, NOW + timedelta(minutes=number)), languages=LANGUAGES
        )
        assert person.image_choice == choice
    assert len(person.image_rights) == domain.MOST_CHOICES
    assert person.image_rights[0] == image()
    unchanged = domain.change_place(person, door=None, language=None, image=image("refused", NOW + timedelta(days=1)), languages=LANGUAGES)
    assert unchanged == person, "saying the same again is no new choice"


def test_only_who_registered_changes_their_place_and_nobody_becomes_staff() -> None:
    person, _ = domain.confirm(pending(), "d1", NOW)
    assert domain.change_place(person, door="in_room", language=None, image=None, languages=LANGUAGES).door == "in_room"
    with pytest.raises(Invalid):
        domain.change_place(person, door="staff", language=None, image=None, languages=LANGUAGES)
    for kind in ("duty", "rehearsal"):
        shared_by_many = replace(person, kind=kind)
        for change in ({"door": "remote"}, {"language": "en"}, {"image": image("granted")}):
            with pytest.raises(Denied):
                domain.change_place(shared_by_many, **{"door": None, "language": None, "image": None, "languages": LANGUAGES, **change})  # type: ignore[arg-type]


def test_a_hub_counts_as_one_only_after_an_operator_confirmed_it_and_until_it_changes_its_door() -> None:
    host, _ = domain.confirm(domain.register("p1", "assises-2021", "a@example.org", draft(door="hub"))[0], "d1", NOW)
    assert (host.door, host.attendance) == ("hub", "remote")
    confirmed = domain.confirm_hub(host)
    assert confirmed.attendance == "hub"
    gone = domain.change_place(confirmed, door="in_room", language=None, image=None, languages=LANGUAGES)
    assert domain.change_place(gone, door="hub", language=None, image=None, languages=LANGUAGES).attendance == "remote"
    for other in (gone, pending(), domain.revoke(host, "x", NOW)[0], replace(host, kind="rehearsal")):
        with pytest.raises(Conflict):
            domain.confirm_hub(other)


def test_addresses_and_names_are_folded_as_people_mean_them() -> None:
    found = check_form(
        Form("  Ade\u0301lai\u0308de \u200b  d\u2019Agrain\ufeff ", "  Ada@Example.ORG ", "remote", "fr", "refused"), ("fr", "en")
    )
    assert (found.email, found.name) == ("ada@example.org", "Ad\u00e9la\u00efde d\u2019Agrain")


def test_a_domain_in_any_script_is_one_address_however_it_is_written() -> None:
    spellings = ("ada@M\u00dcLLER.de", "ada@m\u00fcller.de", "ADA@xn--mller-kva.de")
    assert {check_form(Form("Ada", one, "remote", "fr", "refused"), LANGUAGES).email for one in spellings} == {"ada@xn--mller-kva.de"}


@pytest.mark.parametrize("email", ["a@b.fr", "ada.l+tag@sub.example.museum", "o'neil@example.ie", "a" * 64 + "@example.org"])
@pytest.mark.parametrize("name", ["Ada", "Jean-Noël d’AGRAIN", "李小龙", "محمد", "क\u094d\u200dष", "A" * 120])
def test_real_names_and_addresses_are_taken(name: str, email: str) -> None:
    check_form(Form(name, email, "hub", "en", "granted"), LANGUAGES)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_taken_or_named_never_a_crash(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_form(Form(text, text, text, text, text), LANGUAGES)
    right = {"door"} if text in DOORS else {"language"} if text in LANGUAGES else {"image_rights"} if text in IMAGE_CHOICES else set()
    assert {field.path for field in refused.value.fields} >= {"email", "door", "language", "image_rights"} - right


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        check_form(Form("", "", "", "", ""), LANGUAGES)
    assert [field.path for field in refused.value.fields] == ["name", "email", "door", "language", "image_rights"]


def test_every_duty_has_a_page_it_may_open() -> None:
    for duty in DUTIES:
        access.require_page(access.home_of(replace(pending(), duty=duty)), replace(pending(), duty=duty))
    for duty in set(DUTIES) - {"operator"}:
        with pytest.raises(Denied):
            access.require_page("/control", replace(pending(), duty=duty))


def test_the_page_of_a_hub_is_for_whoever_comes_as_its_host() -> None:
    host = replace(pending(), door="hub")
    access.require_page(access.HUB, host)
    assert access.HUB in access.pages_of(host)
    assert access.home_of(host, to="/hub?session=table-ronde-1") == "/hub?session=table-ronde-1"
    for other in (replace(pending(), door="remote"), replace(pending(), door="in_room")):
        with pytest.raises(Denied) as refused:
            access.require_page(access.HUB, other)
        assert refused.value.code == "registration.not_a_host"
        assert access.HUB not in access.pages_of(other)
        assert access.home_of(other, to="/hub") != access.HUB
    with pytest.raises(Denied):
        access.require_page(access.HUB, replace(host, duty="operator"))


def test_links_differ_by_event_role_person_and_mail_and_repeat() -> None:
    purposes = [access.duty_purpose(name, generation) for name in access.DUTY_LINKS for generation in (0, 1)]
    tokens = [access.token(SECRETS, event, purpose) for event in ("a", "b") for purpose in purposes]
    tokens += [access.mail_token(SECRETS, person, mail) for person in ("p", "q") for mail in ("1", "2")]
    assert len(set(tokens)) == len(tokens)
    assert access.mail_token(SECRETS, "p", "1") == access.mail_token(SECRETS, "p", "1")
    assert all(len(token) >= 26 for token in tokens)


def test_a_stamp_tells_its_age_and_cannot_be_made_by_others() -> None:
    stamp = posting.stamp(SECRETS, NOW)
    assert posting.age_of(SECRETS, stamp, NOW + timedelta(seconds=3)) == 3
    assert posting.age_of(SECRETS, stamp, NOW - timedelta(seconds=1)) is None
    assert posting.age_of(SECRETS, stamp, NOW + timedelta(days=2)) is None
    later = str(int(NOW.timestamp() * 1000) + 1) + stamp[stamp.index(".") :]
    assert posting.age_of(SECRETS, later, NOW + timedelta(seconds=3)) is None


def test_withdrawing_erases_name_and_address_once_and_tells_the_others() -> None:
    person, _ = domain.confirm(pending(), "d1", NOW)
    gone, events = domain.erase(person, NOW)
    assert (gone.email, gone.name, gone.image_rights, gone.mails, gone.state) == (None, "", (), (), State.REVOKED)
    assert [type(event) for event in events] == [AccessRevoked, PersonErased]
    assert domain.erase(gone, NOW + timedelta(1)) == (gone, [])
    assert "ada" not in repr(gone).lower()
    with pytest.raises(Denied):
        domain.erase(replace(person, kind="duty"), NOW)
