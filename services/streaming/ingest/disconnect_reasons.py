"""Why a publisher was refused or ended: dotted codes, what each means to a person, and what the encoder's log shows.

The sentences belong to the catalogue of the streaming service. No logic.
"""

from __future__ import annotations

WRONG_KEY = "streaming.rtmp.wrong_key"
BUSY = "streaming.rtmp.busy"
UNAVAILABLE = "streaming.rtmp.unavailable"
UNSUPPORTED_CODEC = "streaming.rtmp.unsupported_codec"
REPLACED = "streaming.rtmp.replaced"
ENDED = "streaming.rtmp.ended"
LOST = "streaming.rtmp.lost"
SILENT = "streaming.rtmp.silent"
TOO_SLOW = "streaming.rtmp.too_slow"
PROTOCOL = "streaming.rtmp.protocol"
CROWDED = "streaming.rtmp.crowded"
STOPPING = "streaming.rtmp.stopping"

SENTENCES: dict[str, tuple[str, str]] = {
    WRONG_KEY: (
        "L’adresse du serveur ou la clé de diffusion n’est pas la bonne. Recopiez-les depuis la page de régie.",
        "The server address or the stream key is wrong. Copy them again from the control page.",
    ),
    BUSY: (
        "Un autre encodeur diffuse déjà sur cette scène. Arrêtez-le d’abord, puis recommencez.",
        "Another encoder is already sending to this stage. Stop it first, then try again.",
    ),
    UNAVAILABLE: (
        "La plateforme n’a pas pu vérifier la clé de diffusion. Réessayez dans un instant.",
        "The platform could not check the stream key. Try again in a moment.",
    ),
    UNSUPPORTED_CODEC: (
        "L’encodeur envoie {codec}. Réglez-le sur H.264 pour l’image et AAC pour le son.",
        "The encoder sends {codec}. Please set it to H.264 for pictures and AAC for sound.",
    ),
    REPLACED: (
        "Un encodeur plus récent a pris la place de celui-ci, qui n’envoyait plus rien.",
        "A newer encoder took the place of this one, which had stopped sending.",
    ),
    ENDED: ("L’encodeur a arrêté la diffusion.", "The encoder stopped sending."),
    LOST: ("La liaison avec l’encodeur s’est coupée.", "The connection to the encoder was lost."),
    SILENT: ("L’encodeur n’envoie plus rien.", "The encoder has gone silent."),
    TOO_SLOW: (
        "L’encodeur s’est connecté sans rien demander à temps.",
        "The encoder connected but did not ask for anything in time.",
    ),
    PROTOCOL: (
        "Ce qui est arrivé sur le port de l’encodeur n’est pas du RTMP lisible.",
        "What arrived on the encoder’s port is not readable RTMP.",
    ),
    CROWDED: (
        "Trop de connexions attendent en même temps sur le port de l’encodeur.",
        "Too many connections are waiting on the encoder’s port at once.",
    ),
    STOPPING: ("La plateforme s’arrête.", "The platform is stopping."),
}


def english(code: str, **params: str) -> str:
    """The sentence for the encoder's own log, where English is the custom."""
    return SENTENCES[code][1].format(**params)
