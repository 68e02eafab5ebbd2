"""What nginx answers while no service does is made from the words and headers of the platform, and is not stale."""

from __future__ import annotations

import pytest

from tests.support.messages import MESSAGES
from tools.unavailable import FOLDER, document, files, quoted


def test_the_files_say_what_the_platform_says_today() -> None:
    made = files(MESSAGES)
    kept = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert kept == made, "run `python -m tools.unavailable`"


def test_every_language_has_its_sentence() -> None:
    for language in MESSAGES.languages:
        assert MESSAGES.text(language, "service.unavailable") in document(MESSAGES)
        assert MESSAGES.text(language, "unavailable.title") in files(MESSAGES)["page.html"]


@pytest.mark.parametrize(
    ("text", "argument"),
    [("plain", "'plain'"), ("it's", r"'it\'s'"), (r"a \" b", r"'a \\" + '"' + " b'")],
)
def test_an_argument_is_quoted_as_nginx_reads_it(text: str, argument: str) -> None:
    assert quoted(text) == argument
