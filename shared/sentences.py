"""What a person reads for an error code, in French and in English.

The codes of the shared parts stand here, each service brings its own table; `Catalogue` joins them. A code without a sentence is a defect
that a test finds; at run time it falls back to a general sentence, never to a bare code or to the text of an exception.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

Table = Mapping[str, tuple[str, str]]

LANGUAGES: Final = ("fr", "en")
DEFAULT_LANGUAGE: Final = "fr"
UNKNOWN: Final = "internal.error"

SENTENCES: Final[Table] = {
    "internal.error": (
        "Quelque chose n’a pas fonctionné de notre côté. Réessayez ; si cela dure, donnez ce numéro aux organisateurs : {correlation_id}.",
        "Something went wrong on our side. Try again; if it lasts, give this number to the organisers: {correlation_id}.",
    ),
    "request.malformed_json": ("Le message reçu n’est pas du JSON valide.", "The message received is not valid JSON."),
    "request.unsupported_media_type": (
        "Ce service attend du JSON (Content-Type : application/json).",
        "This service expects JSON (Content-Type: application/json).",
    ),
    "request.too_large": (
        "Le message est trop long : {most_bytes} octets au plus.",
        "The message is too long: {most_bytes} bytes at most.",
    ),
    "request.invalid": ("Certains champs ne peuvent pas être acceptés.", "Some fields cannot be accepted."),
    "request.not_found": ("Cette adresse n’existe pas.", "There is nothing at this address."),
    "request.method_not_allowed": ("Cette adresse n’accepte pas cette méthode.", "This address does not accept this method."),
    "request.refused": ("La demande n’a pas pu être lue.", "The request could not be read."),
    "request.cross_origin": (
        "Cette action doit venir d’une page de ce site.",
        "This action must come from a page of this site.",
    ),
    "request.too_many": (
        "Trop de demandes en peu de temps. Réessayez dans {seconds} s.",
        "Too many requests in a short time. Try again in {seconds} s.",
    ),
    "field.missing": ("Ce champ est nécessaire.", "This field is needed."),
    "field.unknown": ("Ce champ n’est pas connu.", "This field is not known."),
    "field.type": ("Ce champ n’a pas la forme attendue.", "This field does not have the expected form."),
    "field.too_long": ("C’est trop long : {most} caractères au plus.", "This is too long: {most} characters at most."),
    "field.too_short": ("C’est trop court : {least} caractères au moins.", "This is too short: {least} characters at least."),
    "field.too_great": ("Ce nombre est trop grand.", "This number is too great."),
    "field.too_small": ("Ce nombre est trop petit.", "This number is too small."),
    "field.choice": ("Cette valeur ne fait pas partie des choix.", "This value is not one of the choices."),
    "field.value": ("Cette valeur ne peut pas être acceptée.", "This value cannot be accepted."),
    "access.pass_missing": (
        "Vous n’êtes pas entré. Ouvrez votre lien personnel.",
        "You have not come in yet. Open your personal link.",
    ),
    "access.pass_invalid": ("Ce laissez-passer n’est pas valable.", "This pass is not valid."),
    "access.pass_expired": (
        "Ce laissez-passer a expiré. La page va en demander un autre.",
        "This pass has expired. The page will ask for another.",
    ),
    "access.pass_other_event": ("Ce laissez-passer est pour un autre événement.", "This pass is for another event."),
    "access.revoked": ("Cet accès a été retiré par les organisateurs.", "This access was withdrawn by the organisers."),
    "access.denied": ("Votre rôle ne permet pas cette action.", "Your role does not allow this action."),
    "access.session_not_yours": ("Cette session n’est pas la vôtre.", "This session is not one of yours."),
    "store.unavailable": (
        "Le service ne peut pas enregistrer pour le moment. Rien n’est perdu de ce que vous avez écrit : réessayez dans un instant.",
        "The service cannot save at the moment. What you wrote is not lost: try again in a moment.",
    ),
    "bus.unavailable": (
        "Le service est momentanément coupé des autres. Réessayez dans un instant.",
        "The service is briefly cut off from the others. Try again in a moment.",
    ),
    "bus.unroutable": (
        "Le service est momentanément coupé des autres. Réessayez dans un instant.",
        "The service is briefly cut off from the others. Try again in a moment.",
    ),
    "service.stopping": ("Le service redémarre. Réessayez dans un instant.", "The service is restarting. Try again in a moment."),
    "mail.unavailable": ("Les messages ne partent pas pour le moment.", "Mail cannot be sent at the moment."),
    "mail.refused": ("Cette adresse est refusée par son serveur de messagerie.", "This address is refused by its mail server."),
}


class Catalogue:
    """Joined tables. Two tables that say different things for one code are a programming error: ValueError."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._sentences: dict[str, tuple[str, str]] = {}
        for table in (SENTENCES, *tables):
            for code, pair in table.items():
                if self._sentences.setdefault(code, pair) != pair:
                    raise ValueError(f"{code} has two sentences")

    def __contains__(self, code: str) -> bool:
        return code in self._sentences

    def both(self, code: str, params: Mapping[str, Any]) -> dict[str, str]:
        """{"fr": …, "en": …} with the params in their places."""
        pair = self._sentences.get(code)
        if pair is None:
            logging.getLogger(__name__).error("no sentence for the code %s", code)
            pair = self._sentences[UNKNOWN]
        return {language: _fill(text, params) for language, text in zip(LANGUAGES, pair, strict=True)}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _fill(text: str, params: Mapping[str, Any]) -> str:
    return text.format_map(_Blank(params))
