"""Makes what nginx answers while no service does: deploy/unavailable/, from the words and headers of the platform.

`python -m tools.unavailable` writes the files again; a test fails when they are stale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader

from shared.errors import Unavailable
from shared.http import problem
from shared.http.security import HEADERS, STRICTEST
from shared.messages.catalogue import DEFAULT_LANGUAGE, Catalogue, load_catalogue

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "deploy" / "unavailable"
CODE: Final = "service.unavailable"
RETRY_SECONDS: Final = 5
"""A service that starts again is ready after about as long."""
REQUEST_ID: Final = "$request_id"
"""nginx's own variable: 32 hexadecimal digits, which its access log has too."""
MADE: Final = "# Made by `python -m tools.unavailable`: change web/locales, web/pages or shared/http instead.\n"


def main() -> None:
    for name, text in files(load_catalogue()).items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def files(messages: Catalogue) -> dict[str, str]:
    """File name → content. The .conf files are for nginx's `include` inside a location."""
    again = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return {
        "page.html": page(messages),
        "page.conf": MADE + headers({**again, "Content-Security-Policy": f"{STRICTEST}; style-src 'self'; img-src 'self'"}),
        "styles.conf": MADE + headers({"Cache-Control": "public, max-age=60", "Content-Security-Policy": STRICTEST}),
        "problem.conf": MADE
        + headers({**again, "Content-Security-Policy": STRICTEST, "X-Correlation-ID": REQUEST_ID})
        + "types { }  # else the ending of the path asked for, .m3u8 or .json, chooses the type\n"
        + f"default_type {problem.MEDIA_TYPE};\nreturn 503 {quoted(document(messages))};\n",
    }


def page(messages: Catalogue) -> str:
    environment = Environment(loader=FileSystemLoader(ROOT / "web" / "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    pages = [(language, partial(messages.text, language)) for language in messages.languages]
    return environment.get_template("unavailable.html").render(pages=pages) + "\n"


def document(messages: Catalogue) -> str:
    """The problem that a service would answer itself. nginx does not choose a language: `detail` is in the default one."""
    error = Unavailable(CODE, retry_after=float(RETRY_SECONDS))
    found = problem.document(error, problem.status_of(error), DEFAULT_LANGUAGE, messages)
    if "$" in json.dumps(found):
        raise ValueError(f"{CODE}: nginx has no way to write a dollar sign")
    return json.dumps({**found, "correlation_id": REQUEST_ID}, ensure_ascii=False)


def headers(more: Mapping[str, str]) -> str:
    return "".join(f"add_header {name} {quoted(value)} always;\n" for name, value in {**HEADERS, **more}.items())


def quoted(text: str) -> str:
    """As nginx reads one argument: in single quotes, with a backslash before a quote or a backslash."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


if __name__ == "__main__":
    main()
