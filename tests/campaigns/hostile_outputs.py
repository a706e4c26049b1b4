"""Make every output of a journey, as the server and ``doorcast map`` make them, by name and kind."""

import json
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

from maps.brand import NO_BRAND, Brand, Support
from maps.calendar_entry import calendar_entry
from maps.geojson import journey_geojson
from maps.language import Language
from maps.page import journey_context, standalone
from maps.page_words import page_words
from maps.still_picture import png, svg
from maps.view import JourneyView
from serving.mailing.letters import opening_letter
from serving.pages.find_words import wording
from serving.pages.head_facts import head_facts
from serving.pages.lasting import lasting
from serving.pages.reader import speaking
from serving.pages.rendering import pages_environment
from serving.pages.track import MAP_ASSETS, RENEW_SECONDS

__all__ = ["outputs"]

ADDRESS = "http://127.0.0.1:8000/track/token"


def outputs(view: JourneyView, text: str, language: Language) -> dict[str, tuple[str, Callable[[], bytes]]]:
    """Give for each output its kind and what makes it: page, file, pictures, calendar entry, GeoJSON, a brand's page, look-up form and letter."""
    brand = Brand(
        name=text, support=Support("https://shop.example/help", text, text), greetings={language.code: text}, footers={language.code: text}
    )

    def page(brand: Brand = NO_BRAND) -> bytes:
        context = journey_context(view, language=language, brand=brand)
        live = {"map_assets": dict.fromkeys(MAP_ASSETS, "/static/x"), "renew_seconds": RENEW_SECONDS, "seen": 1, "asks_every": "2 min"}
        told = head_facts(view, context.page, ADDRESS)
        template = pages_environment(None).get_template("track.html.jinja")
        return template.render({**context.as_dict(), **told, **live, "back": None}, nonce="n").encode("utf-8", "replace")

    def form() -> bytes:
        template = pages_environment(None).get_template("find.html.jinja")
        said = {"words": wording(language), "lasting": partial(lasting, language=language), "look_up": "/track", "action": "/track"}
        asked = {"ticket": "t", "number": text, "mails": True, "note": text, "open_seconds": 7200}
        context = {**speaking(language, brand), **said, **asked}
        return template.render(context, nonce="n").encode("utf-8", "replace")

    def letter() -> bytes:
        contact = SimpleNamespace(email="ada@example.com", language=language.code)
        made = opening_letter(contact, order_id=view.order_id, url="https://parcels.example/track/x/open", minutes=30)  # type: ignore[arg-type]
        return made.get_body(("html",)).get_content().encode("utf-8", "replace")

    return {
        "page": ("html", page),
        "brand": ("html", lambda: page(brand)),
        "file": ("html", lambda: standalone(view, language=language).encode()),
        "form": ("html", form),
        "letter": ("html", letter),
        "svg": ("svg", lambda: svg(view, page_words(view, language=language))),
        "png": ("png", lambda: png(view, page_words(view, language=language))),
        "calendar": (
            "ics",
            lambda: calendar_entry(view, page_words(view, language=language), key=b"k") or b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        ),
        "geojson": ("json", lambda: json.dumps(journey_geojson(view), allow_nan=False).encode()),
    }
