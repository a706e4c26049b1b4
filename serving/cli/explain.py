"""Explain one forecast from the command line: ``doorcast explain``."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from maps.reason_words import Audience, evidence_words
from maps.times import moment_words
from serving.arrivals import plain
from serving.cli.one_forecast import commanded, forecast_asked
from serving.errors import shown
from serving.explaining import explained
from serving.schemas.explanations import ExplanationOut, PartOut

__all__ = ["explain"]

BAR_CELLS = 20


def explain(
    shipment: Annotated[str, typer.Argument(help="Id of a shipment, or its tracking number where only one shipment has it.")],
    *,
    audience: Annotated[Audience, typer.Option("--for", help="Whose words: operations also get the evidence.")] = Audience.OPERATIONS,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Look from this moment, such as 2026-06-01T12:00:00Z: only what was known then counts. By default now."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; instants in UTC.")] = False,
) -> None:
    """Say in hours why a forecast differs from the usual for its lane, and why it changed since the last stored one. Nothing is stored."""
    with commanded() as wiring:
        forecast = forecast_asked(wiring, shipment, at, as_json=as_json)
        if forecast is None:
            return
        told = explained(wiring.store, forecast, audience)
    if as_json:
        typer.echo(told.model_dump_json(indent=2))
    else:
        tell(told, forecast.timezone)


def tell(told: ExplanationOut, timezone: str) -> None:
    """Draw the parts as bars around the usual, and those of the change below."""
    console = Console(highlight=False)

    def at(instant: datetime | None) -> str:
        return "" if instant is None or told.as_of is None else plain(moment_words(instant, timezone, told.as_of))

    console.print(f"{shown(told.shipment_id)}: {told.text}", markup=False, style="bold")
    console.print(f"usual {at(told.usual_at)}, forecast {at(told.forecast_at)} (half arrive by), model {told.model_version}", markup=False)
    console.print(parts_table("why not as usual", told.parts, told.hours or 0.0))
    if told.change is not None:
        news = told.change.news
        facts = [
            f"{news.scans} scans",
            f"{news.promises} promises",
            f"{news.weather} weather rows",
            f"{news.silent_hours:.1f} h without news",
        ]
        facts += ["another model"] if news.other_model else []
        console.print(f"since {at(told.change.since)}: {told.change.text}; new: {', '.join(facts)}", markup=False)
        console.print(parts_table("why it changed", told.change.parts, told.change.hours))


def parts_table(title: str, parts: list[PartOut], hours: float) -> Table:
    """Give parts as lines with bars: left of the middle earlier, right of it later. Text, not str: ids may hold rich's markup."""
    table = Table(title=title, title_justify="left")
    for column in ("hours", "earlier | later", "reason", "evidence"):
        table.add_column(column, justify="right" if column == "hours" else "left", no_wrap=column in {"hours", "earlier | later"})
    largest = max((abs(part.hours) for part in parts), default=1.0)
    for part in parts:
        cells = round(BAR_CELLS / 2 * abs(part.hours) / largest)
        bar = " " * (BAR_CELLS // 2) + "|" + "█" * cells if part.hours > 0 else ("█" * cells).rjust(BAR_CELLS // 2) + "|"
        evidence = ", ".join(evidence_words(part.evidence))
        table.add_row(Text(f"{part.hours:+.2f}"), Text(bar), Text(shown(part.text, 200)), Text(shown(evidence, 400)))
    table.add_row(Text(f"{hours:+.2f}"), Text(""), Text("altogether"), Text(""), style="bold")
    return table
