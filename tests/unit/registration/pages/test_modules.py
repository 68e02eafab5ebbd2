"""Which modules a page names, so that all of them are asked for at once."""

from __future__ import annotations

from services.registration.pages.modules import MOST_MODULES, modules_of

FILES = {
    "js/pages/a.js": "import { b } from '../b.js';\nimport \"lit\";\nexport * from './c.js';\nconst late = import('../late.js');\n",
    "js/b.js": "import {x,y as z}from\"./pages/c.js\";import{html}from'lit/directives/live.js';export const text = 'no module';\n",
    "js/pages/c.js": "// import './commented.js' is loaded for nothing, but only when it is there\nimport\n  {\n  a } from './a.js';\n",
    "vendor/lit/lit.js": "export{}",
    "vendor/rest/one.js": "",
}  # fmt: skip
NAMES = {"lit": "vendor/lit/lit.js", "lit/directives/": "vendor/rest/", "lit/directives/live.js": "vendor/lit/lit.js"}


def test_the_script_comes_first_and_the_nearest_follow_each_once() -> None:
    assert modules_of("js/pages/a.js", FILES.get, NAMES) == ("js/pages/a.js", "js/b.js", "vendor/lit/lit.js", "js/pages/c.js")


def test_what_is_loaded_when_needed_and_what_is_not_there_are_left_out() -> None:
    found = modules_of("js/pages/a.js", FILES.get, NAMES)
    assert "js/late.js" not in found
    assert all(path in FILES for path in found)


def test_a_name_is_found_by_the_longest_beginning_in_the_map() -> None:
    files = {"a.js": "import 'lit/directives/one.js'", "vendor/rest/one.js": ""}
    assert modules_of("a.js", files.get, NAMES) == ("a.js", "vendor/rest/one.js")


def test_a_chain_without_end_is_cut() -> None:
    def read(path: str) -> str:
        return f"import './{int(path.removesuffix('.js')) + 1}.js'"

    assert len(modules_of("0.js", read, {})) == MOST_MODULES
