"""What nginx tells the services of a caller is nginx's own word, whichever way a request takes."""

from __future__ import annotations

import re

from tests.support.paths import ROOT

CONF = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
OWN = ("Host $http_host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme")


def test_what_a_caller_claims_of_its_address_is_passed_on_nowhere() -> None:
    """`proxy_set_header` is inherited only by a location that has none of its own (ngx_http_proxy_module)."""
    blocks = [CONF.partition("server {")[2].partition("location ")[0], *re.findall(r"location [^{]*\{([^}]*)", CONF)]
    setting = [block for block in blocks if "proxy_set_header" in block]
    assert len(setting) > 1
    assert [header for block in setting for header in OWN if f"proxy_set_header {header};" not in block] == []
