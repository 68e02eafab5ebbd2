"""What people read for the codes of registration, French then English. What must not be here: logic."""

from __future__ import annotations

from typing import Final

from services.registration.programme.sentences import SENTENCES as PROGRAMME_SENTENCES

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "registration.form": (
        "Il reste quelque chose à compléter ou à corriger.",
        "Something is still to be filled in or corrected.",
    ),
    "registration.name_required": ("Écrivez le nom sous lequel vous voulez apparaître.", "Write the name you want to appear under."),
    "registration.name_characters": (
        "Ce nom contient des caractères invisibles ; retapez-le.",
        "This name contains invisible characters; type it again.",
    ),
    "registration.name_address": ("Écrivez un nom, sans adresse de site.", "Write a name, without the address of a site."),
    "registration.email_required": (
        "Écrivez votre adresse électronique : votre lien personnel y sera envoyé.",
        "Write your e-mail address: your personal link will be sent there.",
    ),
    "registration.email_form": (
        "Cette adresse électronique n’a pas la forme attendue, par exemple camille@exemple.fr.",
        "This e-mail address does not have the expected form, for example camille@example.com.",
    ),
    "registration.door_required": (
        "Dites comment vous venez : dans la salle, à distance ou avec une salle relais.",
        "Say how you come: in the room, remotely or with a local hub.",
    ),
    "registration.language_required": ("Choisissez une langue : français ou anglais.", "Choose a language: French or English."),
    "registration.image_rights_required": (
        "Dites si vous acceptez ou refusez d’être photographié ou filmé. Les deux réponses conviennent.",
        "Say whether you accept or refuse to be photographed or filmed. Either answer is fine.",
    ),
    "registration.too_quick": (
        "Le formulaire est revenu trop vite ou trop tard. Vérifiez vos réponses et envoyez-le encore une fois.",
        "The form came back too quickly or too late. Check your answers and send it once more.",
    ),
    "registration.place_fixed": (
        "Ce lien est partagé : ceux qui l’utilisent ne peuvent rien changer ici.",
        "This link is shared: the people who use it cannot change anything here.",
    ),
    "registration.no_hub": (
        "Cette personne ne vient pas par une salle relais.",
        "This person does not come by a local hub.",
    ),
    "registration.person_unknown": ("Cette personne n’est pas connue.", "This person is not known."),
    "registration.busy": (
        "Le service est très occupé. Réessayez dans un instant ; rien n’a été enregistré.",
        "The service is very busy. Try again in a moment; nothing was saved.",
    ),
    "registration.no_session": (
        "Vous n’êtes pas entré, ou cela fait plus d’un jour. Ouvrez votre lien personnel.",
        "You have not come in, or it was more than a day ago. Open your personal link.",
    ),
    "registration.page_not_yours": (
        "Cette page est réservée à d’autres rôles que le vôtre.",
        "This page is for roles other than yours.",
    ),
    "registration.link_unknown": (
        "Ce lien n’est pas connu. Vérifiez qu’il est complet, ou demandez-en un autre.",
        "This link is not known. Check that it is complete, or ask for another.",
    ),
    "registration.link_early": ("Ce lien n’ouvre pas encore.", "This link does not open yet."),
    "registration.link_expired": ("Ce lien a expiré. Vous pouvez en demander un autre.", "This link has expired. You can ask for another."),
    "registration.link_revoked": (
        "Ce lien ne compte plus. Vous pouvez en demander un autre.",
        "This link no longer counts. You can ask for another.",
    ),
    "registration.programme_stale": (
        "Le programme a changé entre-temps. Relisez-le avant d’importer le vôtre.",
        "The programme has changed meanwhile. Read it again before importing yours.",
    ),
    "registration.programme_unknown": ("Aucun programme n’est encore publié.", "No programme is published yet."),
    "registration.session_unknown": ("Cette session n’est pas au programme.", "This session is not in the programme."),
    "registration.other_event": (
        "Ce programme est celui d’un autre événement : ici, event.id doit être {id}.",
        "This programme is for another event: here event.id must be {id}.",
    ),
}
ALL_SENTENCES: Final = {**SENTENCES, **PROGRAMME_SENTENCES}
