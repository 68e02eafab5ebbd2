"""French spacing for text that comes from elsewhere: a programme file, a question. Other languages pass unchanged.

Pure. `typeset` in web/js/i18n.js does the same in the browser.
"""

from __future__ import annotations

import re
from typing import Final

THIN: Final = "\u202f"
"""The narrow no-break space, which French sets before ; ! and ?."""
NO_BREAK: Final = "\u00a0"
"""The no-break space, which French sets before a colon, a percent sign and inside « »."""


_DE_ARTICLE: Final = re.compile(r"\bde (Le|Les) (?=[A-ZÀ-Ý])")
_DE_VOWEL: Final = re.compile(r"\bde (?=[AEIOUÀÂÉÈÊËÎÏÔÛ])")


def typeset(text: str, language: str) -> str:
    """`language`: that of the text (BCP 47), not that of the reader."""
    if not is_french(language):
        return text
    text = re.sub(" ([;!?])", rf"{THIN}\1", text)
    text = re.sub(" ([:»%])", rf"{NO_BREAK}\1", text)
    return text.replace("« ", f"«{NO_BREAK}").replace("'", "’")


def is_french(language: str) -> bool:
    return language.partition("-")[0].casefold() == "fr"


def contracted(text: str, language: str) -> str:
    """The French « de » before a name that was filled in: « de Auckland » → « d’Auckland », « de Le Caire » → « du Caire »."""
    if not is_french(language):
        return text
    text = _DE_ARTICLE.sub(lambda found: "du " if found[1] == "Le" else "des ", text)
    return _DE_VOWEL.sub("d’", text)
