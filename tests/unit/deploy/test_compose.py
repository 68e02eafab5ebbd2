"""Several processes of qa behind one address, as the compose file and nginx have it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.support.paths import ROOT

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "deploy" / "docker-compose.yml").read_text("utf-8"))["services"]
CONF = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")


def test_how_many_processes_of_qa_run_is_a_setting_and_of_the_others_one() -> None:
    assert SERVICES["qa"]["deploy"]["replicas"] == "${QA_REPLICAS:-1}"
    assert "QA_REPLICAS=1\n" in (ROOT / "deploy" / "env.example").read_text("utf-8")
    assert [name for name, service in SERVICES.items() if "deploy" in service] == ["qa"]


def test_nothing_of_qa_can_be_had_only_once() -> None:
    """A name, a port of the host: the second one would not start."""
    assert SERVICES["qa"].keys() & {"container_name", "hostname", "ports"} == set()


def test_a_relay_for_calls_comes_along_for_whoever_asks_for_it() -> None:
    """With the secret that qa makes credentials with, which stands in no list of processes."""
    coturn, qa = SERVICES["coturn"], SERVICES["qa"]
    assert coturn["profiles"] == ["turn"]
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["coturn"]
    assert coturn["environment"]["TURN_SECRET"] == qa["environment"]["TABLEE_TURN_SECRET"] == "${TABLEE_TURN_SECRET:-}"
    script = coturn["entrypoint"][2]
    assert "use-auth-secret" in script
    assert "$$TURN_SECRET" in script, "the shell reads it, not compose"
    for network in ("10.0.0.0", "127.0.0.0", "172.16.0.0", "192.168.0.0", "169.254.0.0", "::1", "fc00::"):
        assert f"denied-peer-ip={network}" in script
    for name in ("TABLEE_ICE_SERVERS", "TABLEE_TURN_SECRET", "TABLEE_ICE_RELAY_ONLY", "TURN_ADDRESS"):
        assert f"\n{name}=" in (ROOT / "deploy" / "env.example").read_text("utf-8")


@pytest.mark.parametrize("place", ["/api/qa/", "= /feed"])
def test_nginx_looks_for_the_processes_of_qa_at_each_request(place: str) -> None:
    """A name in a variable is resolved when it is used, to all its addresses; one in proxy_pass itself once, at start
    (ngx_http_proxy_module, proxy_pass)."""
    block = CONF.partition(f"location {place} {{")[2].partition("\n    }")[0]
    (variable,) = re.findall(r"proxy_pass \$(\w+);", block)
    assert re.search(rf"set \${variable} http://qa:808\d;", CONF)
    assert re.search(r"resolver 127\.0\.0\.11 valid=\d+s", CONF)
