"""The demo sets its stage, plays what comes later in time order, and never touches what is not its own."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.domain.errors import Conflict
from data.facts.facts import Facts
from data.simulator.live import due, split_at
from data.simulator.simulate import simulate
from data.storage.store import open_store
from serving.demo.demo_clock import DemoClock
from serving.demo.live_feed import batches, wire_form
from serving.demo.stage import MARK, clear
from serving.schemas.scans import ScanIn
from serving.settings import Settings

ROOT = Path(__file__).parents[3]
START = datetime(2026, 9, 1, tzinfo=UTC)
NOW = START + timedelta(days=8)


@pytest.fixture(scope="module")
def later() -> Facts:
    return split_at(simulate(seed=2, orders=400, start=START, days=12).facts, NOW)[1]


def test_simulated_time_runs_faster():
    """Ten real seconds at speed 60 are ten simulated minutes."""
    seconds = iter([110.0])
    clock = DemoClock(NOW, 60, monotonic=lambda: next(seconds), began=100.0)

    assert clock() == NOW + timedelta(minutes=10)


def test_everything_later_is_played_exactly_once(later):
    """Step by step, each later scan comes once, never before it is heard nor before its shipment is known."""
    created = dict(later.shipments.select("shipment_id", "created_at").iter_rows())
    rest, played = later, []
    for hours in range(6, 24 * 5, 6):
        now = NOW + timedelta(hours=hours)
        come, rest = due(rest, now)
        played += come.scans["scan_id"].to_list()
        told = come.scans.select("shipment_id", "received_at").iter_rows()

        assert all(received_at <= now and created.get(shipment_id, now) <= now for shipment_id, received_at in told)

    assert sorted(played) == sorted(later.scans["scan_id"].to_list())


def test_scans_are_sent_in_the_form_that_the_api_takes(later):
    """Every later scan passes the API's own schema."""
    come, _ = due(later, NOW + timedelta(days=2))
    scans = [scan for batch in batches(come) for scan in batch]

    assert len(scans) > 100
    assert [ScanIn.model_validate(wire_form(scan)).scan_id for scan in scans] == [scan.scan_id for scan in scans]


def test_a_store_of_ones_own_is_never_cleared(tmp_path):
    """State that no demo made is refused, and stays."""
    settings = Settings(state_folder=tmp_path)
    open_store(settings.store_url).close()

    with pytest.raises(Conflict, match="holds facts or models that no demo made"):
        clear(settings)

    assert (tmp_path / "doorcast.sqlite3").exists()


def test_the_state_of_an_earlier_demo_is_made_anew(tmp_path):
    """The demo may clear what it made itself; keys stay, so that API users keep theirs."""
    settings = Settings(state_folder=tmp_path)
    open_store(settings.store_url).close()
    (tmp_path / MARK).write_text("{}")
    (tmp_path / "api_key").write_text("kept")

    clear(settings)

    assert not (tmp_path / "doorcast.sqlite3").exists()
    assert (tmp_path / "api_key").read_text() == "kept"


@pytest.mark.timeout(600)
def test_the_demo_is_ready_and_leaves_its_store_behind(tmp_path):
    """`doorcast demo --exit-when-ready` ends with exit code 0, and `doorcast shipments` works afterwards."""
    environment = os.environ | {"DOORCAST_STATE_FOLDER": str(tmp_path), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "serving.cli"]
    demo = subprocess.run(
        [*command, "demo", "--exit-when-ready", "--orders", "2000", "--port", "8765"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "/track/" in demo.stdout
    assert "/ops/enter/" in demo.stdout

    listed = subprocess.run([*command, "shipments", "--limit", "2", "--json"], env=environment, capture_output=True, text=True, check=True)

    assert listed.stdout.count('"shipment_id"') == 2
