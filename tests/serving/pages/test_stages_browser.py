"""Every stage in every language is calm and accessible in a real browser, on a phone and on a desk."""

import threading
import time
from pathlib import Path

import pytest
import uvicorn
from fastapi import Request

from maps.brand import Brand, Support
from maps.language import LANGUAGES
from maps.order_view import OrderPartView, OrderView
from serving.pages.track import journey_page
from tests.makers import after
from tests.maps.journeys import stages
from tests.serving.pages.stored import application
from tests.serving.pages.test_browser import ARGUMENTS, CHROMIUM, DESK, PHONE, Watched, faults

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is absent; install Debian's package chromium to run this test"),
]

BRAND = Brand(
    name="Acme Goods & Sons",
    accent_light="#7a1f5c",
    accent_dark="#ff9ad5",
    support=Support("https://shop.example/help", "help@shop.example", "+1 555 0100"),
    greetings={"en": "Thanks for your order."},
    footers={"en": "Acme Goods, 1 Main Street"},
    pickup_days=7,
    hold_days=5,
)
LINK = "http://127.0.0.1:8000/track/token"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve each stage as the real page: through the app's own headers, policy and compression."""
    app = application(tmp_path_factory.mktemp("stages"), after(31))

    @app.get("/stage/{stage}")
    def stage(stage: str, request: Request):
        view = stages()[stage]
        others = (OrderPartView(view.status, view.arrival and view.arrival.p50, view.delivered_at, here=True), OrderPartView(view.status))
        order = OrderView(others, (view.arrival.start, view.arrival.end) if view.arrival else None)
        plain = "plain" in request.query_params
        return journey_page(request, view) if plain else journey_page(request, view, brand=BRAND, order_complete=order, address=LINK)

    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/stage"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


SMALL = """() => [...document.querySelectorAll('a, button, summary, input')].filter(part => part.offsetParent && !part.closest('.leaflet-container'))
  .filter(part => { const box = part.getBoundingClientRect(); return box.height < 44 || box.width < 24; }).map(part => part.outerHTML.slice(0, 80))"""
WIDE = "document.documentElement.scrollWidth > innerWidth"


def wrong_with(watched, size):
    page = watched.page
    found = [*faults(page), *page.evaluate(SMALL), *watched.wrong]
    watched.wrong.clear()
    if page.evaluate(WIDE):
        found.append("scrolls sideways")
    box = page.locator("h1").bounding_box()
    if size is PHONE and box["y"] + box["height"] > size["height"]:
        found.append("the answer is below the first screen")
    return found


SIZES = [(PHONE, "light"), (DESK, "dark")]


@pytest.fixture(scope="module", params=[0, 1], ids=["phone", "desk"])
def screen(request, browser):
    """Give a watched page on a phone, then on a desk; one for all stages, because opening one takes as long as looking at it."""
    size, scheme = SIZES[request.param]
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    yield Watched(context.new_page()), size
    context.close()


def language_at(stage, size):
    """Give the language in which a stage is looked at on a screen: in turns, so that both screens see every stage and every language."""
    turn = list(stages()).index(stage) + 2 * (size is DESK)
    return LANGUAGES[turn % len(LANGUAGES)]


def test_both_screens_see_every_language():
    """The turns leave no language out."""
    for size in (PHONE, DESK):
        assert {language_at(stage, size) for stage in stages()} == set(LANGUAGES)


@pytest.mark.parametrize("stage", stages())
def test_every_stage_is_calm_and_accessible(screen, address, stage):
    """axe finds nothing; no error, no violation, no other host; nothing is cut off, and what can be touched is large enough."""
    watched, size = screen
    watched.page.goto(f"{address}/{stage}?lang={language_at(stage, size)}")

    assert wrong_with(watched, size) == []


def test_nothing_is_cut_off_in_any_language(screen, address):
    """The stages with the longest sentences, in every language, without sideways scrolling."""
    watched, _ = screen
    wide = []
    for language in LANGUAGES:
        for stage in ("before", "attempt", "moving"):
            watched.page.goto(f"{address}/{stage}?lang={language}", wait_until="domcontentloaded")
            wide += [(language, stage)] if watched.page.evaluate(WIDE) else []

    assert wide == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_map_speaks_the_language_of_its_page(browser, address, language):
    """The live map keeps its direction; its controls and stops are named in the page's language."""
    context = browser.new_context(viewport=DESK)
    watched = Watched(context.new_page())
    page = watched.page
    page.goto(f"{address}/moving?lang={language}&plain=1")
    page.wait_for_selector(".leaflet-container path.dc-land")
    page.locator(".dc-stop").first.dispatch_event("click")
    close = page.wait_for_selector(".leaflet-popup-close-button").get_attribute("aria-label")
    zoom = page.locator(".leaflet-control-zoom-in").get_attribute("aria-label")

    assert (close, zoom) == {"en": ("Close", "Zoom in"), "ar": ("إغلاق", "تكبير")}[language]
    assert page.locator("[data-map-frame]").evaluate("part => getComputedStyle(part).direction") == "ltr"
    assert faults(page) == []
    assert watched.wrong == []
    context.close()
