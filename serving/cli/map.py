"""Draw one journey into one file: ``doorcast map SHIPMENT -o FILE``."""

from pathlib import Path
from typing import Annotated

import typer

from data.domain.errors import InvalidFact
from maps.page import standalone
from serving.cli.one_forecast import found_id
from serving.journeys import journey_view
from serving.settings import Settings
from serving.wiring import system_clock

__all__ = ["map_shipment"]


def map_shipment(
    shipment: Annotated[
        str, typer.Argument(help="Id of a shipment, or its tracking number (`doorcast shipments` lists them).", show_default=False)
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.", dir_okay=False, show_default=False)],
) -> None:
    """Write a shipment's journey as one HTML page that works from disk with no network, with map, answer and timeline."""
    from data.storage.store import open_store

    with open_store(Settings().store_url) as store:
        html = standalone(journey_view(store, found_id(store, shipment), now=system_clock()))
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(html, encoding="utf-8")
    except OSError as error:
        raise InvalidFact(f"{output} cannot be written ({error.strerror}); name a file in a folder you may write to.") from error
    typer.echo(f"{output} ({len(html.encode()) / 1000:.0f} KB): open it in a browser; it needs no network.")
