"""Warnings about a programme: what a proof-reader would ask, with the line. Nothing here changes anything.

What lives here: one small rule per thing to ask about. What must not: errors (`check`), corrections of any kind.
A warning is a FieldError whose code starts with `programme.warn.`; its path is `programme.yaml:12 event.date`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from services.registration.programme.format.clashes import clashes
from services.registration.programme.format.hours import first_day
from services.registration.programme.format.model import Programme
from services.registration.programme.format.nodes import place
from services.registration.programme.format.obedience import not_obeyed
from services.registration.programme.format.reader import Reading
from shared.errors import FieldError
from shared.events.programme import MOST_STAGES

MAX_WARNINGS = 200
PAGES_IN = ("fr", "en")
"""What every platform speaks."""
LIKE = 0.8
"""How alike two family names must be to be suspected of being one."""

_BARE_CAPITAL = re.compile(r"(?<![\w’'])A (?=l[’'a]\w|la |la?\b)")
_JOINED = re.compile(r"\bet (?=(?:vice-)?(?:président|secrétaire|direct|rapporteu|membre|délégué|fondat|cofondat|professeur|maire))")
_NAME = re.compile(r"\b([A-ZÀ-Þ][\w-]+)\s+([A-ZÀ-Þ][\w’'-]+)")
_BARE_E = (re.compile(r"E[LNRT]ES?$"), re.compile(r"^E(?=[BCDFGLMNPRT][AEIOUY])"), re.compile(r"E(?=O)"))
"""Where French spelling nearly always has an accent: -ère, -ère(s), É- before one consonant, éo."""

Found = Iterator[tuple[str, str, dict[str, object]]]


def fold(text: str) -> str:
    """Without accents and case: for comparing and searching, never for showing."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))


def lint(programme: Programme, completed: Programme, reading: Reading) -> tuple[FieldError, ...]:
    """Every warning about a printed programme, and about the hours it has once completed, in file order."""
    found = [*_unknowns(programme), *_spelling(programme), *_typography(programme), *_titles(programme), *_blocks(programme)]
    found += [*clashes(completed), *_stages(completed), *_reasons(completed), *not_obeyed(completed)]
    ordered = sorted(found[:MAX_WARNINGS], key=lambda one: (reading.line(one[0]), one[0], one[1]))
    name = reading.name
    return tuple(FieldError(place(name, reading.line(path), path), f"programme.warn.{code}", params) for path, code, params in ordered)


def _unknowns(programme: Programme) -> Found:
    event = programme.event
    if first_day(programme) is None:
        yield "event.date", "date_unknown", {}
    if event.venue is None:
        yield "event.venue", "venue_unknown", {}
    inferred = [index for index, session in enumerate(programme.sessions) if session.end_basis == "next_start"]
    if inferred:
        yield f"sessions.{inferred[0]}.end_basis", "ends_inferred", {"count": len(inferred)}
    for index, session in enumerate(programme.sessions):
        if session.end is None:
            yield f"sessions.{index}.end", "end_unknown", {"title": session.title}
    for index, text in enumerate(programme.source.unresolved if programme.source else ()):
        yield f"source.unresolved.{index}", "unresolved", {"text": text}


def _stages(programme: Programme) -> Found:
    count = len(programme.event.stages)
    if count > MOST_STAGES:
        yield f"event.stages.{MOST_STAGES}", "too_many_stages", {"count": count, "most": MOST_STAGES}


def _reasons(programme: Programme) -> Found:
    """Who reads in a language that one lacks reads it in another: in one that the programme or the pages are in, or another reason."""
    reasons = [reason for reason in programme.event.reasons if reason.words]
    wanted = dict.fromkeys([programme.language, *PAGES_IN, *(code for reason in reasons for code in reason.words)])
    for index, reason in enumerate(programme.event.reasons):
        lacking = [code for code in wanted if reason.words and code not in reason.words and code.split("-")[0] not in reason.words]
        if lacking:
            yield f"event.reasons.{index}.words", "reason_language", {"id": reason.id, "languages": ", ".join(lacking)}


def _spelling(programme: Programme) -> Found:
    for id, person in programme.people.items():
        for index, alias in enumerate(person.aliases):
            if fold(alias) != fold(person.display):
                yield f"people.{id}.aliases.{index}", "spelling_variant", {"name": person.display, "variant": alias}
        for field, name in (("given", person.given), ("family", person.family)):
            if name is None:
                continue
            word = name.upper()
            if (field == "given" or name.isupper()) and name.isascii() and any(form.search(word) for form in _BARE_E):
                yield f"people.{id}.{field}", "accent_missing", {"name": person.display, "part": name}
    texts = [("edito.body", programme.edito.body or "")] if programme.edito else []
    texts += [(f"acknowledgements.{index}.text", one.text) for index, one in enumerate(programme.acknowledgements)]
    for path, text in texts:
        for given, family in _NAME.findall(text):
            for person in programme.people.values():
                if person.given is None or person.family is None:
                    continue
                known = {fold(name) for name in (person.display, *person.aliases)}
                alike = SequenceMatcher(None, fold(family), fold(person.family)).ratio() >= LIKE
                if fold(given) == fold(person.given) and alike and fold(f"{given} {family}") not in known:
                    yield path, "spelling_variant", {"name": person.display, "variant": f"{given} {family}"}


def _typography(programme: Programme) -> Found:
    texts = [("edito.body", programme.edito.body or "")] if programme.edito else []
    texts += [(f"sessions.{index}.title", session.title) for index, session in enumerate(programme.sessions)]
    for path, text in texts:
        for match in _BARE_CAPITAL.finditer(text):
            yield path, "capital_a", {"text": text[match.start() : match.start() + 12].replace("\n", " ")}
    straight = [(f"people.{id}.titles_raw", person.titles_raw or "") for id, person in programme.people.items()]
    for path, text in [*texts, *straight]:
        if "'" in text:
            at = text.index("'")
            yield path, "straight_apostrophe", {"text": text[max(0, at - 12) : at + 14].replace("\n", " ")}


def _titles(programme: Programme) -> Found:
    for id, person in programme.people.items():
        raw = person.titles_raw or ""
        if ";" in raw:
            yield f"people.{id}.titles_raw", "titles_semicolon", {"name": person.display}
        if len(person.titles) > 1 and _JOINED.search(raw):
            yield f"people.{id}.titles_raw", "titles_and", {"name": person.display}


def _blocks(programme: Programme) -> Found:
    for index, session in enumerate(programme.sessions):
        raw, label = session.title_raw or "", session.label
        if label and raw.startswith(label) and not raw[len(label) :].lstrip().startswith(":"):
            yield f"sessions.{index}.title_raw", "colon_missing", {"label": label}
    for index, tier in enumerate(programme.partners):
        if not tier.members:
            yield f"partners.{index}.members", "tier_empty", {"heading": tier.heading}
    for index, notice in enumerate(programme.notices):
        if notice.contact is None:
            yield f"notices.{index}.contact", "notice_contact", {"heading": notice.heading or notice.id}
