"""In a real browser the look-up pages are calm, readable and usable by keyboard and without scripts."""

import re
import threading
import time

import pytest
import uvicorn

from serving.app import create_app
from serving.pages.find_words import say
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.mailbox import Mailbox
from tests.makers import after
from tests.serving.finding.conftest import fill
from tests.serving.pages.stored import NoModel
from tests.serving.pages.test_browser import DESK, PHONE, pytestmark  # noqa: F401 - marks of that room

REFUSED = ("TN-PLAIN", "90210")


class House:
    """Hold a served application and the mailbox that its letters go to."""

    def __init__(self, folder):
        self.mailbox = Mailbox()
        settings = Settings(state_folder=folder, lookups_per_network=10_000, lookups_per_number=1_000, mails_per_number=1_000)
        self.wiring = open_wiring(settings, clock=lambda: after(1), models=NoModel(), mailer=self.mailbox, pause=lambda: 0)
        fill(self.wiring.store, self.wiring.digests)
        app = create_app(settings, wiring=self.wiring)
        self.server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        self.address = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def close(self):
        self.server.should_exit = True
        self.thread.join(timeout=10)
        self.wiring.close()

    def link(self):
        """Give the path of the newest mailed link."""
        assert self.mailbox.wait(letters=1)
        return re.search(r"(/track/[\w-]+/open)", self.mailbox.letters[-1].get_body(("plain",)).get_content())[1]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    built = House(tmp_path_factory.mktemp("find"))
    yield built
    built.close()


def ask(page, number, fact, button="open_button"):
    page.fill("#number", number)
    page.fill("#fact", fact)
    page.get_by_role("button", name=say(button)).click()


def sound(page):
    """Give what axe finds, and whether the page is as wide as the screen."""
    from axe_playwright_python.sync_playwright import Axe

    found = [violation["id"] for violation in Axe().run(page).response["violations"]]
    return found, page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_calm_and_accessible(house, opened, size, scheme):
    """Form, refusal, sent, button, used link: nothing for axe, no error, no foreign host, nothing cut off, targets of 44 pixels."""
    watched = opened(size, color_scheme=scheme)
    page = watched.page
    page.goto(f"{house.address}/track")
    seen = [sound(page)]
    heights = [box.bounding_box()["height"] for box in page.locator(".plain input:not([type=hidden]), .plain button").all()]
    ask(page, *REFUSED)
    page.get_by_role("alert").wait_for()
    seen.append(sound(page))
    ask(page, "O-ADA", "11215", "mail_button")
    page.get_by_role("heading", name=say("sent_title")).wait_for()
    seen.append(sound(page))
    page.goto(house.address + house.link())
    seen.append(sound(page))
    page.get_by_role("button").click()
    page.wait_for_url(re.compile(r"/track/[\w-]{32}$"))
    assert watched.wrong == []
    page.goto(house.address + house.link())
    page.get_by_role("button").click()
    page.get_by_role("heading", name=say("used_title")).wait_for()
    seen.append(sound(page))

    assert seen == [([], True)] * 5
    assert min(heights) >= 44


def test_by_keyboard_and_without_scripts(house, opened):
    """Tab, type, tab, type, enter: the journey opens; enter means the first button, which shows the journey."""
    watched = opened(PHONE, java_script_enabled=False)
    page = watched.page
    page.goto(f"{house.address}/track")
    page.keyboard.press("Tab")
    page.keyboard.type("TN-PLAIN")
    page.keyboard.press("Tab")
    page.keyboard.type("11215")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/track/[\w-]{32}$"))

    assert page.locator("h1").count() == 1
    assert "TN-PLAIN" not in page.content()
    assert watched.wrong == []


def test_the_number_is_kept_and_the_second_fact_is_not(house, opened):
    """Whoever mistyped need not type both again, and whoever looks over the shoulder reads no address; no cookie is set."""
    watched = opened()
    page = watched.page
    page.goto(f"{house.address}/track")
    ask(page, *REFUSED)
    page.get_by_role("alert").wait_for()

    assert page.input_value("#number") == REFUSED[0]
    assert page.input_value("#fact") == ""
    assert page.context.cookies() == []
    assert watched.wrong == []


def test_nothing_is_cut_off_at_320_pixels(house, opened):
    """The narrowest screens of the accessibility rules need no sideways scrolling (WCAG 2.2, 1.4.10)."""
    watched = opened({"width": 320, "height": 600})
    for path in ("/track", "/track/x/open"):
        watched.page.goto(house.address + path)

        assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
