"""A poll on the page of its session, as text with its results; and the page that answers it, by oneself or for a hall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.qa.lite.html import Html, Inside, tag, together
from services.qa.lite.page import address, alert, back, button, document, field, form, hidden, link, spoken
from services.qa.lite.words import Words, choices_of
from services.qa.polls.answers import COUNTABLE, MOST_WORD_CHARACTERS
from services.qa.polls.life import POLL_LIVE

Json = dict[str, Any]


def takes_answers(poll: Json) -> bool:
    return poll["status"] in POLL_LIVE


def polled(words: Words, state: Json, poll: Json) -> Html:
    id, own = state["session"]["id"], (state["my_answers"] or {}).get(poll["id"])
    live = takes_answers(poll) and not state["session"]["removed"]
    way = (
        tag("p", tag("strong", link(address(id, f"/poll/{poll['id']}"), words.t("poll.change" if own else "poll.send")))) if live else None
    )
    over = None if takes_answers(poll) else tag("p", words.t("poll.over"))
    tally = state["tallies"].get(poll["id"])
    return tag(
        "section",
        tag("h2", words.t("poll.title")),
        spoken("p", poll["question"], poll["language"]),
        over,
        _mine(words, poll, own),
        way,
        _results(words, poll, tally, own is not None),
    )


def _mine(words: Words, poll: Json, own: Json | None) -> Inside:
    if own is None:
        return None
    if own["hall"] is not None:
        return tag("p", words.t("poll.hall.kept"))
    texts = dict(choices_of(poll))
    return tag("p", words.t("poll.mine", answer=", ".join(Words.set(texts.get(key, key), poll["language"]) for key in own["choice"])))


def _results(words: Words, poll: Json, tally: Json | None, answered: bool) -> Html:
    """What came of it where that is shown, and how many answered; what one answered oneself may not be counted yet."""
    people = sum(tally["answers"].values()) if tally else 0
    counts = tally["counts"] if tally else None
    bars = None
    if counts is not None and people:
        texts = dict(choices_of(poll))
        totals = {key: sum(by_door.values()) for key, by_door in counts.items()}
        first = poll["kind"] in ("ranking", "words")
        keys = sorted(totals, key=lambda key: (-totals[key], key)) if first else list(totals)
        bars = tag("ul", *(_bar(words, poll, texts.get(key, key), key, totals[key], people) for key in keys))
    hidden_yet = tag("p", words.t("poll.hidden")) if counts is None and people else None
    number = tag("p", tag("small", words.tn("poll.answered", people))) if people or not answered else None
    return together(bars, hidden_yet, number)


def _bar(words: Words, poll: Json, text: str, key: str, total: int, people: int) -> Html:
    number = (
        words.tn("poll.points", total) if poll["kind"] == "ranking" else words.t("poll.share", n=total, percent=round(100 * total / people))
    )
    right = f" · {words.t('poll.right')}" if poll["right"] == key else ""
    return tag("li", spoken("span", text, poll["language"]), f"{words.end_of_scale(poll, key)}{words.t('page.colon')}{number}{right}")


def poll_page(
    words: Words, state: Json, poll: Json, *, people: int = 0, refused: str = "", given: Mapping[str, Sequence[str]] | None = None
) -> str:
    """`people`: in the hall of its host. `given`: the fields as they were sent, which a refusal leaves as they are."""
    id = state["session"]["id"]
    where = address(id, f"/poll/{poll['id']}")
    own = (state["my_answers"] or {}).get(poll["id"])
    filled = given if given is not None else _as_answered(poll, own)
    choosing = form(where, _controls(words, poll, filled), tag("p", button("send", words.t("poll.change" if own else "poll.send"))))
    hall = _hall(words, poll, where, people, filled) if people and poll["kind"] in COUNTABLE else None
    main = together(
        tag("p", words.t("poll.title")), spoken("h1", poll["question"], poll["language"]), alert(refused) if refused else None,
        choosing if takes_answers(poll) else tag("p", words.t("poll.over")), hall if takes_answers(poll) else None, back(words, id),
    )  # fmt: skip
    return document(words, title=words.t("poll.title"), here="" if refused else where, main=main)


def _as_answered(poll: Json, own: Json | None) -> Mapping[str, Sequence[str]]:
    """One's own answer as the fields of the form."""
    if own is None:
        return {}
    if own["hall"] is not None:
        return {"people": [str(own["people"])], **{f"hands.{key}": [str(number)] for key, number in own["hall"].items()}}
    if poll["kind"] == "ranking":
        return {f"place.{key}": [str(place)] for place, key in enumerate(own["choice"], 1)}
    return {f"word{n}": [word] for n, word in enumerate(own["choice"], 1)} if poll["kind"] == "words" else {"choice": own["choice"]}


def _controls(words: Words, poll: Json, filled: Mapping[str, Sequence[str]]) -> Html:
    if poll["kind"] == "words":
        return together(tag("p", words.how(poll)), *(_word(words, poll, n, filled) for n in range(1, poll["most"] + 1)))
    choices = choices_of(poll)
    if poll["kind"] == "ranking":
        return tag(
            "fieldset", tag("legend", words.how(poll)), *(_place(words, poll, key, text, len(choices), filled) for key, text in choices)
        )
    many = poll["kind"] == "several"
    chosen = filled.get("choice", ())
    lines = [
        tag(
            "p", tag(
                "label", tag("input", type="checkbox" if many else "radio", name="choice", value=key, checked=key in chosen), " ",
                spoken("span", text, poll["language"]), words.end_of_scale(poll, key),
            )
        )
        for key, text in choices
    ]  # fmt: skip
    return tag("fieldset", tag("legend", words.how(poll)), *lines)


def _word(words: Words, poll: Json, n: int, filled: Mapping[str, Sequence[str]]) -> Html:
    label = words.t("poll.word") if poll["most"] == 1 else words.t("poll.word.n", n=n)
    value = next(iter(filled.get(f"word{n}", ())), "")
    return field(
        f"w{n}", label, tag("input", id=f"w{n}", name=f"word{n}", value=value, maxlength=str(MOST_WORD_CHARACTERS), autocomplete="off")
    )


def _place(words: Words, poll: Json, key: str, text: str, most: int, filled: Mapping[str, Sequence[str]]) -> Html:
    given = next(iter(filled.get(f"place.{key}", ())), "")
    places = [tag("option", "–", value="")] + [tag("option", str(n), value=str(n), selected=given == str(n)) for n in range(1, most + 1)]
    return tag("p", tag("label", tag("select", *places, name=f"place.{key}"), " ", spoken("span", text, poll["language"])))


def _hall(words: Words, poll: Json, where: str, people: int, filled: Mapping[str, Sequence[str]]) -> Html:
    def number(name: str, id: str, most: int, usual: str) -> Html:
        value = next(iter(filled.get(name, ())), usual)
        return tag("input", type="number", id=id, name=name, value=value, min="0", max=str(most), inputmode="numeric")

    rows = [
        field(f"h{n}", Words.set(text, poll["language"]) + words.end_of_scale(poll, key), number(f"hands.{key}", f"h{n}", people, "0"))
        for n, (key, text) in enumerate(choices_of(poll))
    ]
    there = field("people", words.t("poll.hall.people"), number("people", "people", people, str(people)))
    return tag(
        "section", tag("h2", words.t("poll.hall")), tag("p", words.t("poll.hall.help")),
        form(where, hidden("hall", "1"), there, *rows, tag("p", button("send", words.t("poll.hall.send")))),
    )  # fmt: skip
