"""The server and the browser write the same words: plural forms, numbers, French spaces, for every language of the installation."""

from __future__ import annotations

import json
import subprocess

import pytest

from shared.messages.catalogue import Catalogue
from shared.messages.typesetting import typeset
from tests.support.messages import MESSAGES
from tests.support.paths import ROOT
from tests.web.test_js import SECONDS, node

NUMBERS = [*range(200), 1000, 1_000_000, 2_000_000]
TEXTS = ["Qui vient ?", "« Entrer » : là ; ici !", "50 % de l'heure", "https://a?b:c", "Ah!"]
WORDS = {f"seats.{form}": f"{form} {{n}}" for form in ("zero", "one", "two", "few", "many", "other")}
SCRIPT = """
import { setCatalogue, tn, typeset } from './web/js/i18n.js';
const { language, words, numbers, texts } = JSON.parse(process.argv[1]);
setCatalogue(language, words);
console.log(JSON.stringify({ counted: numbers.map((n) => tn('seats', n)), typeset: texts.map((text) => typeset(text, language)) }));
"""


@pytest.mark.parametrize("language", [*MESSAGES.languages, "pl", "ar"])
def test_browser_and_server_agree(language: str) -> None:
    given = json.dumps({"language": language, "words": WORDS, "numbers": NUMBERS, "texts": TEXTS})
    command = [node(), "--input-type=module", "-e", SCRIPT, "--", given]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=True)
    found = json.loads(run.stdout)
    catalogue = Catalogue({"fr": {}, language: WORDS})
    assert [text.split()[0] for text in found["counted"]] == [catalogue.counted(language, "seats", n).split()[0] for n in NUMBERS]
    if language in MESSAGES.languages:
        assert found["counted"] == [catalogue.counted(language, "seats", n) for n in NUMBERS]
    assert found["typeset"] == [typeset(text, language) for text in TEXTS]
