"""Ask the router that the settings name for one way: ``doorcast data route``."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from data.domain.errors import InvalidFact

__all__ = ["route"]

PointText = Annotated[str, typer.Argument(metavar="LAT,LON", help="Latitude and longitude in degrees, such as 40.7128,-74.0060.")]


def route(
    start: PointText, end: PointText, *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> None:
    """Give kilometres and undisturbed minutes from one point to another, and say which router answered.

    Put [bold]--[/bold] before points that begin with a minus. Without DOORCAST_ROUTING_URL, or while the server is away, the bundled roads answer.
    """
    import orjson

    from data.sources.http.kept import Kept
    from data.sources.routing.open_router import open_router
    from serving.settings import Settings

    settings = Settings()
    with Kept(settings.outside_memory if settings.routing_url else None) as kept:
        router = open_router(
            kept,
            now=lambda: datetime.now(UTC),
            base_url=settings.routing_url,
            engine=settings.routing_engine,
            profile=settings.routing_profile,
            calls_per_minute=settings.routing_calls_per_minute,
            proxy=settings.outside_proxy,
        )
        way = router.route([point(start), point(end)])
    if as_json:
        sys.stdout.write(orjson.dumps(way, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    lines = [f"{way.distance_km:.1f} km, {way.minutes:.0f} min undisturbed, by {way.answered_by}", *way.instead_of]
    sys.stdout.write("\n".join(lines) + "\n")


def point(text: str) -> tuple[float, float]:
    """Read a point."""
    lat, comma, lon = text.partition(",")
    try:
        return float(lat), float(lon)
    except ValueError as error:
        raise InvalidFact(f"{text[:40]!r} is no point; write latitude,longitude{'' if comma else ' with a comma between'}.") from error
