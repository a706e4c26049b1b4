"""The one file on paper and in the dark: whole, readable, and asking nobody."""

import pytest

from maps.page import standalone
from maps.palette import DARK, LIGHT
from tests.maps.journeys import stages
from tests.serving.pages.test_browser import DESK, PHONE, faults
from tests.serving.pages.test_browser import pytestmark as needs_chromium

pytestmark = needs_chromium

A4 = {"width": 718, "height": 1046}
"""An A4 page at 96 dots an inch, without its margins of a centimetre."""


def rgb(colour):
    return "rgb({}, {}, {})".format(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))


@pytest.fixture
def file(opened, tmp_path):
    """Open the file of a stage from disk, with the network off."""

    def opener(stage, size=DESK, **options):
        path = tmp_path / f"{stage}.html"
        path.write_text(standalone(stages()[stage]), encoding="utf-8")
        watched = opened(size, offline=True, **options)
        watched.page.goto(path.as_uri())
        return watched

    return opener


@pytest.mark.parametrize("stage", ["moving", "delivered", "returning"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_file_follows_the_dark(file, stage, size):
    """In the dark the file takes the dark palette, with enough contrast everywhere (axe)."""
    watched = file(stage, size, color_scheme="dark")
    page = watched.page

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == rgb(DARK["paper"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []
    assert watched.wrong == []


@pytest.mark.parametrize(("stage", "scheme"), [(stage, ("light", "dark")[number % 2]) for number, stage in enumerate(stages())])
def test_the_file_prints_whole(file, stage, scheme):
    """On paper, of light and dark screens by turns: dark ink on white, the picture in the map's place, every event unfolded, no button."""
    watched = file(stage, A4, color_scheme=scheme)
    page = watched.page
    page.emulate_media(media="print", color_scheme=scheme)

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == rgb(LIGHT["ink"])
    assert page.locator(".picture").is_visible()
    assert page.locator("button:visible").count() == 0
    assert page.evaluate("[...document.querySelectorAll('.event')].every(event => event.offsetHeight > 0)")
    assert page.evaluate(
        "[...document.querySelectorAll('.event-carrier p')].every(words => words.checkVisibility({contentVisibilityAuto: true}))"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert watched.wrong == []


def test_a_print_fits_few_pages(file):
    """A journey of five stops takes at most four sheets, and the printer is asked for nothing else."""
    watched = file("moving", A4)
    sheets = watched.page.pdf(format="A4").count(b"/Type /Page\n")

    assert 1 <= sheets <= 4
    assert watched.wrong == []


def test_the_file_without_scripts_prints_the_same(file):
    """With JavaScript off the printed page has the same words."""
    said = []
    for options in ({}, {"java_script_enabled": False}):
        page = file("moving", A4, **options).page
        page.emulate_media(media="print")
        said.append(page.inner_text("main"))

    assert said[0] == said[1]
