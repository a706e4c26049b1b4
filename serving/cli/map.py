"""Draw one journey into one file: ``doorcast map SHIPMENT -o FILE``."""

from pathlib import Path
from typing import Annotated

import typer

from data.domain.errors import InvalidFact, NotFound
from maps.brand import Brand
from maps.calendar_entry import calendar_entry
from maps.choose_language import choose_language
from maps.language import LANGUAGES, Language
from maps.output_words import NOTHING_YET, NOTHING_YET_NEXT
from maps.page import standalone
from maps.page_words import page_words
from maps.view import JourneyView
from serving.branding import read_brands
from serving.cli.one_forecast import found_id
from serving.habits import Habits
from serving.journeys import journey_view
from serving.pages.outputs import calendar_key
from serving.settings import Settings
from serving.wiring import system_clock

__all__ = ["map_shipment"]

SAID = {
    ".html": "open it in a browser; it needs no network",
    ".htm": "open it in a browser; it needs no network",
    ".png": "a picture of 1200 by 630 points",
    ".svg": "a drawing of 1200 by 630 points",
    ".ics": "a calendar entry",
}
"""What each ending of a file's name makes, in words."""


def map_shipment(
    shipment: Annotated[
        str, typer.Argument(help="Id of a shipment, or its tracking number (`doorcast shipments` lists them).", show_default=False)
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="The file to write; its ending says what: .html, .png, .svg or .ics.", dir_okay=False, show_default=False
        ),
    ],
    theme: Annotated[str, typer.Option("--theme", help="Colours of a picture: light or dark (the page has both).")] = "light",
    language: Annotated[
        str | None, typer.Option("--language", help="en, es, de, fr, pt or ar; by default the shop's.", show_default=False)
    ] = None,
) -> None:
    """Write a shipment's journey as one file: a page that works from disk with no network, a picture, or a calendar entry.

    The file is for whoever may know the whole shipment; a customer's own link leaves out what its scope leaves out.
    """
    from data.storage.store import open_store

    if language is not None and language not in LANGUAGES:
        raise InvalidFact(f"language {language!r} is not one of {', '.join(LANGUAGES)}.")
    kind = output.suffix.lower()
    if kind not in SAID:
        raise InvalidFact(f"{output.name!r} ends in no kind of file that can be written; end it in {', '.join(SAID)}.")
    settings = Settings()
    with open_store(settings.store_url) as store:
        now, shipment_id, habits = system_clock(), found_id(store, shipment), Habits()
        habits.learn_if_due(store, now=now)
        view = journey_view(store, shipment_id, now=now, habits=habits.known)
    brand = read_brands(settings.brands_file).carried(view.merchant)
    spoken = choose_language(asked=language, configured=brand.language, header=None)
    written = drawn(view, kind, theme=theme, settings=settings, language=spoken, brand=brand)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(written)
    except OSError as error:
        raise InvalidFact(f"{output} cannot be written ({error.strerror}); name a file in a folder you may write to.") from error
    typer.echo(f"{output} ({len(written) / 1000:.0f} KB): {SAID[kind]}.")


def drawn(view: JourneyView, kind: str, *, theme: str, settings: Settings, language: Language, brand: Brand) -> bytes:
    """Give the bytes of a file; raises `NotFound` for a calendar entry before there is a forecast, `InvalidFact` for a picture's unknown theme."""
    words = page_words(view, language=language, brand=brand)
    if kind == ".ics":
        entry = calendar_entry(view, words, key=calendar_key(settings.state_folder))
        if entry is None:
            raise NotFound(f"{NOTHING_YET} {NOTHING_YET_NEXT}")
        return entry
    if kind not in {".png", ".svg"}:
        templates = (settings.templates_folder,) if settings.templates_folder else ()
        return standalone(view, language=language, brand=brand, templates=templates).encode()
    # matplotlib takes a second to import; a page and an entry need not wait for it.
    from maps.still_picture import png, svg

    return (png if kind == ".png" else svg)(view, words, theme=theme, brand=brand)
