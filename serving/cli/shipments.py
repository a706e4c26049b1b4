"""List what the store knows: ``doorcast shipments``."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.domain.statuses import Status
from data.storage.shipments import ShipmentSummary
from data.storage.store import open_store
from maps.times import moment_words
from serving.errors import shown
from serving.settings import Settings

__all__ = ["shipments"]


def shipments(
    *,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Shipments to list.")] = 20,
    status: Annotated[Status | None, typer.Option(help="Only those at this stage.")] = None,
    carrier: Annotated[str | None, typer.Option(help="Only those of this carrier.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list; instants in UTC.")] = False,
) -> None:
    """List shipments, newest created first."""
    with open_store(Settings().store_url) as store:
        found = store.shipments.list(limit=limit, status=status, carrier=carrier)
    if as_json:
        typer.echo(json.dumps([plain(summary) for summary in found], indent=2, allow_nan=False))
        return
    if not found:
        Console(stderr=True).print("No shipments. Fill the store with `doorcast demo` or `doorcast data import`.", markup=False)
        return
    table = Table("shipment", "status", "carrier", "destination", "expected (half arrive by)", "late risk")
    for summary in found:
        table.add_row(*(Text(cell) for cell in cells(summary)))  # Text, not str: a name may hold rich's markup
    Console().print(table)


def plain(summary: ShipmentSummary) -> dict[str, object]:
    """Give a summary as JSON holds it."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(summary).items()}


def cells(summary: ShipmentSummary) -> tuple[str, ...]:
    """Give a summary as one line of the table; texts from outside are made printable."""
    expected = moment_words(summary.p50, summary.destination_timezone, summary.p50) if summary.p50 else "no forecast"
    late = "" if summary.late_probability is None else f"{summary.late_probability:.0%}"
    return (
        shown(summary.shipment_id),
        summary.status.value.replace("_", " "),
        shown(f"{summary.carrier} {summary.service}"),
        shown(summary.destination_city or "unknown"),
        expected,
        late,
    )
