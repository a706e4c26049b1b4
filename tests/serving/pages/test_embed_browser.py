"""In a real browser a shop's page shows the parcel by one script tag, and a page of nobody does not."""

import http.server
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import uvicorn

from serving.app import create_app
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.makers import after, make_order
from tests.maps.journeys import SCANS
from tests.serving.pages.conftest import fill
from tests.serving.pages.stored import NoModel, keep
from tests.serving.pages.test_browser import CHROMIUM, DESK, PHONE, faults

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is absent; install Debian's package chromium to run this test"),
]

SHOP_POLICY = "default-src 'self'; script-src 'self' {home}; frame-src {home}; style-src 'self'"
"""A shop with a strict policy of its own needs to name us twice and nothing else."""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta http-equiv="Content-Security-Policy" content="{policy}"></head>
<body><main><h1>Your order</h1>
<script src="{home}/widget.js" data-doorcast-track="{token}" async></script></main></body></html>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Write nothing."""


@dataclass
class Shops:
    """Hold the addresses of Doorcast, of a shop that may embed and of a stranger, the folder of both, a link, and one without a forecast."""

    home: str
    shop: str
    stranger: str
    folder: Path
    token: str
    bare: str

    def page(self, token):
        policy = SHOP_POLICY.format(home=self.home)
        (self.folder / "order.html").write_text(PAGE.format(home=self.home, token=token, policy=policy), encoding="utf-8")


def until(page, expression):
    """Wait for an expression by asking again: the shop's policy forbids the waiting that Playwright writes into the page."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never came true: {expression}")


def pages_server(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "favicon.ico").touch()
    servers = [pages_server(folder) for _ in range(2)]
    settings = Settings(state_folder=tmp_path_factory.mktemp("embed"), embed_origins=(servers[0][1],))
    app = create_app(settings, wiring=open_wiring(settings, clock=lambda: after(31), models=NoModel()))
    fill(app.state.wiring.store)
    home = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=home.run, daemon=True)
    thread.start()
    while not home.started:
        thread.join(0.02)
    port = home.servers[0].sockets[0].getsockname()[1]
    store = app.state.wiring.store
    keep(store, shipment_id="Q1", order=make_order("O-Q1"), scans=SCANS[:2])
    token, bare = (store.tokens.issue(name) for name in ("S1", "Q1"))
    yield Shops(f"http://127.0.0.1:{port}", servers[0][1], servers[1][1], folder, token, bare)
    home.should_exit = True
    thread.join(timeout=10)
    for server, _ in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_shop_shows_the_parcel(shops, opened, size):
    """One script tag: the frame stands where the script stood, as high as what it shows, and nothing is kept in the browser."""
    shops.page(shops.token)
    watched = opened(size)
    page = watched.page
    page.goto(f"{shops.shop}/order.html")
    frame = page.frame_locator("iframe")
    frame.locator("h1", has_text="Arriving").wait_for()
    until(page, "document.querySelector('iframe').style.height !== '17rem'")
    height = frame.locator("body").evaluate("body => body.offsetHeight")

    assert page.locator("iframe").get_attribute("sandbox") == "allow-scripts allow-popups allow-popups-to-escape-sandbox"
    assert abs(page.evaluate("document.querySelector('iframe').getBoundingClientRect().height") - height) <= 1
    assert frame.locator("body").evaluate("() => document.documentElement.scrollHeight <= innerHeight + 1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.context.cookies() == []
    assert (
        frame.locator("body").evaluate("() => { try { return localStorage.length + '' } catch (error) { return error.name } }")
        == "SecurityError"
    )
    assert faults(page) == []
    assert watched.wrong == []


@pytest.mark.parametrize(("wish", "direction", "title"), [("ar", "rtl", "الطرد"), ("de", "ltr", "Paket"), ("constructor", "ltr", "Parcel")])
def test_a_shop_chooses_the_language(shops, opened, wish, direction, title):
    """By an attribute of the tag; a language that the frame does not speak changes nothing."""
    tag = f'<script src="{shops.home}/widget.js" data-doorcast-track="{shops.token}" data-doorcast-lang="{wish}"></script>'
    (shops.folder / "spoken.html").write_text(f'<meta charset="windows-1252"><body>{tag}', encoding="utf-8")
    page = opened().page
    page.goto(f"{shops.shop}/spoken.html")
    page.frame_locator("iframe").locator("h1").wait_for()

    assert page.locator("iframe").get_attribute("title") == title
    assert page.frame_locator("iframe").locator("html").get_attribute("dir") == direction


def test_the_height_follows(shops, opened):
    """A narrower window makes the frame higher; nothing is cut off."""
    shops.page(shops.token)
    page = opened(DESK).page
    page.goto(f"{shops.shop}/order.html")
    page.frame_locator("iframe").locator("h1").wait_for()
    until(page, "document.querySelector('iframe').style.height !== '17rem'")
    wide = page.evaluate("document.querySelector('iframe').offsetHeight")
    page.set_viewport_size({"width": 320, "height": 640})
    until(page, f"document.querySelector('iframe').offsetHeight > {wide}")

    assert page.frame_locator("iframe").locator("body").evaluate("() => document.documentElement.scrollHeight <= innerHeight + 1")


def test_a_stranger_shows_nothing(shops, opened):
    """A page of another origin gets no frame: the browser refuses it, and no word of the journey comes over."""
    shops.page(shops.token)
    page = opened().page
    page.goto(f"{shops.stranger}/order.html")
    page.wait_for_selector("iframe")
    page.wait_for_timeout(500)

    assert page.frames[-1].url.startswith("chrome-error:")
    assert page.evaluate("document.querySelector('iframe').style.height") == "17rem"


def test_the_journey_page_stands_in_no_frame(shops, opened):
    """Also the shop that may embed cannot frame the whole page, where clicks could be caught."""
    (shops.folder / "frame.html").write_text(f'<iframe src="{shops.home}/track/{shops.token}"></iframe>', encoding="utf-8")
    page = opened().page
    page.goto(f"{shops.shop}/frame.html")
    page.wait_for_timeout(500)

    assert page.frames[-1].url.startswith("chrome-error:")


def test_others_cannot_set_the_height(shops, opened):
    """A message from the page around, or of another shape, changes nothing."""
    shops.page(shops.token)
    page = opened().page
    page.goto(f"{shops.shop}/order.html")
    page.frame_locator("iframe").locator("h1").wait_for()
    until(page, "document.querySelector('iframe').style.height !== '17rem'")
    before = page.evaluate("document.querySelector('iframe').style.height")
    page.evaluate("postMessage({doorcast: 'height', height: 3000}, '*')")
    page.frames[-1].evaluate("for (const height of [-1, 1e9, '900', null]) parent.postMessage({doorcast: 'height', height}, '*')")
    page.wait_for_timeout(200)

    assert page.evaluate("document.querySelector('iframe').style.height") == before


@pytest.mark.parametrize("token", ["", "short", "../../ops", "x' onload='window.__pwned=1", "a" * 500])
def test_a_wrong_attribute_makes_no_frame(shops, opened, token):
    """What cannot be a token is told in the console, and nothing is asked for."""
    shops.page(token.replace("'", "&#39;"))
    watched = opened()
    watched.page.goto(f"{shops.shop}/order.html")
    until(watched.page, "performance.getEntriesByName(document.querySelector('script').src).length > 0")
    watched.page.wait_for_timeout(200)

    assert watched.page.locator("iframe").count() == 0
    assert any("doorcast:" in said for said in watched.wrong)


def test_a_frame_needs_no_script(shops, opened):
    """A plain frame in the shop's page shows the journey too, also with JavaScript off."""
    (shops.folder / "plain.html").write_text(f'<iframe src="{shops.home}/embed/{shops.token}"></iframe>', encoding="utf-8")
    watched = opened(java_script_enabled=False)
    watched.page.goto(f"{shops.shop}/plain.html")

    assert "Arriving" in watched.page.frame_locator("iframe").locator("h1").inner_text()
    assert watched.wrong == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_small_pages_are_usable(shops, opened, size, scheme):
    """The frame by itself, the frame of a wrong link and the page of a missing entry: no fault by axe, nothing cut off."""
    bare = shops.bare
    for address, status in ((f"/embed/{shops.token}", 200), ("/embed/wrong", 404), (f"/track/{bare}/arrival.ics", 404)):
        watched = opened(size, color_scheme=scheme)
        answer = watched.page.goto(shops.home + address)

        assert answer.status == status
        assert faults(watched.page) == []
        assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [said for said in watched.wrong if "404" not in said] == []
