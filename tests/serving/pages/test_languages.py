"""Each page beside the journey speaks the reader's language whole, hands it on in its links, and wears the operator's brand."""

import re

import pytest
from starlette.testclient import TestClient

from maps.language import LANGUAGES, language_of
from serving.app import create_app
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.makers import after, make_order
from tests.maps.journeys import CHANGED, SCANS
from tests.maps.test_language import PLACES, SAME_IN_BOTH, outer_words
from tests.serving.pages.stored import NoModel, keep
from tests.serving.test_branding import GOOD, written

DEFAULT = '[default]\nname = "Everywhere"\naccent_light = "#7a1f5c"\n'
OWN_NAMES = {language_of(code).name for code in LANGUAGES}


class House:
    """Hold an application with brands, a client that asks as a browser does, a link, and a link without a forecast."""

    def __init__(self, folder, *, brands):
        settings = Settings(state_folder=folder / "state", brands_file=written(folder, brands), lookups_per_network=10_000)
        self.wiring = open_wiring(settings, clock=lambda: after(31), models=NoModel())
        store = self.wiring.store
        keep(store, scans=SCANS[:5], forecasts=CHANGED)
        keep(store, shipment_id="Q1", order=make_order("O-Q1"), scans=SCANS[:2])
        self.token, self.bare = store.tokens.issue("S1"), store.tokens.issue("Q1")
        app = create_app(settings, wiring=self.wiring)
        self.client = TestClient(app, headers={"Accept": "text/html"}, follow_redirects=False)

    def pages(self, code):
        """Give each small page in a language, by its name."""
        ask = f"?lang={code}"
        get = self.client.get
        form = get(f"/track{ask}")
        ticket = re.search(r'name="ticket" value="([^"]+)"', form.text)[1]

        def send(**fields):
            return self.client.post(f"/track{ask}", data={"ticket": ticket, "errand": "open", **fields})

        return {
            "embed": get(f"/embed/{self.token}{ask}"),
            "embed of a wrong link": get(f"/embed/wrong{ask}"),
            "look-up": form,
            "nothing found": send(number="X", fact="Y"),
            "a field is missing": send(number="X"),
            "too old a form": self.client.post(f"/track{ask}", data={"ticket": "old", "errand": "open", "number": "X", "fact": "Y"}),
            "button": get(f"/track/some-link/open{ask}"),
            "used link": self.client.post(f"/track/some-link/open{ask}", data={"ticket": ticket}),
            "wrong link": get(f"/track/wrong{ask}"),
            "no entry": get(f"/track/{self.bare}/arrival.ics{ask}"),
            "trouble": get(f"/track/{self.token}/map.png{ask}&size=no"),
        }


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    built = House(tmp_path_factory.mktemp("languages"), brands=DEFAULT)
    yield built
    built.wiring.close()


@pytest.fixture(scope="module")
def english(house):
    return {name: outer_words(answer.text) for name, answer in house.pages("en").items()}


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_no_english_is_left(house, english, code):
    """No text of a small page is the same as in English; in Arabic no Latin word is left that is not a name."""
    names = SAME_IN_BOTH | OWN_NAMES | {"Everywhere"}
    for page, answer in house.pages(code).items():
        words = outer_words(answer.text)
        shared = {text for text in english[page] & words if re.search(r"[A-Za-z]{3}", PLACES.sub("", text))} - names
        latin = {text for text in words - names if code == "ar" and re.search(r"[A-Za-z]{3}", PLACES.sub("", text))}

        assert (page, shared, {text for text in latin if answer.status_code != 422}) == (page, set(), set())


@pytest.mark.parametrize("code", ["ar", "de"])
def test_every_small_page_says_its_language_and_direction(house, code):
    """In its element, for readers' software; and its links ask for the same language."""
    for page, answer in house.pages(code).items():
        assert f'<html lang="{code}" dir="{language_of(code).direction}"' in answer.text, page
        assert answer.headers["content-language"] == code, page
        links = [link for link in re.findall(r'(?:href|action)="(/track[^"]*)"', answer.text) if "/static/" not in link]
        assert [link for link in links if not link.endswith(f"?lang={code}")] == [], page


def test_the_small_pages_wear_the_operators_brand(house):
    """Name and accent of the default brand, where no journey is open yet whose shop could be known."""
    for page, answer in house.pages("de").items():
        if page != "embed":
            assert "<bdi>Everywhere</bdi>" in answer.text, page
        assert "--accent:#7a1f5c" in answer.text, page


def test_a_language_that_was_asked_for_goes_on_to_the_journey(house):
    """From the form to the page that it opens; without asking, the journey's own shop decides."""
    form = house.client.get("/track?lang=fr").text
    sent = {"number": "O-S1", "fact": "11215", "errand": "open", "ticket": re.search(r'name="ticket" value="([^"]+)"', form)[1]}
    asked, silent = (house.client.post(address, data=sent).headers["location"] for address in ("/track?lang=fr", "/track"))

    assert asked.endswith("?lang=fr")
    assert "?" not in silent


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_journeys_outputs_are_asked_for_in_its_language(house, code):
    """Picture, drawing, entry and preview carry the language of the page that names them, and answer in it."""
    page = house.client.get(f"/track/{house.token}?lang={code}").text
    links = set(re.findall(r'href="(/track/[^"]*\.(?:png|svg|ics)[^"]*)"', page))

    assert links
    assert all(link.endswith(f"?lang={code}") for link in links)
    assert f"/map.png?lang={code}" in re.search(r'property="og:image" content="([^"]*)"', page)[1]
    assert {house.client.get(link).headers["content-language"] for link in links if ".ics" in link} == {code}


def test_each_language_has_a_picture_of_its_own(house):
    """The mark of a picture is of what is drawn, so a cache never gives one language for another; a reader's header chooses too."""
    address = f"/track/{house.token}/map.svg"
    by_address = {code: house.client.get(f"{address}?lang={code}") for code in ("en", "ar", "de")}
    by_header = house.client.get(address, headers={"Accept-Language": "ar"})

    assert len({answer.headers["etag"] for answer in by_address.values()}) == 3
    assert by_header.headers["etag"] == by_address["ar"].headers["etag"]
    assert by_header.headers["vary"] == "Accept-Language"
    assert 'xml:lang="ar"' in by_header.text


@pytest.mark.parametrize("wish", ["xx", "", "../de", "%00", "de%0d%0aX: y", "<script>", "a" * 5000])
def test_a_language_of_nobody_changes_nothing(house, wish):
    """English, and nothing of the wish stands in the page."""
    for address in (f"/embed/{house.token}", "/track", f"/track/{house.token}/arrival.ics", "/track/wrong"):
        answer = house.client.get(f"{address}?lang={wish}")

        assert answer.headers["content-language"] == "en"
        assert not wish or f"lang={wish}" not in answer.text


def test_the_frame_wears_the_shops_brand(tmp_path):
    """Name, accent, language and logo; the logo stands inside, because the frame may load nothing."""
    house = House(tmp_path, brands=GOOD)
    with house.wiring:
        answer = house.client.get(f"/embed/{house.token}")
        entry, drawing = (house.client.get(f"/track/{house.token}/{name}").text for name in ("arrival.ics", "map.svg"))

    assert '<html lang="de" dir="ltr"' in answer.text
    assert re.search(r'<img class="brand-logo" src="data:image/png;base64,[^"]*" alt="Acme Goods">', answer.text)
    assert "--accent:#7a1f5c" in answer.text
    assert "img-src data:" in answer.headers["content-security-policy"]
    assert "Paket von Acme Goods" in entry.replace("\r\n ", "")
    assert "#7a1f5c" in drawing
