"""Which questions ask nearly the same: forms of words, accents, slips, two languages, and what leaves."""

from __future__ import annotations

import pytest

from services.qa.similar import ALIKE, LikenessIndex, words_of

ASKED = {
    "fibre": "Quand la fibre arrivera-t-elle dans les hameaux ?",
    "price": "Pourquoi la fibre coûte-t-elle si cher ?",
    "roads": "Qui paie l’entretien des routes communales ?",
    "school": "Where will the new school be built?",
    "bus": "Le bus passera-t-il plus souvent le soir ?",
    "heart": "Qui s’occupe du cœur de village et de son marché ?",
}


def filled() -> LikenessIndex:
    index = LikenessIndex()
    for id, text in ASKED.items():
        index.put(id, text)
    return index


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("À quand l'arrivée de la fibre dans mon hameau", "fibre"),
        ("quand la fibre arive dans les hamaux", "fibre"),
        ("ARRIVEE FIBRE HAMEAU", "fibre"),
        ("entretien route communale", "roads"),
        ("Will new schools be build", "school"),
        ("Plus souvent des bus le soir", "bus"),
        ("coeur du village marche", "heart"),
    ],
)
def test_nearly_the_same_is_found(text: str, id: str) -> None:
    best = filled().alike(text, 3)[0]
    assert best.id == id
    assert ALIKE <= best.score <= 1


@pytest.mark.parametrize(
    "text", ["La fibre", "Quel avenir pour nos écoles ?", "Quand est-ce que vous allez", "?!", "le prix des loyers du bus"]
)
def test_a_common_subject_is_not_the_same_question(text: str) -> None:
    assert filled().alike(text, 3) == []


def test_the_same_words_score_one_and_only_the_best_are_given() -> None:
    index = LikenessIndex()
    for n in range(9):
        index.put(f"q{n}", "La fibre dans les hameaux" + " et autres lieux" * (n > 0))
    best = index.alike("La fibre dans les hameaux", 3)
    assert [(one.id, one.score) for one in best[:1]] == [("q0", 1.0)]
    assert len(best) == 3


def test_what_leaves_is_found_no_more_and_leaves_nothing_behind() -> None:
    index = filled()
    index.put("fibre", "Une tout autre question sur la forêt")
    assert index.alike(ASKED["fibre"], 3) == []
    for id in ASKED:
        index.drop(id)
    index.drop("unknown")
    assert not any(vars(index)[name] for name in ("_words", "_where"))
    assert not any(vars(index)["_by_length"].values())


def test_little_words_say_nothing_and_other_scripts_do() -> None:
    assert words_of("Est-ce que c’est pour nous ?") == ()
    assert len(words_of("光 ファイバー")) == 2
