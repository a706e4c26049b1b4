"""A shop's pages carry its name, its colours, its texts and its help, and load nothing from elsewhere."""

import re

import pytest
from starlette.testclient import TestClient

from tests.makers import after
from tests.maps.journeys import CHANGED, SCANS
from tests.serving.pages.stored import application, keep
from tests.serving.test_branding import GOOD, PNG, written

OWN = "{% extends 'base.html.jinja' %}{% block body %}<main><h1>Ours: {{ page.answer }}</h1></main>{% endblock %}"


@pytest.fixture
def shop(tmp_path):
    brands = written(tmp_path, GOOD)
    app = application(tmp_path / "state", after(31), brands_file=brands)
    keep(app.state.wiring.store, scans=SCANS[:5], forecasts=CHANGED)
    with TestClient(app, headers={"Accept": "text/html"}) as client:
        yield client, f"/track/{app.state.wiring.store.tokens.issue('S1')}"


def test_the_page_shows_the_brand(shop):
    """Name, greeting, colours, help and the shop's language; its logo comes from our own address."""
    client, address = shop
    html = client.get(address).text
    logo = re.search(r'<img class="brand-logo" src="(/brand/[0-9a-f]{16})" alt="Acme Goods">', html).group(1)
    picture = client.get(logo)

    assert '<html lang="de" dir="ltr"' in html
    assert "Danke!" in html
    assert "--accent:#7a1f5c" in html
    assert 'href="https://acme.example/help" rel="noreferrer noopener"' in html
    assert 'href="mailto:help@acme.example"' in html
    assert 'href="tel:+15550100"' in html
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in picture.headers["content-security-policy"]


def test_the_reader_may_choose_another_language(shop):
    """The address goes before the shop's setting, and the answer says which language it speaks."""
    client, address = shop
    answer = client.get(f"{address}?lang=ar")

    assert '<html lang="ar" dir="rtl"' in answer.text
    assert answer.headers["content-language"] == "ar"
    assert '<a href="?lang=fr" lang="fr" hreflang="fr" dir="ltr">Français</a>' in answer.text


@pytest.mark.parametrize("mark", ["none", "..%2fbrands.toml", "a" * 500, "%00"])
def test_only_logos_are_answered(shop, mark):
    """No other file can be had by this address."""
    client, _ = shop

    assert client.get(f"/brand/{mark}").status_code == 404


def test_an_operators_template_goes_before_ours(tmp_path):
    """A template of the same name in the operator's folder is drawn instead, with the same words."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "track.html.jinja").write_text(OWN, encoding="utf-8")
    app = application(tmp_path / "state", after(31), templates_folder=folder)
    keep(app.state.wiring.store, scans=SCANS[:5], forecasts=CHANGED)
    with TestClient(app, headers={"Accept": "text/html"}) as client:
        html = client.get(f"/track/{app.state.wiring.store.tokens.issue('S1')}").text

    assert "<h1>Ours: Arriving Wednesday" in html
    assert "What happened" not in html


@pytest.mark.parametrize(("header", "said"), [("de", "Dieser Link öffnet keine Reise"), ("ar,en;q=0.5", "هذا الرابط لا يفتح رحلة")])
def test_a_wrong_link_speaks_the_browsers_language(shop, header, said):
    """Without a shop the browser's own wish counts."""
    client, _ = shop
    answer = client.get("/track/wrong", headers={"Accept-Language": header})

    assert answer.status_code == 404
    assert said in answer.text
