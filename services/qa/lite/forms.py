"""The pages on which something is typed. None of them comes again by itself, and each shows what was typed when it was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.qa.life import STATES, STEPS, StepName
from services.qa.lite.html import Html, Inside, tag, together
from services.qa.lite.page import address, alert, asked, back, button, document, field, form, hidden, link, notice
from services.qa.lite.words import Words
from services.qa.texts import MOST_CHARACTERS, MOST_LABEL_CHARACTERS
from shared.events.vocabulary import QuestionStatus

Json = dict[str, Any]
Fields = Mapping[str, Sequence[str]]
"""As a form sent them."""


def first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def ask_page(words: Words, session: str, *, id: str, title: str, people: int, given: Fields, refused: str = "", said: str = "") -> str:
    """`id`: of this form; sent twice, it asks once. `people`: in the hall of its host."""
    text = tag(
        "textarea", first(given, "text"), id="text", name="text", rows="5", cols="40", maxlength=str(MOST_CHARACTERS), required=True,
        aria_describedby="help", dir="auto",
    )  # fmt: skip
    whose = _for_hall(words, given) if people else tag("p", _ticked("anonymous", words.t("ask.anonymous"), given))
    written = form(
        address(session, "/ask"), hidden("id", id), field("text", words.t("lite.ask.text"), text),
        tag("p", tag("small", words.t("ask.help"), " ", words.t("lite.ask.most", most=MOST_CHARACTERS)), id="help"), whose,
        tag("p", button("send", words.t("ask.send"))),
    )  # fmt: skip
    main = together(
        tag("p", title) if title else None, tag("h1", words.t("ask.label")), alert(refused) if refused else None,
        notice(said) if said else None, written, back(words, session),
    )  # fmt: skip
    return document(words, title=words.t("ask.label"), here="" if refused or said else address(session, "/ask"), main=main)


def _ticked(name: str, text: str, given: Fields) -> Html:
    return tag("label", tag("input", type="checkbox", name=name, value="1", checked=bool(first(given, name))), " ", text)


def _for_hall(words: Words, given: Fields) -> Html:
    """The host asks for themselves, or for somebody there."""
    name = tag("input", id="name", name="name", value=first(given, "name"), maxlength=str(MOST_LABEL_CHARACTERS), autocomplete="off")
    return together(
        tag("p", _ticked("anonymous", words.t("ask.anonymous"), given)), tag("p", _ticked("hall", words.t("hall.ask"), given)),
        field("name", words.t("hall.name"), name),
    )  # fmt: skip


def own_page(
    words: Words, session: str, item: Json, story: Sequence[tuple[str, str]], *, given: Fields, refused: str = "", erasing: bool = False
) -> str:
    """One's own question, its whole `story` as (when, what), and what may still be done with it."""
    where = address(session, f"/mine/{item['id']}")
    rephrased = item["original"] != item["text"]
    main = together(
        tag("h1", words.tn("mine.title", 1)), alert(refused) if refused else None,
        tag("blockquote", asked(item["text"], item["language"])), tag("p", words.sentence(item), "."),
        tag("p", words.t("mine.rephrased"), " ", tag("bdi", item["original"])) if rephrased else None,
        tag("p", words.t("mine.note"), " ", tag("bdi", item["note"])) if item["note"] else None,
        tag("p", words.t("mine.answer"), " ", tag("bdi", item["answer"])) if item["answer"] else None, _followed(words, item),
        _erase(words, where, item) if erasing else _steps(words, where, item, given), _story(words, story), back(words, session),
    )  # fmt: skip
    return document(words, title=words.tn("mine.title", 1), here="" if refused else where, main=main)


def _followed(words: Words, item: Json) -> Inside:
    """The question that this one was merged into."""
    other = item["follows"]
    if other is None:
        return None
    answer = tag("p", words.t("mine.answer"), " ", tag("bdi", other["answer"])) if other["answer"] else None
    return together(
        tag("blockquote", asked(other["text"], "")), tag("p", words.first(f"mine.follows.{other['status']}", "mine.follows")), answer
    )


def _steps(words: Words, where: str, item: Json, given: Fields) -> Inside:
    status: QuestionStatus = item["status"]
    found: list[Html] = []
    if status == "erased":
        return None
    changing: tuple[StepName, ...] = ("edit", "amend")
    change = next((step for step in changing if status in STEPS[step].starts), "")
    if change:
        text = tag(
            "textarea", first(given, "text") or item["original"], id="text", name="text", rows="5", cols="40", dir="auto",
            maxlength=str(MOST_CHARACTERS), required=True,
        )  # fmt: skip
        help = words.t("mine.amend.help") if change == "amend" else ""
        found.append(
            form(
                where,
                _version(item),
                field("text", words.t("mine.edit.label"), text, help),
                tag("p", button(change, words.t("mine.edit.save"))),
            )
        )
    if status == "declined" and not item["appealed"]:
        found.append(form(where, _version(item), tag("p", words.t("mine.appeal.help")), tag("p", button("appeal", words.t("mine.appeal")))))
    if STATES[status].retractable:
        found.append(form(where, _version(item), tag("p", button("withdraw", words.t("mine.withdraw")))))
    found.append(tag("p", link(f"{where}?erase=1", words.t("mine.erase"))))
    return together(*found)


def _erase(words: Words, where: str, item: Json) -> Html:
    return together(
        form(where, _version(item), tag("p", words.t("mine.erase.help")), tag("p", button("erase", words.t("mine.erase.yes")))),
        tag("p", link(where, words.t("mine.erase.no"))),
    )


def _version(item: Json) -> Html:
    return hidden("version", str(item["version"]))


def _story(words: Words, story: Sequence[tuple[str, str]]) -> Html:
    return together(tag("h2", words.t("mine.story")), tag("ol", *(tag("li", when, words.t("page.colon"), what) for when, what in story)))


def count_page(words: Words, session: str, item: Json, *, hands: str, people: int, refused: str = "") -> str:
    """The host of a local hub counts the hands raised for a question."""
    number = tag(
        "input", type="number", id="hands", name="hands", value=hands, min="0", max=str(people), inputmode="numeric", required=True
    )
    where = address(session, f"/count/{item['id']}")
    counting = form(where, field("hands", words.tn("hall.hands", people), number), tag("p", button("send", words.t("hall.count"))))
    main = together(
        tag("h1", words.tn("hall.hands", people)), alert(refused) if refused else None,
        tag("blockquote", asked(item["text"], item["language"])), counting, back(words, session),
    )  # fmt: skip
    return document(words, title=words.t("hall.count"), here="" if refused else where, main=main)
