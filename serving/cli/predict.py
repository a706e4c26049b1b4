"""Forecast one shipment from the command line: ``doorcast predict``."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from data.domain.forecasts import Forecast
from maps.times import duration_words
from serving.arrivals import plain, window_of
from serving.cli.one_forecast import commanded, forecast_asked
from serving.errors import shown

__all__ = ["predict"]


def predict(
    shipment: Annotated[str, typer.Argument(help="Id of a shipment, or its tracking number where only one shipment has it.")],
    *,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Look from this moment, such as 2026-06-01T12:00:00Z: only what was known then counts. By default now."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; instants in UTC.")] = False,
) -> None:
    """Forecast one shipment with the serving model, now or as of any moment in the past. Nothing is stored."""
    with commanded() as wiring:
        forecast = forecast_asked(wiring, shipment, at, as_json=as_json)
    if forecast is not None:
        tell(forecast, as_json=as_json)


def tell(forecast: Forecast, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(jsonable(forecast), indent=2, allow_nan=False))
        return
    window = window_of(forecast.window, forecast.timezone, forecast.as_of)
    late = "no promise is known" if forecast.late_probability is None else f"{forecast.late_probability:.0%} to miss the promise"
    reasons = ", ".join(
        f"{reason.code} {'+' if reason.hours > 0 else '-'}{plain(duration_words(reason.hours))}" for reason in forecast.reasons[:5]
    )
    lines = (
        f"arrives {window.text} ({forecast.window.level:.0%})",
        late,
        f"because of {reasons}" if reasons else "as usual",
        f"model {forecast.model_version}",
    )
    Console(highlight=False).print(f"{shown(forecast.shipment_id)}: " + "\n  ".join(lines), markup=False)


def jsonable(forecast: Forecast) -> dict[str, Any]:
    """Give a forecast as JSON holds it, with the usual quantiles by name."""

    def plain_value(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, dict):
            return {name: plain_value(item) for name, item in value.items()}
        return [plain_value(item) for item in value] if isinstance(value, list | tuple) else value

    named = {name: forecast.quantile(level).isoformat() for name, level in {"p10": 0.1, "p50": 0.5, "p90": 0.9}.items()}
    whole: dict[str, Any] = plain_value(asdict(forecast))
    return {**whole, **named, "quantiles": [{"level": level, "at": at} for level, at in whole["quantiles"]]}
