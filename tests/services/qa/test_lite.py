"""The pages without script, as a browser of text reads them and sends their forms: same rights as the room page, nothing typed is lost."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.qa.feed.aspects.presence import GLIMPSE_SECONDS
from shared.auth import cookies
from shared.clock import to_text
from shared.events.running_order import SlotRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, HALL_PEOPLE, ROUND_TABLE, QaHarness, open_harness, session
from tests.services.qa.polling import OPTIONS, counts, done, opened, settle
from tests.support.bus.kit import eventually
from tests.support.text_browser import Reply, TextBrowser

PAGE = f"/lite/{ROUND_TABLE}"
SIGNS = ["Applaudir", "D’accord", "Rire", "Pas clair"]
SPACES = re.compile("[\u00a0\u202f]")


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database, run=("votes", "counting")) as harness:
        yield harness


def browser(harness: QaHarness, name: str = "anne", role: str = "viewer", *, renews: bool = True, **more: Any) -> TextBrowser:
    """Whoever came in by their link. Registration, which is not here, is played by its one answer: a pass, and back."""

    async def send(method: str, path: str, headers: Mapping[str, str], body: str) -> Reply:
        if urlsplit(path).path == "/lite":
            return renewed(path)
        async with harness.http.request(method, path, data=body.encode() or None, headers=dict(headers), allow_redirects=False) as answer:
            told = tuple(answer.headers.getall("Set-Cookie", []))
            return Reply(answer.status, dict(answer.headers), told, SPACES.sub(" ", await answer.text()))

    def renewed(path: str) -> Reply:
        asked = parse_qs(urlsplit(path).query)
        to = f"/lite/{asked['session'][0]}" + "".join(f"/{each}" for each in asked.get("to", []))
        token = harness.token(name, role, purpose="lite", **more)
        cookie = (f"{cookies.LITE}={token}; Path={cookies.LITE_PATH}",) if renews else ()
        return Reply(303, {"Location": f"{to}?renewed=1"}, cookie, "")

    return TextBrowser(send, harness.settings.origin)


async def published(harness: QaHarness, name: str, text: str) -> Any:
    return await harness.done(await harness.asked(name, text), "publish")


# --- reading ----------------------------------------------------------------------------------------------------------------------------
async def test_the_page_says_what_is_asked_now_and_what_others_ask_with_no_script_and_nothing_to_load(harness: QaHarness) -> None:
    staged = await harness.done(await published(harness, "basile", "Et le bruit ?"), "stage")
    await harness.done(await published(harness, "chloe", "Et l’école ?"), "cue")
    await published(harness, "dora", "<script>alert(1)</script> & alors ?")
    page = await browser(harness).open(PAGE)
    assert page.status == 200
    assert page.went == [f"GET {PAGE}", f"GET /lite?session={ROUND_TABLE}", f"GET {PAGE}?renewed=1"]
    assert [one.text for one in page.page.all("blockquote")] == [staged["text"], "Et l’école ?"]
    assert "<script>alert(1)</script> & alors ?" in page.words
    assert "<script" not in page.reply.text
    assert [one.attributes["href"] for one in page.page.all("link")] == ["/lite.css", "data:,"]
    assert "Et le bruit" not in next(page.page.all("ol")).text
    assert page.reply.headers["Refresh"] == f"60; url={PAGE}"
    assert page.reply.headers["Cache-Control"] == "no-store"
    assert "script-src" not in page.reply.headers["Content-Security-Policy"]


async def test_a_page_speaks_the_language_of_its_reader_and_questions_run_as_they_were_written(harness: QaHarness) -> None:
    await harness.publish(2, session(title="الألياف", language="ar"))
    await published(harness, "basile", "متى تصل الألياف؟")
    page = await browser(harness).open(f"{PAGE}?lang=en")
    assert (page.page.all("html").__next__().attributes["lang"], page.page.all("html").__next__().attributes["dir"]) == ("en", "ltr")
    title = next(page.page.all("h1"))
    assert (title.text, title.attributes["dir"], title.attributes["lang"]) == ("الألياف", "rtl", "ar")
    assert next(p for p in page.page.all("p") if p.text.startswith("متى")).attributes["dir"] == "auto"
    await page.open(PAGE)
    assert page.page.all("html").__next__().attributes["lang"] == "en", "it is kept"
    await page.follow("Français")
    assert page.page.all("html").__next__().attributes["lang"] == "fr"


async def test_the_page_stops_coming_again_for_who_asks_for_it(harness: QaHarness) -> None:
    page = await browser(harness).open(PAGE)
    await page.follow("Ne plus renouveler")
    assert "Refresh" not in page.reply.headers
    await page.open(PAGE)
    assert "Refresh" not in page.reply.headers
    await page.follow("Renouveler chaque minute")
    assert "Refresh" in page.reply.headers
    await page.open(f"{PAGE}/ask")
    assert "Refresh" not in page.reply.headers, "something is typed there"


async def test_many_questions_come_eight_by_eight_the_most_wanted_first(harness: QaHarness) -> None:
    for number in range(10):
        harness.clock.move(31)
        await published(harness, f"asker-{number}", f"Question {number} ?")
    page = await browser(harness).open(PAGE)
    assert len(list(page.page.all("li"))) == 8
    await page.press("Soutenir", "Question 7 ?")
    assert next(page.page.all("li")).text.startswith("Question 7 ?")
    await page.follow("2 autres questions")
    assert [li.text.split(" ?")[0] for li in page.page.all("li")] == ["Question 8", "Question 9"]
    assert page.reply.headers["Refresh"] == f"60; url={PAGE}?from=8", "it stays where its reader is"
    await page.follow("Questions précédentes")
    assert len(list(page.page.all("li"))) == 8


# --- asking -----------------------------------------------------------------------------------------------------------------------------
async def test_a_question_is_asked_followed_changed_and_withdrawn(harness: QaHarness) -> None:
    page = await browser(harness).open(PAGE)
    await page.follow("Poser une question")
    await page.press("Envoyer", text="Quand la fibre\r\narrive-t-elle ?")
    assert page.status == 200
    assert page.said("status") == "Votre question est bien arrivée. Vous lisez plus bas où elle en est."
    assert "la modération va la lire" in page.words
    await page.follow("Suivre, changer ou retirer")
    assert page.typed() == "Quand la fibre arrive-t-elle ?"
    await page.press("Enregistrer", text="Quand la fibre arrive-t-elle à Die ?")
    assert page.said("status") == "Votre question est changée."
    item = next(
        iter((await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator"))[1]["items"].values())
    )
    assert (item["text"], item["author"], item["door"]) == ("Quand la fibre arrive-t-elle à Die ?", "anne", "remote")
    await harness.done(item, "publish")
    await page.open(PAGE)
    assert "Votre question est publiée" in page.words
    assert page.buttons() == ["Lever la main", *SIGNS], "nobody votes for their own"
    await page.follow("Suivre, changer ou retirer")
    await page.press("Retirer ma question")
    assert page.said("status") == "Votre question est retirée."
    await page.follow("Suivre, changer ou retirer")
    await page.follow("L’effacer")
    await page.press("Effacer pour de bon")
    assert page.said("status") == "Votre question est effacée."


async def test_a_question_without_a_name_has_none(harness: QaHarness) -> None:
    page = await (await browser(harness).open(f"{PAGE}/ask")).press("Envoyer", text="Et moi ?", anonymous="1")
    assert page.status == 200
    state = (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator"))[1]
    assert [item["author"] for item in state["items"].values()] == [""]


async def test_a_form_that_is_sent_twice_asks_once_and_with_other_words_another_time(harness: QaHarness) -> None:
    page = await browser(harness).open(f"{PAGE}/ask")
    body = {"id": page.typed("id"), "text": "Une fois ?"}
    for _ in range(3):
        await page.again(body, f"{PAGE}/ask")
        assert page.said("status")
    harness.clock.move(31)
    await page.again({**body, "text": "Une autre fois ?"}, f"{PAGE}/ask")
    state = (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator"))[1]
    assert sorted(item["text"] for item in state["items"].values()) == ["Une autre fois ?", "Une fois ?"]


@pytest.mark.parametrize(
    ("text", "why"),
    [("Trop tôt ?", "Une question à la fois"), ("x" * 501, "500"), ("\x07", "caractère"), (" ", "Écrivez")],
)
async def test_whatever_is_refused_is_said_and_what_was_typed_stays(harness: QaHarness, text: str, why: str) -> None:
    if text == "Trop tôt ?":
        await harness.asked("anne")
    page = await browser(harness).open(f"{PAGE}/ask")
    form = page.typed("id")
    await page.press("Envoyer", text=text, anonymous="1")
    assert page.status in (422, 429)
    assert why in page.said("alert")
    assert "Refresh" not in page.reply.headers
    assert page.typed("id") == form
    assert page.typed() == text.strip()
    assert any("checked" in box.attributes for box in page.page.all("input"))


async def test_who_asks_too_often_keeps_the_text_too(harness: QaHarness) -> None:
    page = await browser(harness).open(f"{PAGE}/ask")
    body = {"id": page.typed("id"), "text": "Encore ?"}
    for _ in range(25):
        await page.again(body, f"{PAGE}/ask")
    assert page.status == 429
    assert page.typed() == "Encore ?"
    assert int(page.reply.headers["Retry-After"]) > 0


async def test_a_text_that_was_typed_while_the_pass_ended_is_there_when_it_is_renewed(harness: QaHarness) -> None:
    page = await browser(harness).open(f"{PAGE}/ask")
    harness.clock.move(900)
    await page.press("Envoyer", text="Longuement réfléchi ?\nVraiment.", anonymous="1")
    assert page.went[1:] == [f"GET /lite?session={ROUND_TABLE}&to=ask", f"GET {PAGE}/ask?renewed=1"]
    assert "pas encore envoyé" in page.said("status")
    assert page.typed() == "Longuement réfléchi ? Vraiment."
    await page.press("Envoyer")
    assert "bien arrivée" in page.said("status")
    state = (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator"))[1]
    assert [item["author"] for item in state["items"].values()] == [""]
    await page.open(f"{PAGE}/ask")
    assert page.typed() == ""


async def test_the_longest_question_in_any_writing_outlives_its_pass(harness: QaHarness) -> None:
    page = await browser(harness).open(f"{PAGE}/ask")
    harness.clock.move(900)
    text = "🙋" * 500
    assert (await page.press("Envoyer", text=text)).typed() == text
    harness.clock.move(900)
    await page.press("Envoyer", text="長" * 3000)
    assert page.status == 422
    assert next(page.page.all("textarea")).text == "長" * 3000


async def test_a_button_that_was_pressed_after_the_end_of_a_pass_says_that_it_did_nothing(harness: QaHarness) -> None:
    item = await published(harness, "basile", "Et le bruit ?")
    page = await browser(harness).open(PAGE)
    harness.clock.move(900)
    await page.press("Soutenir")
    assert "Appuyez de nouveau" in page.said("status")
    assert (await page.open(PAGE)).said("status") == ""
    await page.press("Soutenir")
    assert (await harness.vote(item, "zoe"))[1]["votes"] == 2


async def test_a_page_renews_its_pass_before_it_ends(harness: QaHarness) -> None:
    page = await browser(harness).open(PAGE)
    assert len((await page.open(PAGE)).went) == 1
    harness.clock.move(460)
    assert len((await page.open(PAGE)).went) == 3
    harness.clock.move(130)
    assert len((await page.open(f"{PAGE}/ask")).went) == 3, "there is time to type"


async def test_a_browser_without_cookies_is_told_so_and_not_led_in_circles(harness: QaHarness) -> None:
    page = await browser(harness, renews=False).open(PAGE)
    assert page.status == 401
    assert "cookies" in page.said("alert")


# --- votes, hands, polls ------------------------------------------------------------------------------------------------------------------
async def test_a_vote_is_given_and_taken_back(harness: QaHarness) -> None:
    await published(harness, "basile", "Et le bruit ?")
    await published(harness, "chloe", "Et l’école ?")
    page = await browser(harness).open(PAGE)
    await page.press("Soutenir", "Et l’école ?")
    assert page.said("status") == "Votre soutien est compté."
    assert "1 soutien" in next(li for li in page.page.all("li") if "école" in li.text).text
    await page.press("Ne plus soutenir", "Et l’école ?")
    assert page.said("status") == "Votre soutien est retiré."
    assert page.buttons()[:2] == ["Soutenir", "Soutenir"]


async def test_a_vote_on_a_question_that_left_is_refused_in_words(harness: QaHarness) -> None:
    item = await published(harness, "basile", "Et le bruit ?")
    page = await browser(harness).open(PAGE)
    await harness.done(item, "hide")
    await page.press("Soutenir")
    assert page.status == 409
    assert page.said("alert")
    assert "Refresh" not in page.reply.headers, "it can be read"


async def test_nothing_is_said_to_be_done_that_is_not(harness: QaHarness) -> None:
    item = await published(harness, "basile", "Et le bruit ?")
    page = await browser(harness).open(PAGE)
    for done_ in ("voted", "asked", "up", "withdraw", "answered", "nonsense"):
        assert (await page.open(f"{PAGE}?done={done_}&of={item['id']}")).said("status") == ""


async def test_a_hand_is_raised_and_lowered(harness: QaHarness) -> None:
    page = await browser(harness).open(PAGE)
    await page.press("Lever la main", anonymous="1")
    assert page.said("status") == "Vous êtes la première personne de la file."
    state = (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator"))[1]
    assert [hand["name"] for hand in state["line"].values()] == [""]
    await page.press("Baisser ma main")
    assert page.said("status") == "Votre main est baissée."


@pytest.mark.parametrize(
    ("more", "filled", "shown"),
    [
        ({}, {"choice": OPTIONS[1]}, OPTIONS[1]),
        ({"kind": "several", "least": 1, "most": 2}, {"choice": OPTIONS[2]}, OPTIONS[2]),
        ({"kind": "scale", "options": [], "least": 1, "most": 5, "low_label": "peu", "high_label": "beaucoup"}, {"choice": "4"}, "4"),
        ({"kind": "words", "options": [], "most": 2}, {"word1": "Réseau", "word2": "école"}, "réseau, école"),
        ({"kind": "ranking"}, {OPTIONS[0]: "3", OPTIONS[1]: "1", OPTIONS[2]: "2"}, ", ".join((OPTIONS[1], OPTIONS[2], OPTIONS[0]))),
    ],
)
async def test_a_poll_of_each_kind_is_answered_and_answered_otherwise(
    harness: QaHarness, more: dict[str, Any], filled: dict[str, str], shown: str
) -> None:
    poll = await opened(harness, **more)
    ids = {option["text"]: option["id"] for option in poll["options"]}
    prefix = "place." if more.get("kind") == "ranking" else ""
    given = {prefix + ids.get(name, name): ids.get(value, value) for name, value in filled.items()}
    page = await browser(harness).open(PAGE)
    await page.follow("Répondre")
    await page.press("Répondre", **given)
    assert page.status == 200, page.words
    assert page.said("status") == "Votre réponse est enregistrée. Vous pouvez la changer jusqu’à la fermeture."
    assert f"Votre réponse : {shown}" in page.words
    await page.follow("Changer ma réponse")
    await page.press("Changer ma réponse")
    assert f"Votre réponse : {shown}" in page.words, "as it was"
    assert (await counts(harness, poll))["answers"]["remote"] == 1


async def test_an_answer_that_does_not_fit_is_refused_with_what_was_chosen(harness: QaHarness) -> None:
    poll = await opened(harness, kind="ranking")
    first, second, _ = (option["id"] for option in poll["options"])
    page = await browser(harness).open(f"{PAGE}/poll/{poll['id']}")
    await page.press("Répondre", **{f"place.{first}": "1", f"place.{second}": "1"})
    assert (page.status, bool(page.said("alert"))) == (422, True)
    assert [one.attributes["value"] for one in page.page.all("option") if "selected" in one.attributes] == ["1", "1"]


async def test_the_results_of_a_poll_are_read_when_they_are_shown(harness: QaHarness) -> None:
    poll = await opened(harness)
    page = await browser(harness).open(f"{PAGE}/poll/{poll['id']}")
    await page.press("Répondre", choice=poll["options"][0]["id"])
    assert "100" not in page.words
    await done(harness, poll, "close")
    await settle(harness)
    (state,) = (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator"))[1]["polls"].values()
    await done(harness, state, "show")

    async def counted() -> bool:
        return f"{OPTIONS[0]} : 1 · 100 %" in (await page.open(PAGE)).words

    assert await eventually(counted)
    assert "Le sondage est fermé." in page.words
    await page.open(f"{PAGE}/poll/{poll['id']}")
    assert page.buttons() == []


# --- being there, reacting --------------------------------------------------------------------------------------------------------------
async def test_who_reads_the_page_is_there_as_long_as_it_comes_again(harness: QaHarness) -> None:
    page = await browser(harness).open(PAGE)
    await browser(harness, "die", "hub").open(PAGE)
    harness.feed.tick()
    await page.open(PAGE)
    assert f"{HALL_PEOPLE + 1} personnes connectées : 1 à distance, {HALL_PEOPLE} en salles relais" in page.words
    harness.clock.move(60)
    await page.open(PAGE)
    harness.clock.move(60)
    harness.feed.tick()
    await page.open(PAGE)
    assert "1 personne connectée : 1 à distance" in page.words
    harness.clock.move(GLIMPSE_SECONDS)
    harness.feed.tick()
    state = (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}", "basile", "viewer"))[1]
    assert state["presence"] == {"in_room": 0, "remote": 0, "hub": 0}


async def test_reactions_are_counted_with_those_of_the_other_pages_and_have_their_limit(harness: QaHarness) -> None:
    page = await browser(harness).open(PAGE)
    assert page.buttons()[-4:] == SIGNS
    await page.press("Applaudir")
    assert page.status == 200
    assert page.said("status") == "« Applaudir » : compté pendant quelques secondes, sans dire de qui."
    sent = {"kind": "applause"}
    assert (await harness.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/reactions", "basile", "room", sent))[0] == 204
    harness.feed.tick()
    await page.open(PAGE)
    assert "À l’instant : Applaudir 2" in page.words
    headers = {"Cookie": f"{cookies.LITE}={page.cookies[cookies.LITE][0]}", "Origin": harness.settings.origin}

    async def reacted(sign: str) -> tuple[int, str]:
        async with harness.http.post(f"{PAGE}/react", data={sign: "1"}, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    assert (await reacted("shout"))[0] == 400
    pressed = await asyncio.gather(*(reacted("agree") for _ in range(40)))
    assert {status for status, _ in pressed} == {303, 429}
    assert all('role="alert"' in text for status, text in pressed if status == 429)


# --- halls, other duties, those who may not ---------------------------------------------------------------------------------------------
async def test_the_host_of_a_hall_counts_hands_and_asks_for_others_while_the_floor_is_paused(harness: QaHarness) -> None:
    await published(harness, "basile", "Et le bruit ?")
    poll = await opened(harness)
    page = await browser(harness, "die", "hub").open(PAGE)
    await page.follow("Compter les mains de la salle")
    await page.press("Compter", hands="41")
    assert (page.status, page.typed("hands")) == (422, "41")
    await page.press("Compter", hands="12")
    assert page.said("status") == "12 mains comptées."
    await page.follow("Répondre")
    first = poll["options"][0]["id"]
    await page.press("Envoyer les comptes", **{f"hands.{first}": "7"})
    assert "Les comptes de votre salle sont enregistrés." in page.words
    assert (await counts(harness, poll))["counts"][first]["hub"] == 7
    floor = {"state": "paused", "expected_version": 1}
    await harness.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/floor", "claire", "moderator", floor)
    assert "Poser une question" not in (await browser(harness).open(PAGE)).words
    await page.open(PAGE)
    await page.follow("Poser une question")
    await page.press("Envoyer", text="Et nous ?", hall="1", name="Odette")
    state = (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator"))[1]
    assert "Odette" in [item["author"] for item in state["items"].values()]


async def test_a_closed_a_removed_and_an_unknown_session_say_what_they_are(harness: QaHarness) -> None:
    page = await browser(harness).open(f"/lite/{CLOSED}")
    assert "Les questions ne sont pas ouvertes pour cette session." in page.words
    assert page.buttons() == SIGNS, "nothing else can be done"
    form = (await browser(harness).open(f"/lite/{CLOSED}/ask")).typed("id")
    await page.again({"id": form, "text": "Quand même ?"}, f"/lite/{CLOSED}/ask")
    assert (page.status, page.typed()) == (409, "Quand même ?")
    await harness.asked("anne")
    await harness.publish(2, session("another"))
    await page.open(PAGE)
    assert "retirée du programme" in page.words
    await page.open("/lite/nowhere")
    assert page.status == 404
    assert page.said("alert")


async def test_a_session_that_is_on_says_until_when_and_the_next_one_is_a_link_away(harness: QaHarness) -> None:
    hour = to_text(harness.clock().replace(hour=9, minute=45, second=0, microsecond=0))
    await harness.publish(2, session(ROUND_TABLE), session("table-ronde-2", title="Les écoles"))
    await harness.order(1, SlotRef(ROUND_TABLE, "on", None, hour), SlotRef("table-ronde-2", "upcoming", hour, None))
    page = await browser(harness).open(PAGE)
    assert re.search(r"en cours, jusqu’à 1[01] h 45", page.words), page.words
    await page.follow("Ensuite : Les écoles")
    assert next(page.page.all("h1")).text == "Les écoles"
    assert "commence :" in page.words


async def test_what_is_left_on_stage_when_the_session_is_over_was_asked_last(harness: QaHarness) -> None:
    await harness.done(await published(harness, "basile", "Et le bruit ?"), "stage")
    assert "Posée en ce moment" in (await browser(harness).open(PAGE)).words
    await harness.order(1, SlotRef(ROUND_TABLE, "over", None, None))
    assert "La dernière question posée" in (await browser(harness).open(PAGE)).words


async def test_passes_for_other_purposes_sessions_and_duties_open_nothing(harness: QaHarness) -> None:
    await published(harness, "basile", "Et le bruit ?")

    async def status(token: str, method: str = "GET", path: str = PAGE) -> int:
        headers = {"Cookie": f"{cookies.LITE}={token}", "Origin": harness.settings.origin}
        async with harness.http.request(method, f"{path}?renewed=1", headers=headers, data={"up": "1"}, allow_redirects=False) as answer:
            assert "Et le bruit" not in await answer.text()
            return answer.status

    assert await status(harness.token("anne")) == 401, "a pass of programs is none of pages"
    assert await status(harness.token("anne", purpose="media")) == 401
    assert await status("forged") == 401
    assert await status(harness.token("screen", "display", purpose="lite")) == 403
    assert await status(harness.token("screen", "display", purpose="lite"), "POST", f"{PAGE}/hand") == 403
    assert await status(harness.token("anne", purpose="lite", sessions=[CLOSED])) == 403
    assert await status(harness.token("anne", purpose="lite", sessions=[CLOSED]), "POST", f"{PAGE}/hand") == 403
    page = browser(harness)
    await page.open(PAGE)
    headers = {"Authorization": f"Bearer {page.cookies[cookies.LITE][0]}"}
    async with harness.http.get(f"/api/qa/sessions/{ROUND_TABLE}", headers=headers) as answer:
        assert answer.status == 401, "the cookie opens these pages alone"


async def test_a_form_of_another_site_changes_nothing_and_leaves_nothing_behind(harness: QaHarness) -> None:
    page = await browser(harness).open(f"{PAGE}/ask")
    body = {"id": str(uuid.uuid4()), "text": "Achetez !"}
    for foreign in (
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://elsewhere.example/x"},
        {"Origin": "null"},
    ):
        for kept in (page.cookies[cookies.LITE][0], "ended"):
            headers = {"Cookie": f"{cookies.LITE}={kept}", "Accept": "text/html", **foreign}
            async with harness.http.post(f"{PAGE}/ask", data=body, headers=headers, allow_redirects=False) as answer:
                assert answer.status == 403
                assert "Set-Cookie" not in answer.headers
    async with harness.http.post(f"{PAGE}/ask", data=body, headers={"Cookie": f"{cookies.LITE}={page.cookies[cookies.LITE][0]}"}) as answer:
        assert answer.status == 403, "nor does one that says nothing of where it comes from"
    state = (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator"))[1]
    assert state["items"] == {}


async def test_whose_access_is_withdrawn_reads_nothing_more(harness: QaHarness) -> None:
    page = await browser(harness).open(PAGE)
    await harness.revoke("anne")
    await page.open(PAGE)
    assert page.status == 401
    assert page.said("alert") == "Cet accès a été retiré par les organisateurs."


async def test_nobody_reads_or_changes_what_is_another_persons(harness: QaHarness) -> None:
    item = await harness.asked("basile", "SECRET-waiting")
    page = await browser(harness).open(PAGE)
    assert "SECRET" not in page.reply.text
    await page.open(f"{PAGE}/mine/{item['id']}")
    assert page.status == 404
    await page.again({"version": "1", "withdraw": "x"}, f"{PAGE}/mine/{item['id']}")
    assert page.status == 403
    assert "SECRET" not in page.reply.text
