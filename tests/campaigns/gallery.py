"""Take the README's pictures of the customer's page, one for each stage: ``make gallery``.

Each stage of `tests.maps.journeys` is drawn as a phone shows it (360 x 640, twice the pixels, quantized to keep the repository light); some also
on a desk, in the dark and in other languages. Two runs over the same code give the same pictures.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from maps.language import language_of
from maps.page import standalone
from tests.maps.journeys import stages

FOLDER = Path(__file__).parents[2] / "maps" / "pictures"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PHONE: ViewportSize = {"width": 360, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 800}
MOST_COLOURS = 128


def shoot(browser: Browser, html: str, size: ViewportSize, *, scheme: Literal["light", "dark"] = "light", open_map: bool = False) -> bytes:
    """Give a page as a picture (PNG) of the window's size; ``open_map`` for its interactive map instead of its beginning."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "journey.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport=size, device_scale_factor=2, color_scheme=scheme, offline=True, reduced_motion="reduce")
        page = context.new_page()
        page.goto(file.as_uri())
        page.wait_for_timeout(400)
        if open_map:
            page.locator("[data-map-open]").click()
            page.locator(".map-card").evaluate("card => card.scrollIntoView()")
            page.wait_for_timeout(400)
        taken = page.screenshot()
        context.close()
    return taken


def keep(name: str, taken: bytes) -> None:
    """Write a picture with few colours."""
    few = Image.open(io.BytesIO(taken)).convert("RGB").quantize(MOST_COLOURS)
    few.save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    """Write the pictures and say how large they are."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is absent; install Debian's package chromium and run this again.")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for stage, view in stages().items():
            keep(f"stage-{stage}", shoot(browser, standalone(view), PHONE))
            print(f"stage-{stage}.png", file=sys.stderr)
        keep("desk", shoot(browser, standalone(stages()["moving"]), DESK))
        keep("desk-dark", shoot(browser, standalone(stages()["out"]), DESK, scheme="dark"))
        for code in ("de", "ar"):
            html = standalone(stages()["moving"], language=language_of(code))
            keep(f"phone-{code}", shoot(browser, html, PHONE))
        keep("map-ar", shoot(browser, standalone(stages()["moving"], language=language_of("ar")), PHONE, open_map=True))
        keep("map", shoot(browser, standalone(stages()["moving"]), PHONE, open_map=True))
        browser.close()
    total = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures, {total / 1000:.0f} kB in {FOLDER.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
