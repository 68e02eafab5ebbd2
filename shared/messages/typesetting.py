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


def typeset(text: str, language: str) -> str:
    if language != "fr":
        return text
    text = re.sub(" ([;!?])", rf"{THIN}\1", text)
    text = re.sub(" ([:»%])", rf"{NO_BREAK}\1", text)
    return text.replace("« ", f"«{NO_BREAK}").replace("'", "’")
