"""The journey inside a shop's page: only named shops, only the compact page, and a script that any page may load."""

import re

import pytest

from data.domain.errors import InvalidFact
from serving.settings import Settings

SHOP = "https://shop.example"


def ancestors(answer):
    return re.search(r"frame-ancestors ([^;]*)", answer.headers["content-security-policy"]).group(1)


@pytest.fixture
def shop(world):
    """Let one shop embed, for one test."""
    wiring = world.client.app.state.wiring
    before = wiring.settings
    object.__setattr__(wiring, "settings", before.model_copy(update={"embed_origins": (SHOP,)}))
    yield SHOP
    object.__setattr__(wiring, "settings", before)


def test_nobody_may_frame_by_default(world):
    """Without the setting even the compact page stands in no frame."""
    assert ancestors(world.client.get(f"/embed/{world.token}")) == "'none'"


def test_only_the_compact_page_may_be_framed(world, shop):
    """The named shop may frame /embed/…, and nothing else of ours."""
    assert ancestors(world.client.get(f"/embed/{world.token}")) == shop
    for path in (f"/track/{world.token}", "/ops", "/track/wrong", f"/track/{world.token}/map.svg", "/widget.js", "/v1/shipments"):
        assert ancestors(world.client.get(path)) == "'none'", path


def test_the_frame_holds_the_answer(world, shop):
    """Sentence, window, steps and the way to the whole page; nothing is loaded, stored or sent."""
    answer = world.client.get(f"/embed/{world.token}")
    page = answer.text

    assert "Arriving" in page
    assert page.count('class="step step-') == 6
    assert f'href="/track/{world.token}?lang=en" target="_blank" rel="noopener noreferrer"' in page
    assert "set-cookie" not in answer.headers
    assert not re.findall(r'(?:src|href)="(?!#|/track/)', page)
    assert "connect-src" not in answer.headers["content-security-policy"]
    assert len(answer.content) < 30_000


def test_a_wrong_link_is_told_in_the_frame(world, shop):
    """404, in a frame that the shop may show: its customer reads a sentence and not the browser's error."""
    answer = world.client.get("/embed/wrong")

    assert answer.status_code == 404
    assert "does not open a journey" in answer.text
    assert ancestors(answer) == shop


def test_any_page_may_load_the_script(world):
    """Public, kept for an hour, readable from other origins; the same content is not sent twice."""
    answer = world.client.get("/widget.js")
    again = world.client.get("/widget.js", headers={"If-None-Match": answer.headers["etag"]})

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert again.status_code == 304
    assert not re.search(r"cookie|localStorage|sessionStorage|indexedDB|innerHTML|eval|fetch", re.sub(r"//.*", "", answer.text))


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.shop.example",
        "http://shop.example",
        "https://shop.example/",
        "https://a b",
        "https://x; script-src *",
        "'self'",
        "https://Shop.example",
        "https://x\r\nA: b",
        "",
    ],
)
def test_what_is_no_origin_is_refused(origin):
    """The setting is named; nothing that could widen the policy gets into it."""
    with pytest.raises(InvalidFact, match="EMBED_ORIGINS"):
        Settings(embed_origins=(origin,))


def test_origins_are_read_from_the_environment(monkeypatch):
    """As JSON, like every setting of many parts."""
    monkeypatch.setenv("DOORCAST_EMBED_ORIGINS", '["https://shop.example", "http://localhost:3000"]')

    assert Settings().embed_origins == ("https://shop.example", "http://localhost:3000")
