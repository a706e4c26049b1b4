"""In a real browser the pages are calm: no error, no foreign host, nothing executed, usable by keyboard and without scripts."""

import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn

from maps.page import standalone
from tests.makers import after, make_order
from tests.maps.hostile import HOSTILE, RUN, poisoned
from tests.maps.journeys import CHANGED, SCANS, make_forecast, stages
from tests.serving.pages.conftest import fill
from tests.serving.pages.stored import application, keep

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is absent; install Debian's package chromium to run this test"),
]


class Served:
    """Hold a served application and what opens it."""

    def __init__(self, address, app):
        wiring = app.state.wiring
        self.address, self.store, self.key = address, wiring.store, wiring.keyring.first_key
        self.track = f"{address}/track/{wiring.store.tokens.issue('S1')}"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    app = application(tmp_path_factory.mktemp("browser"), after(31))
    fill(app.state.wiring.store)
    for number in range(40):
        keep(
            app.state.wiring.store,
            shipment_id=f"R{number}",
            order=make_order(f"O{number}"),
            scans=SCANS[: 3 + number % 2],
            forecasts=(make_forecast(29, 50, 60, 70, late=0.2 + number / 50),),
        )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(f"http://127.0.0.1:{port}", app)
    server.should_exit = True
    thread.join(timeout=10)


class Watched:
    """Hold a page and everything that went wrong in it."""

    def __init__(self, page):
        self.page, self.wrong = page, []
        page.on("console", lambda message: self.wrong.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", self.asked)
        page.add_init_script(
            "addEventListener('securitypolicyviolation', event => console.error('CSP ' + event.violatedDirective + event.blockedURI))"
        )

    def asked(self, request):
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:")):
            self.wrong.append(f"asked another host: {request.url}")


def enter(watched, served):
    watched.page.goto(f"{served.address}/ops")
    watched.page.fill("#key", served.key)
    watched.page.click("button[type=submit]")
    watched.page.wait_for_selector(".tiles")
    watched.wrong.clear()  # the 401 of the form itself is an entry of the console


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_journey_page_is_calm_and_accessible(served, opened, size, scheme):
    """No error, no violation of the policy, no other host, no fault found by axe; the map opens with all its stops."""
    watched = opened(size, color_scheme=scheme)
    page = watched.page
    page.goto(served.track)
    if size is PHONE:
        answer = page.locator("h1").bounding_box()
        assert answer["y"] + answer["height"] < size["height"]
        page.click("[data-map-open]")
    page.wait_for_selector(".leaflet-container path.dc-land")

    assert page.locator(".dc-stop").count() == 5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []
    assert watched.wrong == []


def faults(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(fault["id"], [node["html"][:120] for node in fault["nodes"]][:2]) for fault in found]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_operations_room_is_calm_and_accessible(served, opened, size):
    """The same for the room, its form, and the page of a wrong link."""
    watched = opened(size)
    page = watched.page
    page.goto(f"{served.address}/ops")
    assert faults(page) == []
    page.goto(f"{served.address}/track/wrong")
    assert faults(page) == []
    enter(watched, served)
    page.reload()
    page.wait_for_selector(".leaflet-container path.dc-land")

    assert page.evaluate("doorcast.fleet.groups.reduce((sum, group) => sum + group.all, 0)") > 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []
    assert watched.wrong == []


def test_the_page_is_complete_without_scripts(served, opened):
    """With JavaScript off the answer, the picture, the stops and the whole timeline are there."""
    watched = opened(PHONE, java_script_enabled=False)
    page = watched.page
    page.goto(served.track)

    assert "Arriving Wednesday" in page.inner_text("h1")
    assert page.locator(".picture .dc-mark").count() == 5
    assert page.locator(".stop").count() == 5
    assert page.locator(".event").count() == 5
    assert page.locator("button:visible").count() == 0
    assert watched.wrong == []


@pytest.mark.parametrize("stage", ["moving", "delivered", "before"])
def test_the_file_works_from_disk(browser, opened, tmp_path, stage):
    """With the network off, a file on disk draws its map and asks nobody."""
    file = tmp_path / "journey.html"
    file.write_text(standalone(stages()[stage]), encoding="utf-8")
    watched = opened(DESK, offline=True)
    page = watched.page
    page.goto(file.as_uri())
    page.wait_for_selector(".leaflet-container path.dc-land")

    assert page.locator(".dc-stop").count() == 5
    assert page.locator(".dc-label-town").count() > 3
    assert faults(page) == []
    assert watched.wrong == []


def test_a_keyboard_walks_the_stops(served, opened):
    """Tab goes through the stops in journey order, Enter opens one, Escape closes it, and the focus comes back."""
    page = opened().page
    page.goto(served.track)
    page.wait_for_selector(".leaflet-container path.dc-land")
    page.locator(".dc-stop").first.focus()
    names = []
    for _ in range(5):
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("Tab")
    page.locator(".dc-stop").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup .dc-card-title")
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")

    assert [name.split(":")[0] for name in names] == [f"Stop {number}" for number in range(1, 6)]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Stop 2")


def test_arrows_walk_from_stop_to_stop(served, opened):
    """On a stop the arrows lead to its neighbours in journey order, Home and End to the ends."""
    watched = opened()
    page = watched.page
    page.goto(served.track)
    page.wait_for_selector(".leaflet-container path.dc-land")
    page.locator(".dc-stop").first.focus()
    names = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "End", "ArrowRight", "Home"):
        page.keyboard.press(key)
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')").split(":")[0])

    assert names == ["Stop 2", "Stop 3", "Stop 2", "Stop 5", "Stop 5", "Stop 1"]
    assert watched.wrong == []


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_journey_plays(served, opened, motion):
    """The slider stands at now; moved back, the dot stands at the warehouse; playing moves it on, and a pause holds it."""
    watched = opened(reduced_motion=motion)
    page = watched.page
    page.goto(served.track)
    page.wait_for_selector("[data-playback]:not([hidden])")
    slider, button, said = (
        page.locator("[data-playback] input"),
        page.locator("[data-playback] button"),
        page.locator("[data-playback] output"),
    )
    began = int(slider.input_value())
    slider.focus()
    page.keyboard.press("Home")
    first = said.text_content()
    button.click()
    while int(slider.input_value()) <= 100:
        page.wait_for_timeout(50)
    button.click()
    held = slider.input_value()
    page.wait_for_timeout(300)

    assert 0 < began < 1000
    assert "Memphis" in first
    assert "forecast" not in first
    assert page.locator(".dc-playback").count() == 1
    assert slider.input_value() == held
    assert button.get_attribute("aria-pressed") == "false"
    page.keyboard.press("Tab")
    slider.focus()
    page.keyboard.press("End")
    assert "forecast" in said.text_content()
    assert watched.wrong == []


def mixed(texts):
    """Give a journey with another payload in each of its five stops and events, and the first in every other field."""
    views = [poisoned(stages()["moving"], text) for text in texts]
    stops = tuple(views[number % len(views)].stops[number] for number in range(5))
    return replace(views[0], stops=stops, timeline=tuple(views[number % len(views)].timeline[number] for number in range(5)))


RUNNING = [text for text in HOSTILE if RUN in text or "alert" in text]


@pytest.mark.parametrize("start", range(0, len(RUNNING), 5))
def test_hostile_words_do_nothing(opened, tmp_path, start):
    """Every payload that could run, in stops, events and around them: shown, opened in the map, and nothing of it runs."""
    watched = opened(DESK, offline=True)
    page = watched.page
    file = tmp_path / "journey.html"
    file.write_text(standalone(mixed(RUNNING[start : start + 5])), encoding="utf-8")
    page.goto(file.as_uri(), wait_until="load")
    for number in range(5):
        page.locator(".dc-stop").nth(number).dispatch_event("click")
        page.wait_for_selector(".dc-card-title")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")

    assert page.evaluate("typeof window.__pwned") == "undefined"
    assert watched.wrong == []


def test_news_come_without_a_reload(served, opened):
    """A new forecast changes the words of an open page while the map stays open; nothing is read out, because the stage is the same."""
    keep(served.store, shipment_id="N1", scans=SCANS[:5], forecasts=CHANGED)
    watched = opened()
    page = watched.page
    page.clock.install()
    page.goto(f"{served.address}/track/{served.store.tokens.issue('N1')}")
    page.wait_for_selector(".leaflet-container path.dc-land")
    page.evaluate("window.same = true")
    served.store.forecasts.append([make_forecast(30.5, 70, 76, 80, shipment_id="N1")])
    page.clock.fast_forward(25_000)
    page.locator("h1", has_text="between").wait_for()

    assert page.evaluate("window.same") is True
    assert page.locator(".leaflet-container path.dc-land").count() == 1
    assert "between" in page.title()
    assert page.inner_text("[data-live]") == ""
    assert watched.wrong == []


def test_nothing_is_cut_off_at_320_pixels(served, opened):
    """The narrowest screens of the accessibility rules need no sideways scrolling (WCAG 2.2, 1.4.10)."""
    watched = opened({"width": 320, "height": 600})
    for address in (served.track, f"{served.address}/ops", f"{served.address}/track/wrong"):
        watched.page.goto(address)

        assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
