"""Fetch weather for the store's facilities: ``doorcast data weather``."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from data.domain.errors import InvalidFact

if TYPE_CHECKING:
    from data.sources.weather.port import Fetched, Site, WeatherSource
    from data.storage.store import Store

__all__ = ["SITES_MISSING", "fetch_weather"]

SITES_MISSING: Final = 3
"""Exit code when some facilities have no weather: their forecasts run on climatology."""

ATTRIBUTION: Final = "Weather data by Open-Meteo.com (CC BY 4.0)"


def fetch_weather(
    *,
    days: Annotated[int, typer.Option("--days", min=1, max=16, help="How many days ahead.")] = 7,
    runs_from: Annotated[
        str | None, typer.Option("--runs-from", help="Fetch past forecasts as they were issued, from this UTC day on.")
    ] = None,
    runs_until: Annotated[str | None, typer.Option("--runs-until", help="With --runs-from: the last day.")] = None,
    runs_every: Annotated[
        int, typer.Option("--runs-every", min=6, max=24, help="With --runs-from: hours from run to run (6, 12 or 24).")
    ] = 12,
    archive_from: Annotated[str | None, typer.Option("--archive-from", help="Fetch what the weather was, from this UTC day on.")] = None,
    archive_until: Annotated[str | None, typer.Option("--archive-until", help="With --archive-from: the last day.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")] = False,
) -> None:
    """Fetch weather from Open-Meteo for every facility of the store that has a point, and store it.

    Without options the newest forecast, as its run issued it: call this every six hours. Forecasts of the past ([bold]--runs-from[/bold]) are what a
    model learns from; the archive ([bold]--archive-from[/bold]) teaches climatology and is never read as a forecast. Calls are counted as
    Open-Meteo counts them and stay within the budget of the settings; what was fetched is not fetched again. Exit codes: 0 all facilities
    have an answer, 3 some have none, 1 nothing could be done.
    """
    from data.sources.http.kept import Kept
    from data.sources.weather.open_service import CallsAllowed, open_weather
    from data.storage.store import open_store
    from serving.settings import Settings

    settings = Settings()
    settings.state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open_store(settings.store_url) as store, Kept(settings.outside_memory) as kept:
        sites = sites_of(store)
        key = settings.weather_api_key
        source = open_weather(
            kept,
            now=now,
            key=None if key is None else key.get_secret_value(),
            model=settings.weather_model,
            base_url=settings.weather_url,
            allowed=CallsAllowed(settings.weather_calls_per_minute, settings.weather_calls_per_hour, settings.weather_calls_per_day),
            proxy=settings.outside_proxy,
        )
        added = {"new": 0, "unchanged": 0, "conflicting": 0, "refused": 0}
        missing: dict[str, None] = {}
        why: dict[str, None] = {}
        answers = asked(source, sites, days=days, runs=(runs_from, runs_until, runs_every), archive=(archive_from, archive_until))
        for table, fetched in answers:
            for name, count in keep(store, table, fetched, source.name).items():
                added[name] += count
            missing |= dict.fromkeys(fetched.missing)
            why |= dict.fromkeys(fetched.why)
    tell({"facilities": len(sites), "missing": list(missing), "why": list(why), "rows": added, "attribution": ATTRIBUTION}, as_json=as_json)
    raise typer.Exit(SITES_MISSING if missing else 0)


def now() -> datetime:
    """Give the present instant by the clock of the machine."""
    return datetime.now(UTC)


def sites_of(store: "Store") -> "list[Site]":
    """Give the facilities with a point, by id."""
    from data.sources.weather.port import Site

    placed = sorted(store.shipments.facilities().items())
    sites = [Site(name, f.place.lat, f.place.lon) for name, f in placed if f.place.lat is not None and f.place.lon is not None]
    if not sites:
        raise InvalidFact("no facility of the store has a point (lat, lon); import facilities with `doorcast data import` first.")
    return sites


def asked(
    source: "WeatherSource",
    sites: "list[Site]",
    *,
    days: int,
    runs: tuple[str | None, str | None, int],
    archive: tuple[str | None, str | None],
) -> "Iterator[tuple[str, Fetched]]":
    """Ask for what the options say, run by run; each answer with the table that it belongs to."""
    runs_from, runs_until, every = runs
    if runs_from is not None:
        if every not in {6, 12, 24}:
            raise InvalidFact(f"--runs-every {every} does not divide a day into runs; use 6, 12 or 24.")
        first, last = day(runs_from, "--runs-from"), day(runs_until or runs_from, "--runs-until")
        run = datetime(first.year, first.month, first.day, tzinfo=UTC)
        while run.date() <= last:
            yield "weather_forecasts", source.run(sites, run, days=days)
            run += timedelta(hours=every)
    if archive[0] is not None:
        yield (
            "weather_observations",
            source.archive(sites, day(archive[0], "--archive-from"), day(archive[1] or archive[0], "--archive-until")),
        )
    if runs_from is None and archive[0] is None:
        yield "weather_forecasts", source.newest(sites, days=days)


def keep(store: "Store", table: str, fetched: "Fetched", source: str) -> dict[str, int]:
    """Store the rows, and give what became of them."""
    from data.facts.facts import Facts

    if fetched.rows.is_empty():
        return {}
    total = store.facts.add(Facts.of({table: fetched.rows}), source=source).total
    return {"new": total.new, "unchanged": total.unchanged, "conflicting": total.conflicting, "refused": total.refused}


def day(text: str, option: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidFact(f"{option} {text[:40]!r} is not a day; write it like 2026-09-01.") from error


def tell(summary: dict[str, object], *, as_json: bool) -> None:
    """Print the summary."""
    import orjson

    if as_json:
        sys.stdout.write(orjson.dumps(summary, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    console = Console(soft_wrap=True, highlight=False)
    missing, why = summary["missing"], summary["why"]
    console.print(f"{summary['facilities']} facilities, rows: {summary['rows']}", markup=False)
    if isinstance(missing, list) and missing:
        console.print(
            f"{len(missing)} facilities have no weather; their forecasts run on climatology: {', '.join(missing[:10])}", markup=False
        )
    for reason in why if isinstance(why, list) else []:
        console.print(f"because: {reason}", markup=False)
    console.print(str(summary["attribution"]), markup=False)
