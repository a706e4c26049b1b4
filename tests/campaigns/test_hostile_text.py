"""The hostile campaign in small: some sixty texts over all families on every output, a few of them in a browser."""

import pytest

from maps.language import ENGLISH
from tests.campaigns.hostile_browser import CHROMIUM, browse
from tests.campaigns.hostile_outputs import outputs
from tests.campaigns.hostile_store import fetched
from tests.campaigns.hostile_text import CANARY, Tally, chosen, server_side, views
from tests.campaigns.payloads import FAMILIES, PAYLOADS, SUM
from tests.campaigns.structure import parts_of


def test_there_are_hundreds_of_texts_of_ten_families():
    """The whole campaign has more than three hundred, and the small one takes some of each family."""
    assert len(PAYLOADS) > 300
    assert all(set(family) & set(chosen(60)) for family in FAMILIES.values())


def test_no_output_obeys_a_text():
    """Nothing is run on the server, no output gets another structure, none fails."""
    tally = Tally()
    server_side(chosen(60), tally, slow_every=6)

    assert tally.wrong == {}, tally.examples
    assert min(tally.made[name] for name in ("page", "brand", "form", "letter", "calendar", "geojson")) > 100
    assert min(tally.made["file"], tally.made["svg"], tally.made["png"]) >= 9


def test_no_stored_text_is_obeyed():
    """The same through the store, the API and HTTP."""
    tally = Tally()
    fetched(chosen(10), tally)

    assert tally.wrong == {}, tally.examples
    assert tally.made["stored page"] >= 7  # the store itself refuses a few
    assert tally.made["look-up form"] > 0


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is absent; install Debian's package chromium to run this test")
def test_nothing_runs_in_a_browser():
    """Page, file, SVG and embedded frame: nothing executed, nothing in the console, nobody else asked."""
    tally = Tally()
    browse(("<img src=x onerror=window.__pwned=1>", "</script><script>window.__pwned=1</script>", "${window.__pwned=1}"), tally)

    assert tally.wrong == {}, tally.examples
    assert tally.made["browser embed"] == 3


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        (lambda page: page.replace(b"</main>", f"<p>{SUM}</p></main>".encode()), "evaluated"),
        (lambda page: page.replace(b"</main>", f"<p>{CANARY}</p></main>".encode()), "evaluated"),
        (lambda page: page.replace(b"</main>", b"<img src=x onerror=alert(1)></main>"), "structure"),
        (lambda page: page.replace(b"<h1 ", b'<h1 onclick="x" '), "structure"),
        (lambda page: page.replace(b'"legs":', b'"mine":1,"legs":'), "structure"),
        (lambda page: page.replace(b'"legs":', b'"legs"'), "unreadable"),
    ],
    ids=["a sum", "the environment", "an element", "a handler", "a name of JSON", "broken JSON"],
)
def test_the_campaign_would_notice(spoil, finding):
    """A page that obeyed a text is found."""
    kind, make = outputs(views(0, "words")["facts"], "words", ENGLISH)["page"]
    page, tally = make(), Tally()
    tally.judge("page", kind, page, parts_of(kind, page), "words")
    assert tally.wrong == {}
    tally.judge("page", kind, spoil(page), parts_of(kind, page), "words")

    assert f"page: {finding}" in tally.wrong
