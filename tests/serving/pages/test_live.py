"""An open page moves by itself: told in a moment, through restarts, by whatever way the scan came, and without being told at all."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx2
import pytest

from serving.app import create_app
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.forecaster import FakeForecaster, FakeModels
from tests.makers import after
from tests.maps.journeys import SCANS
from tests.serving.live.served import Served, running_clock
from tests.serving.pages.stored import keep

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
STATUS = "document.querySelector('[data-status]').textContent"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is absent; install Debian's package chromium to run this test"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    settings = Settings(state_folder=tmp_path_factory.mktemp("live"))
    wiring = open_wiring(settings, clock=running_clock(after(31)), models=FakeModels(FakeForecaster()))
    running = Served(create_app(settings, wiring=wiring))
    yield running
    running.stop()


@pytest.fixture
def opened(browser, served):
    """Open the page of a new shipment, with a mark that a reload would lose; gives the page and its shipment."""
    contexts = []

    def opener(shipment_id, *, script="", size=(1280, 800), path=None, address=served.address, calm=True):
        if address == served.address:
            keep(served.wiring.store, shipment_id=shipment_id, scans=SCANS[:5])
            path = f"/track/{served.wiring.store.tokens.issue(shipment_id)}"
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.wrong = []
        page.on("console", lambda message: page.wrong.append(message.text) if message.type in {"error", "warning"} and calm else None)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.add_init_script(LISTENING + script)
        page.goto(f"{address}{path}")
        page.evaluate("window.same = true")
        return page

    yield opener
    for context in contexts:
        context.close()


LISTENING = """
window.streams = [];
if (window.EventSource) window.EventSource = class extends EventSource {
  constructor(address) { super(address); streams.push(this); this.addEventListener("ready", () => { this.isReady = true; }); }
};
"""


def is_told(page):
    page.wait_for_function("() => streams.length && streams[streams.length - 1].isReady")


def moves(page, act, *, seconds):
    """Do something, and give how long the page took to say another stage, without having been loaded anew."""
    before = page.evaluate(STATUS)
    began = time.monotonic()
    act()
    page.wait_for_function(f"old => {STATUS} !== old", arg=before, timeout=seconds * 1000, polling=20)
    took = time.monotonic() - began
    assert page.evaluate("window.same") is True
    return took


def scan(shipment_id, scan_id="now", status="out_for_delivery"):
    return {
        "scan_id": f"{shipment_id}-{scan_id}",
        "shipment_id": shipment_id,
        "status": status,
        "occurred_at": after(31).isoformat(),
    }


def test_a_scan_moves_the_page_within_two_seconds(served, opened):
    """Posted to the API, shown without a reload, read out because the stage changed, and calm; the median of three, for busy machines."""
    page = opened("L1")
    is_told(page)

    took = []
    for number, stage in enumerate(("out_for_delivery", "attempt_failed", "on_hold")):
        told = scan("L1", stage, stage) | {"occurred_at": after(31 + number / 1e6).isoformat()}
        took.append(moves(page, partial(served.post_scan, **told), seconds=15))

    print(f"scans moved the page after {', '.join(f'{one:.2f}' for one in took)} s")
    assert statistics.median(took) < 2
    assert page.inner_text("[data-live]") == page.title()
    assert page.wrong == []


def test_what_a_reader_has_opened_stays_as_it_is(served, opened):
    """Open parts stay open, closed ones closed, the focus where it was, the map alive; nothing is read out without a new stage."""
    page = opened("L2")
    is_told(page)
    page.wait_for_selector(".leaflet-container path.dc-land")
    page.locator("details summary").first.focus()
    page.keyboard.press("Enter")
    digest = page.get_attribute("#journey", "data-digest")
    states = "Array.from(document.querySelectorAll('#journey details'), one => one.open)"
    before = page.evaluate(states)
    served.post_scan(**scan("L2", status="in_transit"))
    page.wait_for_function("old => document.querySelector('#journey').dataset.digest !== old", arg=digest)

    after_news = page.evaluate(states)
    assert True in before
    assert after_news[: len(before)] == before or sum(after_news) == sum(before)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator(".leaflet-container path.dc-land").count() == 1
    assert page.inner_text("[data-live]") == ""
    assert page.wrong == []


@pytest.mark.parametrize(
    "script",
    ["delete window.EventSource;", "window.EventSource = function () { throw new Error('blocked'); };"],
    ids=["absent", "blocked"],
)
def test_without_event_streams_the_page_asks(served, opened, script):
    """The usual interval, here shortened, brings the same news."""
    page = opened(f"F{len(script)}", script=script + SHORT)

    assert moves(page, lambda: served.post_scan(**scan(f"F{len(script)}")), seconds=8) < 8
    assert page.evaluate("streams.length") == 0
    assert page.wrong == []


SHORT = "const later = window.setInterval; window.setInterval = (what, ms) => later(what, ms / 20); const wake = Date.now; const t0 = wake(); Date.now = () => t0 + (wake() - t0) * 20;"


def test_a_stream_that_keeps_failing_falls_back(served, opened):
    """Refused streams (too many, a proxy in between): the page asks, and tries the stream again with growing pauses."""
    page = opened("F0", script=SHORT, calm=False)
    page.context.route("**/events*", lambda route: route.fulfill(status=429, body="{}"))
    page.reload()
    page.evaluate("window.same = true")

    assert moves(page, lambda: served.post_scan(**scan("F0")), seconds=8) < 8
    page.context.unroute("**/events*")
    is_told(page)


def test_a_revoked_link_ends_the_stream_and_it_does_not_come_back(served, opened):
    """The page keeps what it has; its stream is closed for good."""
    page = opened("L3", calm=False)
    is_told(page)
    served.wiring.store.tokens.revoke(page.url.rsplit("/", 1)[1])

    page.wait_for_function("() => streams[0].readyState === 2", timeout=15_000)
    page.wait_for_timeout(3_000)
    assert page.evaluate("streams.length") == 1
    assert page.evaluate("window.same") is True


def test_a_hidden_page_holds_no_stream(served, opened):
    """Tabs share six connections: a hidden one lets go, and hears what it missed when it is looked at."""
    page = opened("L4")
    is_told(page)
    hide = "([hidden]) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, [True])
    assert page.evaluate("streams[0].readyState") == 2
    served.post_scan(**scan("L4"))

    assert moves(page, lambda: page.evaluate(hide, [False]), seconds=10) < 10


# ---- other processes ---------------------------------------------------------------------------------------------------------------


class Process:
    """Run `doorcast serve` as an operator does."""

    def __init__(self, folder: Path, port: int) -> None:
        self.environment = {**os.environ, "DOORCAST_STATE_FOLDER": str(folder), "DOORCAST_LOG_LEVEL": "ERROR"}
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "serving.cli", "serve", "--port", str(port)], env=self.environment, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + 150
        while not self.answers():
            assert time.monotonic() < until
            assert self.process.poll() is None
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            return httpx2.get(f"{self.address}/livez", timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def command(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "serving.cli", *words], env=self.environment, check=True, capture_output=True, timeout=120)


def scans_file(folder: Path, name: str, status: str) -> str:
    """Write a folder with one scan of S1 as a shop would export it."""
    now = datetime.now(UTC).isoformat()
    (folder / name).mkdir()
    header = "scan_id,shipment_id,status,occurred_at,received_at,source,zone_basis,voids"
    (folder / name / "scans.csv").write_text(f"{header}\n{name},S1,{status},{now},{now},export,explicit,false\n")
    return str(folder / name)


@pytest.fixture
def state(tmp_path):
    """Give a state folder with one shipment, and the path of its page."""
    settings = Settings(state_folder=tmp_path / "state")
    with open_wiring(settings, models=FakeModels(FakeForecaster())) as wiring:
        keep(wiring.store, shipment_id="S1", scans=SCANS[:5])
        return settings.state_folder, f"/track/{wiring.store.tokens.issue('S1')}"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.mark.timeout(600)  # five processes start one after another
def test_an_import_and_a_restart_lose_no_update(opened, state, tmp_path):
    """A scan imported by another process moves the page; so does one imported while the killed server was away, once it is back."""
    folder, path = state
    port = free_port()
    server = Process(folder, port)
    try:
        page = opened("S1", address=server.address, path=path, calm=False)
        is_told(page)
        imported = scans_file(tmp_path, "first", "out_for_delivery")
        moves(page, lambda: server.command("data", "import", imported), seconds=30)

        server.kill()
        server.command("data", "import", scans_file(tmp_path, "second", "delivered"))
        assert "Delivered" not in page.inner_text("[data-status]")
        server = Process(folder, port)
        began = time.monotonic()
        page.wait_for_function(f"() => {STATUS}.includes('Delivered')", timeout=20_000)
        print(f"the page moved {time.monotonic() - began:.1f} s after the restarted server answered")
        assert page.evaluate("window.same") is True

        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) in {0, -signal.SIGTERM}  # an open stream does not keep the server
    finally:
        server.kill()
