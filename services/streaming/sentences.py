"""What people read for the error codes of this service, in French and in English. No logic."""

from __future__ import annotations

from services.streaming.ingest import disconnect_reasons

SENTENCES: dict[str, tuple[str, str]] = {
    **disconnect_reasons.SENTENCES,
    "streaming.stage_unknown": ("Cette scène n’existe pas dans le programme.", "There is no such stage in the programme."),
    "streaming.nothing_there": (
        "Cette partie de la diffusion n’est plus disponible, ou n’a jamais existé.",
        "This piece of the stream is no longer available, or never was.",
    ),
    "streaming.not_yet": (
        "La diffusion n’a pas encore commencé, ou marque une pause. Le lecteur réessaiera tout seul.",
        "The stream has not begun yet, or is pausing. The player will try again by itself.",
    ),
    "streaming.bad_directive": (
        "Le lecteur a demandé la suite de la diffusion d’une façon qui n’existe pas.",
        "The player asked for more of the stream in a way that does not exist.",
    ),
    "streaming.too_far_ahead": (
        "Le lecteur a demandé une partie de la diffusion qui est encore trop loin.",
        "The player asked for a piece of the stream that is still too far ahead.",
    ),
    "streaming.key_refused": (
        "Ce lien de diffusion n’est pas valable, ou a expiré.",
        "This stream link is not valid, or has expired.",
    ),
    "streaming.stage_busy": (
        "La scène change en ce moment même. Réessayez dans un instant.",
        "The stage is changing at this very moment. Try again in a moment.",
    ),
}
