"""What a person reads for the codes of the qa service, in French and in English. What must not be here: codes of the shared parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "qa.unknown_session": ("Cette session n’existe pas dans le programme.", "There is no such session in the programme."),
    "qa.unknown_question": ("Cette question n’existe pas.", "There is no such question."),
    "qa.unknown_view": (
        "Cette vue n’existe pas : public, moderator ou display.",
        "There is no such view: public, moderator or display.",
    ),
    "qa.stale": (
        "Quelqu’un d’autre vient d’y toucher. Voici l’état actuel : relisez, puis décidez.",
        "Somebody else has just changed it. Here is how it stands now: read it again, then decide.",
    ),
    "qa.not_possible": (
        "Cette action n’est pas possible dans l’état actuel de la question.",
        "This action is not possible in the question’s present state.",
    ),
    "qa.stage_taken": (
        "Une autre question est déjà à l’écran. Terminez-la ou remettez-la dans la liste d’abord.",
        "Another question is on stage already. Finish it or put it back in the list first.",
    ),
    "qa.not_yours": ("Cette question n’est pas la vôtre.", "This question is not yours."),
    "qa.own_question": ("On ne vote pas pour sa propre question.", "You cannot vote for your own question."),
    "qa.votes_closed": ("Cette question ne prend pas de votes en ce moment.", "This question takes no votes at the moment."),
    "qa.id_taken": ("Cet identifiant est déjà pris. Rechargez la page et réessayez.", "This id is taken. Reload the page and try again."),
    "qa.id_invalid": ("L’identifiant de la question doit être un UUID.", "The question’s id must be a UUID."),
    "qa.text_empty": ("Écrivez votre question.", "Write your question."),
    "qa.text_too_long": (
        "Votre question est trop longue : {most} caractères au plus, elle en a {length}.",
        "Your question is too long: {most} characters at most, it has {length}.",
    ),
    "qa.text_control": (
        "Ce texte contient des caractères invisibles qui ne peuvent pas être affichés. Retapez-le.",
        "This text contains invisible characters that cannot be shown. Type it again.",
    ),
    "qa.note_too_long": (
        "Votre mot est trop long : {most} caractères au plus, il en a {length}.",
        "Your note is too long: {most} characters at most, it has {length}.",
    ),
    "qa.reason_unknown": ("Choisissez un motif de la liste.", "Choose a reason from the list."),
    "qa.floor_unknown": ("Une session est ouverte, en pause ou fermée aux questions.", "A session is open, paused or closed to questions."),
    "qa.floor_closed": ("Les questions sont fermées pour cette session.", "Questions are closed for this session."),
    "qa.floor_paused": (
        "Les questions sont en pause. Gardez la vôtre : elles rouvriront peut-être.",
        "Questions are paused. Keep yours: they may open again.",
    ),
    "qa.too_fast": (
        "Une question à la fois : la prochaine pourra partir dans {seconds} s. Votre texte est gardé.",
        "One question at a time: the next one can leave in {seconds} s. Your text is kept.",
    ),
    "qa.too_many_open": (
        "Vous avez déjà {most} questions en cours. Retirez-en une, ou attendez une réponse.",
        "You already have {most} open questions. Withdraw one, or wait for an answer.",
    ),
    "qa.session_full": (
        "Cette session a reçu trop de questions pour en prendre d’autres.",
        "This session has received too many questions to take more.",
    ),
    "feed.bad_frame": (
        "La page et le service ne se comprennent pas. Rechargez la page.",
        "The page and the service do not understand each other. Reload the page.",
    ),
    "feed.frame_too_large": ("Ce message est trop long pour le direct.", "This message is too long for the live feed."),
    "feed.version_unknown": ("Cette page est d’une autre version. Rechargez-la.", "This page is of another version. Reload it."),
    "feed.hello_late": (
        "La page ne s’est pas présentée à temps. Elle va réessayer.",
        "The page did not introduce itself in time. It will try again.",
    ),
    "feed.too_many_frames": ("Cette page envoie trop de messages.", "This page sends too many messages."),
    "feed.replaced": (
        "Vous avez ouvert trop de pages à la fois : celle-ci ne reçoit plus le direct.",
        "You have opened too many pages at once: this one no longer receives the live feed.",
    ),
}
