"""In a real browser the embedded frame and the look-up page are usable in German and in Arabic."""

import threading
import time

import pytest
import uvicorn

from tests.serving.pages.test_browser import DESK, PHONE, faults, pytestmark  # noqa: F401 - marks of that room
from tests.serving.pages.test_languages import DEFAULT, House


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("spoken"), brands=DEFAULT)
    server = uvicorn.Server(uvicorn.Config(house.client.app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", house
    server.should_exit = True
    thread.join(timeout=10)
    house.wiring.close()


@pytest.mark.parametrize(("code", "size", "scheme"), [("ar", PHONE, "light"), ("ar", DESK, "dark"), ("de", PHONE, "dark")])
def test_frame_and_form_are_usable(served, opened, code, size, scheme):
    """No fault by axe, nothing cut off, no error; the text runs in the language's direction."""
    home, house = served
    for address in (f"/embed/{house.token}", "/embed/wrong", "/track", "/track/some-link/open"):
        watched = opened(size, color_scheme=scheme)
        watched.page.goto(f"{home}{address}?lang={code}")

        assert watched.page.evaluate("getComputedStyle(document.body).direction") == ("rtl" if code == "ar" else "ltr")
        assert faults(watched.page) == [], address
        assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert [said for said in watched.wrong if "404" not in said] == []


def test_the_next_page_keeps_the_language(served, opened):
    """A refusal is said in the language of the form, and another language is one click away."""
    home, _ = served
    page = opened(PHONE, java_script_enabled=False).page
    page.goto(f"{home}/track?lang=ar")
    page.fill("#number", "X")
    page.fill("#fact", "Y")
    page.locator("button[value=open]").click()

    assert page.locator("html").get_attribute("lang") == "ar"
    assert page.locator("[role=alert]").count() == 1
    page.get_by_role("link", name="Deutsch").click()
    assert page.locator("html").get_attribute("lang") == "de"
