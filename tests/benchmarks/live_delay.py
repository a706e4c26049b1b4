"""Measure how long after a scan is sent an open page shows it: ``python -m tests.benchmarks.live_delay``.

A real server and a real browser on this machine; the model is a fake that answers at once. Prints median and maximum of thirty scans, each a
new stage of the parcel, from the moment the request is sent until the page says so.
"""

import statistics
import tempfile
import time
from itertools import cycle
from pathlib import Path

from playwright.sync_api import sync_playwright

from serving.app import create_app
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.forecaster import FakeForecaster, FakeModels
from tests.makers import after
from tests.maps.journeys import SCANS
from tests.serving.live.served import Served, running_clock
from tests.serving.pages.stored import keep
from tests.serving.pages.test_live import ARGUMENTS, CHROMIUM, LISTENING, STATUS, is_told

SCANS_SENT = 30
PAUSE_SECONDS = 0.5


def main() -> None:
    """Send scans and watch."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings(state_folder=Path(folder))
        served = Served(
            create_app(settings, wiring=open_wiring(settings, clock=running_clock(after(31)), models=FakeModels(FakeForecaster())))
        )
        keep(served.wiring.store, shipment_id="S1", scans=SCANS[:5])
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS).new_page()
        page.add_init_script(LISTENING)
        page.goto(f"{served.address}/track/{served.wiring.store.tokens.issue('S1')}")
        is_told(page)
        seconds = []
        for number, status in zip(range(SCANS_SENT), cycle(("out_for_delivery", "in_transit"))):
            before, began = page.evaluate(STATUS), time.monotonic()
            served.post_scan(
                scan_id=f"N{number}", shipment_id="S1", status=status, occurred_at=served.wiring.now().isoformat(timespec="microseconds")
            )
            page.wait_for_function(f"old => {STATUS} !== old", arg=before, polling=20)
            seconds.append(time.monotonic() - began)
            time.sleep(PAUSE_SECONDS)
        print(f"{len(seconds)} scans: p50 {statistics.median(seconds):.2f} s, max {max(seconds):.2f} s until the page shows them")
        served.stop()


if __name__ == "__main__":
    main()
