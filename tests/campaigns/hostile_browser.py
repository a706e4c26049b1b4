"""Open hostile outputs in a headless Chromium: page and embedded frame from a real server, file and SVG from disk; count what runs, complains or asks others."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Page, sync_playwright

from data.domain.errors import DoorcastError
from maps.language import LANGUAGES, language_of
from maps.page import standalone
from maps.page_words import page_words
from maps.still_picture import svg
from tests.campaigns.hostile_store import keep_hostile, stored
from tests.maps.hostile import poisoned
from tests.maps.journeys import stages

if TYPE_CHECKING:
    from tests.campaigns.hostile_text import Tally

__all__ = ["ARGUMENTS", "CHROMIUM", "browse"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
OURS = ("http://127.0.0.1:", "data:", "blob:", "file:", "about:")
RAN = "typeof window.__pwned !== 'undefined' || typeof window.__pwned2 !== 'undefined' || typeof ({}).__pwned !== 'undefined'"
WATCH = "addEventListener('securitypolicyviolation', event => console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI))"


class Opened:
    """Open outputs in one page and note everything that goes wrong, under the name of what is open."""

    def __init__(self, page: Page, tally: "Tally") -> None:
        self.page, self.tally, self.name, self.text = page, tally, "", ""
        page.add_init_script(WATCH)
        page.on("console", lambda said: self.note("console", said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.note("error", str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(OURS) else self.note("another host", asked.url))
        page.on("dialog", lambda dialog: (self.note("dialog", dialog.message), dialog.dismiss()))
        page.on("popup", lambda other: self.note("window", other.url))

    def note(self, what: str, example: str) -> None:
        """Count a failure of what is open."""
        self.tally.note(f"browser {self.name}: {what}", f"{example[:200]} by {self.text[:80]!r}")

    def look(self, name: str, address: str, text: str, *, stops: bool = False) -> None:
        """Open an address, open its stops and folded parts, move over it, and ask every frame whether anything ran."""
        self.name, self.text = name, text
        self.tally.made[f"browser {name}"] += 1
        self.page.goto(address, wait_until="load")
        if stops:
            self.page.wait_for_selector(".dc-stop", state="attached")
            self.page.evaluate("[...document.querySelectorAll('.dc-stop')].forEach(stop => stop.click())")
        self.page.evaluate("[...document.querySelectorAll('details')].forEach(part => { part.open = true; })")
        self.page.mouse.move(200, 200)
        for frame in self.page.frames:
            if frame.evaluate(RAN):
                self.note("executed", address)
        if not self.page.url.startswith(address.partition("#")[0]):
            self.note("went elsewhere", self.page.url)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Give the address of a running application."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@contextmanager
def shop_page() -> Iterator[str]:
    """Serve a shop's page that frames ``/embed/…`` of whoever is named in its address."""
    shop = FastAPI()

    @shop.get("/")
    def page(frame: str) -> HTMLResponse:
        return HTMLResponse(f'<!doctype html><link rel="icon" href="data:,"><iframe src="{frame}" sandbox="allow-scripts"></iframe>')

    with served(shop) as address:
        yield address


def browse(texts: Sequence[str], tally: "Tally") -> None:
    """Open page, file, SVG and embedded frame of every text."""
    with (
        tempfile.TemporaryDirectory() as folder,
        shop_page() as shop,
        stored(embed_origins=(shop,)) as app,
        served(app) as home,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        opened = Opened(context.new_page(), tally)
        for number, text in enumerate(texts):
            language = language_of(LANGUAGES[number % len(LANGUAGES)])
            view = poisoned(stages()[list(stages())[number % len(stages())]], text)
            file, drawn = Path(folder, "journey.html"), Path(folder, "journey.svg")
            file.write_text(standalone(view, language=language), encoding="utf-8")
            drawn.write_bytes(svg(view, page_words(view, language=language)))
            opened.look("file", file.as_uri(), text, stops=True)
            opened.look("svg", drawn.as_uri(), text)
            try:
                token = keep_hostile(app, f"hostile-{number}", text)
            except (DoorcastError, ValueError):
                continue
            opened.look("page", f"{home}/track/{token}?lang={language.code}", text, stops=True)
            opened.look("embed", f"{shop}/?frame={home}/embed/{token}", text)
        browser.close()
