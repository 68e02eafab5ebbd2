"""Calls that must be relayed: a real coturn takes the credentials that pages are handed, and no end learns the address of the other.

Without coturn (`apt install coturn`) this is skipped, loudly; with CI=true it fails.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from services.qa.table.ice import ice_plan
from tests.conftest import missing
from tests.e2e.conftest import NewHarness
from tests.support.coturn import turn_server
from tests.support.paths import WEB
from tests.support.servers import Missing

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

SECRET: Final = "of-this-test-and-no-other"
CALL: Final = """async ([peer, table, plan]) => {
  const bring = (source) => import(`data:text/javascript;base64,${source}`);
  const [{ Peer }, { readIce }] = await Promise.all([bring(peer), bring(table)]);
  const ice = await readIce({ get: async () => plan });
  const ends = {}, told = [];
  const end = (name, other, polite) => {
    let line = Promise.resolve();
    const tell = (said) => {
      told.push(JSON.stringify(said));
      line = line.then(() => ends[other].take(JSON.parse(JSON.stringify(said))));
    };
    ends[name] = new Peer({ call: 'one', polite, ice, tell });
  };
  end('studio', 'seat', false);
  end('seat', 'studio', true);
  ends.studio.connection.addTransceiver('audio', { direction: 'sendrecv' });
  const both = Object.values(ends);
  const over = (state) => both.every((one) => one.state === state) || both.some((one) => one.state === 'failed');
  const { connection } = ends.studio, until = Date.now() + 60000;
  const nothing = () => connection.iceGatheringState === 'complete' && !connection.localDescription.sdp.includes('a=candidate');
  while (!over('connected') && !nothing() && Date.now() < until) await new Promise((done) => setTimeout(done, 50));
  const ways = [], way = (stats, pair) => stats.get(stats.get(pair).localCandidateId).candidateType;
  for (const one of Object.values(ends)) {
    const stats = await one.connection.getStats();
    stats.forEach(({ type, selectedCandidatePairId: pair }) => type === 'transport' && pair && ways.push(way(stats, pair)));
  }
  const found = { states: Object.values(ends).map((one) => one.state), ways, told: told.join(' ') };
  Object.values(ends).forEach((one) => one.close());
  return found; }"""


def source(name: str) -> str:
    return base64.b64encode((WEB / "js" / "net" / name).read_bytes()).decode()


async def called(harness: NewHarness, plan: Mapping[str, Any]) -> dict[str, Any]:
    """One call between two ends of one page, which know no other way than that plan."""
    page = await (await harness()).stranger()
    found: dict[str, Any] = await page.evaluate(CALL, [source("peer.js"), source("table.js"), plan])
    return found


async def test_a_call_that_must_be_relayed_goes_through_coturn_and_says_no_address_of_anybody(harness: NewHarness, tmp_path: Path) -> None:
    try:
        async with turn_server(tmp_path, SECRET) as port:
            plan = ice_plan(f"turn:127.0.0.1:{port}?transport=udp", SECRET, relay_only=True)
            found = await called(harness, plan.told(datetime.now(UTC), "of-a-page"))
            assert found["states"] == ["connected", "connected"]
            assert set(found["ways"]) == {"relay"}
            assert "typ relay" in found["told"]
            assert not any(f"typ {kind}" in found["told"] for kind in ("host", "srflx", "prflx"))
    except Missing as what:
        missing(str(what))


async def test_a_relay_that_does_not_answer_leaves_no_other_way(harness: NewHarness) -> None:
    plan = ice_plan("turn:127.0.0.1:9?transport=tcp", SECRET, relay_only=True)
    found = await called(harness, plan.told(datetime.now(UTC), "of-a-page"))
    assert found["ways"] == []
    assert "typ " not in found["told"].replace("typ relay", "")
